#include <fmt/format.h>

#include <limits>

#include "core/json_writer.hpp"
#include "planning/grid.hpp"
#include "planning/metric.hpp"
#include "planning/plan.hpp"
#include "planning/summary.hpp"

namespace lbsim::planning {
namespace {

std::string cost_text(const Plan& plan, const PointCost& cost) {
  if (!plan.priced) return fmt::format("{} machines", cost.machines);
  return fmt::format("{} machines, {} CNY and {} CNY a year", cost.machines,
                     count_text(cost.capex_cny), count_text(cost.opex_cny_per_year));
}

const char* answer_text(const PointFinding& finding) {
  if (!finding.certain) return "too close";
  return finding.holds ? "holds" : "breaks";
}

std::string point_text(const Evidence& e) {
  const std::string settings = joined_text(e.settings);
  return settings.empty() ? e.scenario : settings;
}

std::string answer_lines(const PlanRequest& request, const Plan& plan) {
  if (plan.partial) {
    std::string text = "Unfinished: interrupted before there was an answer. Known so far:\n";
    for (std::size_t i = 0; i < plan.searches.size(); ++i) {
      text += fmt::format("  {}: {}.\n", plan.searches[i].scenario, so_far_text(request, plan, i));
    }
    return text;
  }
  if (!plan.answer) {
    return "Answer: none. No point of the range keeps the SLO; what it breaks by is above.\n";
  }
  const Evidence& best = plan.evidence[*plan.answer];
  return fmt::format("Answer: {}{}{}: {}.\n", best.scenario, best.settings.empty() ? "" : " with ",
                     joined_text(best.settings), cost_text(plan, best.cost));
}

void write_point(JsonWriter& json, const std::vector<std::string>& settings) {
  json.key("settings").begin_row();
  for (const std::string& setting : settings) {
    const std::size_t equals = setting.find('=');
    json.field(setting.substr(0, equals),
               static_cast<std::int64_t>(std::stol(setting.substr(equals + 1))));
  }
  json.end_object();
}

void write_cost(JsonWriter& json, const PointCost& cost) {
  json.key("cost").begin_row().field("capex_cny", cost.capex_cny);
  json.field("opex_cny_per_year", cost.opex_cny_per_year);
  json.field("machines", cost.machines).end_object();
}

// The point of an index into the evidence, or null.
void write_known(JsonWriter& json, const char* name, const Plan& plan,
                 std::optional<std::size_t> point) {
  json.key(name);
  if (!point) {
    json.value(std::numeric_limits<double>::quiet_NaN());
    return;
  }
  json.begin_row();
  write_point(json, plan.evidence[*point].settings);
  json.end_object();
}

void write_so_far(JsonWriter& json, const Plan& plan) {
  json.key("so_far").begin_array();
  for (std::size_t i = 0; i < plan.searches.size(); ++i) {
    const ScenarioSearch& search = plan.searches[i];
    const SoFar known = so_far(plan, i);
    json.begin_row().field("scenario", search.scenario);
    json.field("begun", search.is_begun).field("over", search.is_over);
    write_known(json, "breaks", plan, known.breaks);
    write_known(json, "holds", plan, known.holds);
    json.end_object();
  }
  json.end_array();
}

// The table: points tested, then the one that was under test.
std::string evidence_text(const Plan& plan) {
  std::string text;
  std::string scenario;
  for (const Evidence& e : plan.evidence) {
    if (e.scenario != scenario && !e.settings.empty()) text += e.scenario + '\n';
    scenario = e.scenario;
    text += fmt::format("  {:<36} {:<10} {:>2} runs   {}\n", point_text(e), answer_text(e.finding),
                        e.finding.replications, e.finding.text());
  }
  for (const ScenarioSearch& search : plan.searches) {
    if (!plan.partial || search.is_over) continue;
    if (search.scenario != scenario && !search.testing.empty()) text += search.scenario + '\n';
    const std::string point = joined_text(search.testing);
    text += fmt::format("  {:<36} {}\n", point.empty() ? search.scenario : point,
                        search.is_begun ? "not run to its end" : "not run");
  }
  return text;
}

void write_evidence(JsonWriter& json, const Evidence& e) {
  json.begin_object().field("scenario", e.scenario);
  write_point(json, e.settings);
  json.key("slo").begin_object();
  for (const LimitFinding& f : e.finding.limits) {
    json.key(column_of(metrics()[f.limit.metric])).begin_row().field("limit", f.limit.limit);
    json.field("mean", f.mean).field("worst", f.worst).end_object();
  }
  json.end_object();
  json.field("holds", e.finding.holds).field("certain", e.finding.certain);
  json.field("replications", static_cast<std::uint64_t>(e.finding.replications));
  json.field("stretch", e.finding.stretch);
  const Bottleneck& b = e.finding.bottleneck;
  json.key("bottleneck").begin_row().field("node", b.node).field("resource", b.resource);
  json.field("utilization", b.utilization).end_object();
  write_cost(json, e.cost);
  json.end_object();
}

}  // namespace

std::string so_far_text(const PlanRequest& request, const Plan& plan, std::size_t number) {
  const ScenarioSearch& search = plan.searches[number];
  if (!search.is_begun) return "not run";
  const SoFar known = so_far(plan, number);
  const auto point = [&](std::optional<std::size_t> i) {
    const Evidence& e = plan.evidence[*i];
    return e.values.size() == 1 ? std::to_string(e.values[0]) : point_text(e);
  };
  if (search.is_over) {
    return known.holds ? "the least that holds is " + point_text(plan.evidence[*known.holds])
                       : "no point keeps the SLO";
  }
  if (!known.holds && !known.breaks) {
    const bool tested = !plan.evidence.empty() && plan.evidence.back().search == number;
    return tested ? "no point that holds was found yet" : "nothing yet";
  }
  if (request.over.size() != 1) {
    return point(known.holds) + " holds; something cheaper may hold, too";
  }
  const IntegerKnob& knob = request.over[0];
  if (!known.breaks) {
    return fmt::format("{} is {} at most: {} holds", knob.field, point(known.holds),
                       point(known.holds));
  }
  if (!known.holds) {
    return fmt::format("{} is more than {}, if any up to {} will do: {} breaks", knob.field,
                       point(known.breaks), knob.high, point(known.breaks));
  }
  return fmt::format("{} between {} and {}: {} breaks, {} holds", knob.field, point(known.breaks),
                     point(known.holds), point(known.breaks), point(known.holds));
}

std::string plan_text(const PlanRequest& request, const Plan& plan) {
  std::string text = fmt::format("SLO {}, ", request.slo.text);
  text += request.slo_window == Duration{}
              ? "over the whole window"
              : fmt::format("in every window of {:g} s", to_seconds(request.slo_window));
  if (!plan.stretches.empty()) {
    text += fmt::format("\nNot the whole day is simulated, but {}, each after {:g} s of warm-up.",
                        joined_text(plan.stretches, " and "), plan.warm_up_s);
  }
  text += "\n\n" + evidence_text(plan) + '\n' + answer_lines(request, plan);
  if (plan.evidence.empty()) return text;
  text += fmt::format(
      "With these seeds, and as far as sums over a run are normal, all of these are right but for "
      "a "
      "chance of {:.2g} %.\n",
      plan.chance * 100);
  if (!request.over.empty()) {
    text +=
        "More of a knob is taken never to make the site worse; values not shown were not run.\n";
  }
  for (const Evidence& e : plan.evidence) {
    if (e.finding.certain) continue;
    text += "Too close: so near its limit that it was taken as breaking.\n";
    break;
  }
  text += plan.priced ? fmt::format("Cheapest: the price and {:g} years of rent.\n", kCostYears)
                      : "A scenario has no prices, so machines were counted.\n";
  return text;
}

std::string plan_json(const PlanRequest& request, const Plan& plan) {
  JsonWriter json;
  json.begin_object().field("schema", 1).field("partial", plan.partial).key("answer");
  if (plan.answer) {
    const Evidence& best = plan.evidence[*plan.answer];
    json.begin_object().field("scenario", best.scenario);
    write_point(json, best.settings);
    write_cost(json, best.cost);
    json.end_object();
  } else {
    json.value(std::numeric_limits<double>::quiet_NaN());
  }
  json.key("holds");
  if (plan.partial) {
    json.value(std::numeric_limits<double>::quiet_NaN());
  } else {
    json.value(plan.answer.has_value());
  }
  json.field("slo", request.slo.text);
  json.field("slo_window_s", to_seconds(request.slo_window));
  json.field("chance_of_error", plan.chance).field("priced", plan.priced);
  json.field("warm_up_s", plan.warm_up_s).key("simulated").begin_array();
  for (const std::string& stretch : plan.stretches) json.value(stretch);
  json.end_array();
  if (plan.partial) write_so_far(json, plan);
  json.key("evidence").begin_array();
  for (const Evidence& e : plan.evidence) write_evidence(json, e);
  json.end_array().end_object();
  return json.text();
}

}  // namespace lbsim::planning
