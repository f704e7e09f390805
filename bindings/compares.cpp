#include <pybind11/stl.h>

#include "many_runs.hpp"
#include "planning/compare_runs.hpp"
#include "requests.hpp"
#include "subjects.hpp"

namespace lbsim::python {
namespace {

using planning::CompareRuns;
using scenario::Document;

planning::CompareRuns request_for(const std::vector<Document>& documents,
                                  const planning::RunRequest& run, int replications,
                                  const std::string& precision) {
  CompareRuns request;
  request.replications = replications;
  if (!precision.empty()) request.goals = planning::parse_precision(precision);
  std::vector<std::uint64_t> seeds;
  for (const Document& document : documents) {
    seeds.push_back(planning::prepare(document, run).plan.site.seed);
    request.scenarios.emplace_back(
        [&document, run](std::uint64_t seed) { return planning::child_run(document, run, seed); });
  }
  request.first_seed = seeds.front();
  return request;
}

// JSON, text, whether the goals were reached, and whether all was run.
py::tuple compare(const std::vector<Document>& documents, const py::dict& given, int replications,
                  const std::string& precision, const py::object& tell) {
  CompareRuns request = request_for(documents, request_of(given), replications, precision);
  Telling telling(tell);
  request.stops = telling.stops();
  request.progress = telling.progress();
  const Comparison comparison = planning::compare_runs(request);
  return py::make_tuple(
      comparison.json(telling.stopped(), request.goals), comparison.text(request.goals),
      planning::are_reached(comparison.precision(request.goals)), !telling.stopped());
}

}  // namespace

void add_compares(py::module_& module) { module.def("compare", &compare); }

}  // namespace lbsim::python
