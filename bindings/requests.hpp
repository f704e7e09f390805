// What Python asks of a run, as the simulator takes it.
#pragma once

#include <pybind11/pybind11.h>

#include <string>

#include "planning/prepared_run.hpp"

namespace lbsim::python {

// From keyword arguments: pv, window, duration, log, settings, seed, kernel, arrivals; absent or
// None: as the scenario says.
planning::RunRequest request_of(const pybind11::dict& given);

// A keyword argument that is a text; empty if it is absent or None.
std::string text_of(const pybind11::dict& given, const char* name);

}  // namespace lbsim::python
