#include <pybind11/stl.h>

#include "core/files.hpp"
#include "many_runs.hpp"
#include "planning/compare_runs.hpp"
#include "report/report.hpp"
#include "requests.hpp"
#include "subjects.hpp"

namespace lbsim::python {
namespace {

using planning::CompareRuns;
using scenario::Document;

planning::CompareRuns request_for(const std::vector<Document>& documents,
                                  const planning::RunRequest& run, int replications,
                                  const std::string& precision, bool with_pages) {
  CompareRuns request;
  request.replications = replications;
  if (!precision.empty()) request.goals = planning::parse_precision(precision);
  std::vector<std::uint64_t> seeds;
  for (const Document& document : documents) {
    seeds.push_back(planning::prepare(document, run).plan.site.seed);
    request.scenarios.emplace_back(
        [&document, run, with_pages, first = seeds.front()](std::uint64_t seed) {
          planning::RunRequest one = run;
          one.timeline = with_pages && seed == first;
          planning::ChildRun child = planning::child_run(document, one, seed);
          return one.timeline ? report::with_page(std::move(child)) : child;
        });
  }
  request.first_seed = seeds.front();
  return request;
}

// JSON, text, whether the goals were reached, and whether all was run.
py::tuple compare(const std::vector<Document>& documents, const py::dict& given, int replications,
                  const std::string& precision, const py::object& tell) {
  const std::string page = text_of(given, "report");
  require_writable(page, "--report");
  CompareRuns request =
      request_for(documents, request_of(given), replications, precision, !page.empty());
  Telling telling(tell);
  request.stops = telling.stops();
  request.progress = telling.progress();
  const Comparison comparison = planning::compare_runs(request);
  if (!page.empty()) {
    write_file(page,
               report::to_html({comparison.pages(), comparison.difference_json(), LBSIM_VERSION,
                                text_of(given, "call")}),
               "--report");
  }
  return py::make_tuple(
      comparison.json(telling.stopped(), request.goals), comparison.text(request.goals),
      planning::are_reached(comparison.precision(request.goals)), !telling.stopped());
}

}  // namespace

void add_compares(py::module_& module) { module.def("compare", &compare); }

}  // namespace lbsim::python
