#include <pybind11/stl.h>

#include "many_runs.hpp"
#include "planning/ladder.hpp"
#include "requests.hpp"
#include "subjects.hpp"

namespace lbsim::python {
namespace {

using planning::SiteReader;
using scenario::Document;

std::vector<SiteReader> readers_of(const std::vector<Document>& documents) {
  std::vector<SiteReader> readers;
  for (const Document& document : documents) readers.push_back(planning::site_reader(document));
  return readers;
}

// Half an answer is none.
[[noreturn]] void raise_interrupt() {
  PyErr_SetNone(PyExc_KeyboardInterrupt);
  throw py::error_already_set();
}

// JSON and text. `tell`(point) is asked before each point, and with an empty text while it is
// tested; it returns False when all is to end.
py::tuple plan(const std::vector<Document>& documents, const py::dict& given,
               const planning::PlanTexts& texts, std::size_t jobs, const py::object& tell) {
  planning::PlanRequest request = planning::plan_request(request_of(given), texts);
  request.scenarios = readers_of(documents);
  bool stopped = false;
  const auto ask = [&](const std::string& point) {
    stopped = !tell(point).cast<bool>() || stopped;
  };
  request.testing = ask;
  request.runs.jobs = jobs;
  request.runs.stops = [&] { return stopped; };
  request.runs.progress = [&](double) { ask(""); };
  const planning::Plan plan = planning::make_plan(request);
  if (plan.partial) raise_interrupt();
  return py::make_tuple(plan_json(request, plan), plan_text(request, plan));
}

// JSON and text. `tell` as in Telling, of cells.
py::tuple ladder(const std::vector<Document>& documents, const std::string& page_views,
                 const std::vector<std::string>& settings, const planning::PlanTexts& texts,
                 const py::object& tell) {
  planning::LadderRequest request;
  request.scenarios = readers_of(documents);
  request.page_views = planning::parse_volumes(page_views);
  request.settings = settings;
  request.slo = planning::parse_slo(texts.slo);
  request.slo_window = planning::parse_slo_window(texts.slo_window);
  Telling telling(tell);
  const auto progress = telling.progress();
  std::size_t done = 0;
  const std::size_t all = documents.size() * request.page_views.size();
  request.testing = [&](std::size_t cell, std::size_t) { done = cell; };
  request.runs.stops = telling.stops();
  request.runs.progress = [&](double) { progress(static_cast<double>(done), all); };
  const planning::Ladder found = planning::make_ladder(request);
  if (found.partial) raise_interrupt();
  return py::make_tuple(ladder_json(request, found), ladder_text(request, found));
}

}  // namespace

void add_plans(py::module_& module) {
  py::class_<planning::PlanTexts>(module, "PlanTexts")
      .def(py::init([](std::string slo, std::string slo_window, std::vector<std::string> over,
                       std::vector<std::string> survive) {
        return planning::PlanTexts{std::move(slo), std::move(slo_window), std::move(over),
                                   std::move(survive)};
      }));
  module.def("plan", &plan);
  module.def("ladder", &ladder);
}

}  // namespace lbsim::python
