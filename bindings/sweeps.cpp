#include <pybind11/stl.h>

#include <memory>

#include "many_runs.hpp"
#include "planning/sweep_runs.hpp"
#include "requests.hpp"
#include "subjects.hpp"

namespace lbsim::python {
namespace {

using scenario::Document;

// A sweep on disk: what is to be run, and what has been.
class Sweep {
 public:
  Sweep(const Document& document, const py::dict& given, std::vector<std::string> vary,
        int replications, const std::string& out, bool resume) {
    request_.prepare = [document](const planning::RunRequest& run) {
      return planning::prepare(document, run);
    };
    request_.child = [document](const planning::RunRequest& run, std::uint64_t seed) {
      return planning::child_run(document, run, seed);
    };
    request_.run = request_of(given);
    request_.vary = std::move(vary);
    request_.replications = replications;
    request_.version = LBSIM_VERSION;
    grid_ = planning::grid_of(request_);
    journal_ = std::make_unique<planning::SweepJournal>(out, grid_, resume);
  }

  std::vector<std::size_t> to_do() const { return planning::runs_to_do(grid_, *journal_); }
  const planning::SweepRun& run(std::size_t index) const { return grid_.runs.at(index); }
  std::size_t size() const { return grid_.runs.size(); }
  void add(std::size_t index, const std::string& json) { journal_->add(index, json); }
  std::string csv() const { return journal_->csv(); }

  void run_here(std::size_t jobs, const py::object& tell) {
    Telling telling(tell);
    request_.jobs = jobs;
    request_.stops = telling.stops();
    request_.progress = telling.progress();
    planning::sweep_in_children(request_, grid_, to_do(), *journal_);
  }
  void close() { journal_.reset(); }

 private:
  planning::SweepRequest request_;
  planning::SweepGrid grid_;
  std::unique_ptr<planning::SweepJournal> journal_;
};

}  // namespace

void add_sweeps(py::module_& module) {
  py::class_<Sweep>(module, "Sweep")
      .def(py::init<const Document&, const py::dict&, std::vector<std::string>, int,
                    const std::string&, bool>())
      .def("to_do", &Sweep::to_do)
      .def("settings", [](const Sweep& s, std::size_t index) { return s.run(index).settings; })
      .def("seed", [](const Sweep& s, std::size_t index) { return s.run(index).seed; })
      .def("add", &Sweep::add)
      .def("csv", &Sweep::csv)
      .def("run_here", &Sweep::run_here)
      .def("close", &Sweep::close)
      .def("__len__", &Sweep::size);
}

}  // namespace lbsim::python
