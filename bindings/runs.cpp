#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <memory>
#include <optional>

#include "errors.hpp"
#include "requests.hpp"
#include "simulating.hpp"
#include "subjects.hpp"

namespace lbsim::python {
namespace {

using planning::RunRequest;
using Times = py::array_t<double, py::array::c_style | py::array::forcecast>;

ArrivalTimes times_of(const py::handle& object) {
  const Times times = object.cast<Times>();
  if (times.ndim() != 1) throw py::value_error("arrivals is one-dimensional: seconds, in order");
  return std::make_shared<const std::vector<double>>(times.data(), times.data() + times.size());
}

// False ends the run; what the callback raises ends it, too.
std::function<bool(const Progress&)> telling(const py::object& callback) {
  if (callback.is_none()) return {};
  return [&callback](const Progress& p) {
    const py::gil_scoped_acquire gil;
    try {
      return callback(p.simulated_s, p.window_s, p.requests_ended, p.requests_in_flight)
          .cast<bool>();
    } catch (const py::error_already_set& error) {
      throw Raised(error);
    }
  };
}

std::shared_ptr<RunResult> run(const scenario::Document& document, const py::dict& given,
                               const py::object& progress) {
  planning::PreparedRun prepared = planning::prepare(document, request_of(given));
  const auto tell = telling(progress);
  const Simulating simulating;
  return std::make_shared<RunResult>(planning::run_here(prepared, tell));
}

}  // namespace

RunRequest request_of(const py::dict& given) {
  RunRequest request;
  for (const auto& [key, value] : given) {
    const auto name = key.cast<std::string>();
    if (value.is_none()) continue;
    if (name == "pv") request.page_views = value.cast<std::string>();
    if (name == "window") request.window = value.cast<std::string>();
    if (name == "duration") request.duration = value.cast<std::string>();
    if (name == "log") request.log = value.cast<std::string>();
    if (name == "settings") request.settings = value.cast<std::vector<std::string>>();
    if (name == "kernel") request.kernel = value.cast<std::string>();
    if (name == "windows") request.windows = value.cast<std::string>();
    if (name == "arrivals") request.arrivals = times_of(value);
    if (name == "seed") {
      request.seed = value.cast<std::uint64_t>();
      request.has_seed = true;
    }
  }
  return request;
}

void add_runs(py::module_& module) { module.def("run", &run); }

}  // namespace lbsim::python
