#include <pybind11/stl.h>

#include <atomic>

#include "errors.hpp"
#include "fairness/gate.hpp"
#include "simulating.hpp"
#include "subjects.hpp"

namespace lbsim::python {
namespace {

// `progress`(what, done) is called when a subject begins; returning False ends it all.
class Watching {
 public:
  explicit Watching(const py::object& progress) : progress_(progress) {
    watch.begins = [this](const fairness::Subject& subject, const fairness::Scenario& scenario) {
      tell(subject.name + ' ' + scenario.pool);
    };
    watch.done = [this](const fairness::Subject&) { ++done_; };
    watch.stops = [this] { return stopped_.load(); };
  }
  fairness::Watch watch;

 private:
  void tell(const std::string& what) {
    const py::gil_scoped_acquire gil;
    try {
      if (!progress_(what, done_.load()).cast<bool>()) stopped_ = true;
    } catch (const py::error_already_set& error) {
      throw Raised(error);
    }
  }

  const py::object& progress_;
  std::atomic<std::size_t> done_{0};
  std::atomic<bool> stopped_{false};
};

fairness::Gate gate_of(const py::dict& given) {
  fairness::Gate gate;
  gate.algorithms = given["algorithms"].cast<std::vector<std::string>>();
  gate.baseline = given["baseline"].cast<std::string>();
  gate.alpha = given["alpha"].cast<double>();
  gate.seed =
      given["seed"].is_none() ? fairness::fresh_seed() : given["seed"].cast<std::uint64_t>();
  return gate;
}

std::size_t count(const std::vector<std::string>& names) {
  return fairness::chosen_subjects(fairness::catalog_subjects(), names).size();
}

[[noreturn]] void stop() {
  PyErr_SetNone(PyExc_KeyboardInterrupt);
  throw py::error_already_set();
}

// JSON, text for people, whether all passed, and whether anything was compared.
py::tuple pass(const py::dict& given, const py::object& progress) {
  const fairness::Gate gate = gate_of(given);
  fairness::Passage passage;
  try {
    const Watching watching(progress);
    const Simulating simulating;
    passage = fairness::pass_gate(gate, watching.watch);
  } catch (const fairness::Stopped&) {
    stop();
  }
  return py::make_tuple(fairness::results_json(passage.verdict.results, gate.seed, gate.alpha),
                        passage.table() + passage.findings(gate.alpha), passage.verdict.failed == 0,
                        passage.compared);
}

std::string renew(const py::dict& given, const py::object& progress) {
  const fairness::Gate gate = gate_of(given);
  try {
    const Watching watching(progress);
    const Simulating simulating;
    return fairness::renew_baseline(gate, watching.watch);
  } catch (const fairness::Stopped&) {
    stop();
  }
}

}  // namespace

void add_fairness(py::module_& module) {
  module.def("fairness_count", &count);
  module.def("fairness_pass", &pass);
  module.def("fairness_renew", &renew);
}

}  // namespace lbsim::python
