// What Python asks of a run, as the simulator takes it.
#pragma once

#include <pybind11/pybind11.h>

#include "planning/prepared_run.hpp"

namespace lbsim::python {

// From keyword arguments: pv, window, duration, log, settings, seed, kernel, arrivals; absent or
// None: as the scenario says.
planning::RunRequest request_of(const pybind11::dict& given);

}  // namespace lbsim::python
