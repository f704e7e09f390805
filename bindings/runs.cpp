#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <memory>
#include <optional>

#include "core/files.hpp"
#include "errors.hpp"
#include "planning/run_questions.hpp"
#include "report/report.hpp"
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

// Files that a run writes beside its result; empty: not wanted.
struct Files {
  explicit Files(const py::dict& given)
      : report(text_of(given, "report")),
        trace(text_of(given, "trace")),
        call(text_of(given, "call")) {
    require_writable(report, "--report");
    require_writable(trace, "--trace");
  }
  void ask(planning::PreparedRun& prepared) const {
    prepared.plan.keep_timeline = !report.empty();
    prepared.plan.keep_trace = !trace.empty();
  }
  void write(const RunResult& result) const {
    if (!trace.empty()) write_file(trace, to_trace_json(*result.recorder.trace()), "--trace");
    if (report.empty()) return;
    const std::vector<std::string> runs = {report::run_json(result)};
    write_file(report, report::to_html({runs, "[]", LBSIM_VERSION, call}), "--report");
  }
  std::string report;
  std::string trace;
  std::string call;
};

// Whether it holds, from and to in s of the run, and in words; None without an SLO or a whole run.
py::object judged(const planning::RunQuestions& questions, const RunResult& result) {
  if (!questions.slo() || result.partial) return py::none();
  const planning::SloVerdict found = questions.verdict(result);
  return py::make_tuple(found.holds, found.from_s, found.to_s,
                        planning::verdict_text(*questions.slo(), found, result));
}

// The result, and what judged() gives.
py::tuple run(const scenario::Document& document, const py::dict& given,
              const py::object& progress) {
  const Files files(given);
  planning::QuestionTexts texts;
  texts.slo = text_of(given, "slo");
  if (!text_of(given, "slo_window").empty()) texts.slo_window = text_of(given, "slo_window");
  texts.precision = text_of(given, "precision");
  const planning::RunQuestions questions(texts);
  planning::PreparedRun prepared = planning::prepare(document, request_of(given));
  files.ask(prepared);
  questions.prepare(prepared);
  const auto tell = telling(progress);
  const auto result = std::make_shared<RunResult>();
  {
    const Simulating simulating;
    *result = questions.run(prepared, [&](const planning::PreparedRun& asked) {
      return planning::run_here(asked, tell);
    });
    files.write(*result);
  }
  return py::make_tuple(result, judged(questions, *result));
}

}  // namespace

std::string text_of(const py::dict& given, const char* name) {
  if (!given.contains(name) || given[name].is_none()) return "";
  return given[name].cast<std::string>();
}

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
