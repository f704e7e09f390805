// The module lbsim._core, a source for each subject. Translation units of pybind11 are slow to
// compile: each registers a few classes, and none includes more of the simulator than it shows.
#pragma once

#include <pybind11/pybind11.h>

namespace lbsim::python {

namespace py = pybind11;

void add_errors(py::module_& module);
void add_latency(py::module_& module);
void add_results(py::module_& module);
void add_documents(py::module_& module);
void add_runs(py::module_& module);
void add_compares(py::module_& module);
void add_sweeps(py::module_& module);
void add_plans(py::module_& module);
void add_checks(py::module_& module);
void add_fairness(py::module_& module);
void add_conform(py::module_& module);
void add_algorithms(py::module_& module);

}  // namespace lbsim::python
