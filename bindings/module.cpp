#include "subjects.hpp"

PYBIND11_MODULE(_core, module) {
  using namespace lbsim::python;
  module.doc() = "The simulator. The package lbsim shows it; nothing here is for users.";
  module.attr("version") = LBSIM_VERSION;
  add_errors(module);
  add_latency(module);
  add_results(module);
  add_documents(module);
  add_runs(module);
  add_compares(module);
  add_sweeps(module);
  add_plans(module);
  add_checks(module);
  add_fairness(module);
  add_conform(module);
  add_algorithms(module);
}
