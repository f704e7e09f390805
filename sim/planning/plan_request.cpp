#include "core/error.hpp"
#include "planning/plan.hpp"

namespace lbsim::planning {

SiteReader site_reader(const std::string& file) {
  return [file](const std::vector<std::string>& settings) {
    return scenario::load_scenario(file, settings);
  };
}

SiteReader site_reader(const scenario::Document& document) {
  return [document](const std::vector<std::string>& settings) {
    return scenario::load_scenario(document.with(settings));
  };
}

PlanRequest plan_request(const RunRequest& run, const PlanTexts& texts) {
  PlanRequest request;
  request.settings = settings_of(run);
  if (run.has_seed) request.seed = run.seed;
  request.slo = parse_slo(texts.slo);
  request.slo_window = parse_slo_window(texts.slo_window);
  std::vector<std::string> fields;
  for (const std::string& text : texts.over) {
    request.over.push_back(parse_range(text, "--over"));
    fields.push_back(request.over.back().field);
  }
  require_distinct(fields, "--over");
  if (request.over.size() > 2) {
    throw InputError(Diagnostic{
        {}, 0, 0, "--over", "a plan has two knobs at most", "fix the others with --set"});
  }
  for (const std::string& text : texts.survive) {
    request.survive.push_back(parse_crash(text, "--survive"));
  }
  if (run.kernel == "simgrid") request.kernel = KernelKind::simgrid;
  return request;
}

}  // namespace lbsim::planning
