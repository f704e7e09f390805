// The kernels that every device is instantiated for.
#pragma once

#include "kernel/native.hpp"
#ifdef LBSIM_SIMGRID
#include "kernel/simgrid.hpp"
#define LBSIM_FOR_EACH_KERNEL(Device)        \
  template class Device<kernel::NativeKernel>; \
  template class Device<kernel::SimgridKernel>;
#else
#define LBSIM_FOR_EACH_KERNEL(Device) template class Device<kernel::NativeKernel>;
#endif
