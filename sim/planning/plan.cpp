#include "planning/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/check.hpp"
#include "core/error.hpp"
#include "planning/forecast.hpp"
#include "planning/search.hpp"
#include "scenario/site_checks.hpp"

namespace lbsim::planning {
namespace {

using scenario::LoadedScenario;
using Values = std::vector<long>;

constexpr double kChanceOfPoint = 0.05 / 32;  // so that 32 points are wrong in 5 % at most
constexpr double kGuessUtilization =
    0.8;  // where the search begins: most sites hold a little above

constexpr double kPointsOfSearch = 4;  // as a good guess makes them: enough, as a rule
constexpr double kPointsOfTwoKnobs = 9;
constexpr int kRunsOfPoint = SequentialTest::kLooks[0];  // of each stretch, as a rule

class Planner {
 public:
  Planner(const PlanRequest& request, Plan& plan, std::size_t number)
      : request_(request),
        read_(request.scenarios[number]),
        plan_(plan),
        number_(number),
        search_(plan.searches[number]) {}

  // All mistakes: at both ends of every range. Returns the scenario's name.
  std::string check() const {
    Values low;
    Values high;
    for (const IntegerKnob& knob : request_.over) {
      low.push_back(knob.low);
      high.push_back(knob.high);
    }
    load(low);
    return load(high)->site.name;
  }

  bool has_price() const {
    Values low;
    for (const IntegerKnob& knob : request_.over) low.push_back(knob.low);
    return cost_of_point(*load(low)).cny() > 0;
  }

  // The index of the evidence of this scenario's best point.
  std::optional<std::size_t> search() {
    search_.is_begun = true;
    const auto& over = request_.over;
    std::optional<Values> best;
    if (over.empty()) {
      if (holds({})) best = Values{};
    } else if (over.size() == 1) {
      const auto found =
          least_that_holds(over[0].low, over[0].high, guess(0), [&](long n) { return holds({n}); });
      if (found) best = Values{*found};
    } else {
      best = cheapest_that_holds(
          {over[0].low, over[0].high, guess(0)}, {over[1].low, over[1].high, guess(1)},
          [&](long a, long b) {
            return holds({a, b});
          },
          [&](long a, long b) {
            return cost({a, b});
          });
    }
    search_.is_over = true;
    if (!best) return std::nullopt;
    for (std::size_t i = first_; i < plan_.evidence.size(); ++i) {
      if (plan_.evidence[i].settings == settings(*best)) return i;
    }
    throw Bug("the answer was not tested");
  }

 private:
  std::vector<std::string> settings(const Values& values) const {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < values.size(); ++i) {
      all.push_back(fmt::format("{}={}", request_.over[i].field, values[i]));
    }
    return all;
  }

  std::shared_ptr<LoadedScenario> load(const Values& values) const {
    std::vector<std::string> all = request_.settings;
    for (const std::string& setting : settings(values)) all.push_back(setting);
    try {
      auto loaded = std::make_shared<LoadedScenario>(read_(all));
      if (request_.seed) loaded->site.seed = *request_.seed;
      add_crashes(*loaded, request_.survive, "--survive");
      return loaded;
    } catch (const InputError& error) {
      std::vector<Diagnostic> diagnostics = error.diagnostics();
      for (Diagnostic& d : diagnostics) {
        for (const IntegerKnob& knob : request_.over) {
          if (d.file == "--set " + knob.field) d.file = "--over " + knob.field;
        }
      }
      throw InputError(std::move(diagnostics));
    }
  }

  double cost(const Values& values) const {
    const PointCost cost = cost_of_point(*load(values));
    return plan_.priced ? cost.cny() : static_cast<double>(cost.machines);
  }

  // The least value of a knob, the others at their most, with which no machine is forecast to be
  // busier than kGuessUtilization.
  long guess(std::size_t knob) const {
    Values values;
    for (const IntegerKnob& k : request_.over) values.push_back(k.high);
    long low = request_.over[knob].low;
    long high = request_.over[knob].high;
    while (low < high) {
      values[knob] = low + (high - low) / 2;
      const auto loaded = load(values);
      const PageMix mix = page_mix(loaded->site);
      const double pages_per_s =
          busiest_minute(loaded->site.workload, loaded->day_curve, loaded->window).pages_per_s;
      const auto nodes =
          forecast(stages_of(loaded->site, mix, pages_per_s), pages_per_s * mix.requests_per_page);
      const std::size_t busiest = bottleneck(nodes);
      const bool easy = busiest == kNoNode || nodes[busiest].utilization <= kGuessUtilization;
      (easy ? high : low) = values[knob] + (easy ? 0 : 1);
    }
    return low;
  }

  bool holds(const Values& values) {
    const auto loaded = load(values);
    const auto stretches = stretches_of(*loaded, request_.slo_window);
    const std::vector<std::string> point = settings(values);
    if (request_.testing) {
      request_.testing(loaded->site.name + ' ' + joined_text(point));
    }
    search_.testing = point;
    plan_.warm_up_s = stretches.front().warm_up_s;
    for (const Stretch& stretch : stretches) {
      auto& told = plan_.stretches;
      if (std::find(told.begin(), told.end(), stretch.text) == told.end()) {
        told.push_back(stretch.text);
      }
    }
    const PointFinding finding =
        test_point(loaded, stretches, request_.slo, kChanceOfPoint, request_.kernel,
                   options_of_point(static_cast<double>(stretches.size()) * kRunsOfPoint));
    search_.testing.clear();
    plan_.evidence.push_back(
        {number_, loaded->site.name, values, point, finding, cost_of_point(*loaded)});
    plan_.chance += kChanceOfPoint;
    return finding.holds;
  }

  // Tells how far the search is while a point's runs go on; a point that needs more runs than most
  // stays at nearly done.
  ChildRunsOptions options_of_point(double runs) const {
    ChildRunsOptions options = request_.runs;
    options.progress = [this, runs](double done) {
      if (request_.runs.progress) request_.runs.progress(done);
      if (!request_.progress) return;
      const auto tested = static_cast<double>(plan_.evidence.size());
      request_.progress(tested + std::min(done / runs, 0.99), tested + points_left());
    };
    return options;
  }

  // About how many points are still to be tested, the one under test included.
  double points_left() const {
    double others = 0;
    for (const ScenarioSearch& search : plan_.searches) {
      if (!search.is_begun) others += most_points();
    }
    const auto tested = static_cast<double>(plan_.evidence.size() - first_);
    if (request_.over.size() != 1) return others + std::max(1.0, most_points() - tested);
    long breaks = request_.over[0].low - 1;
    long holds = request_.over[0].high + 1;
    for (std::size_t i = first_; i < plan_.evidence.size(); ++i) {
      const Evidence& e = plan_.evidence[i];
      if (e.finding.holds) holds = std::min(holds, e.values[0]);
      if (!e.finding.holds) breaks = std::max(breaks, e.values[0]);
    }
    const double halvings = std::ceil(std::log2(static_cast<double>(holds - breaks)));
    return others + std::clamp(halvings, 1.0, std::max(1.0, kPointsOfSearch - tested));
  }

  double most_points() const {
    const std::size_t knobs = request_.over.size();
    return knobs == 0 ? 1 : knobs == 1 ? kPointsOfSearch : kPointsOfTwoKnobs;
  }

  const PlanRequest& request_;
  const SiteReader& read_;
  Plan& plan_;
  std::size_t number_;
  ScenarioSearch& search_;
  std::size_t first_ = plan_.evidence.size();
};

// What is to be least: of a point that was tested.
double price(const Plan& plan, std::size_t point) {
  const PointCost& cost = plan.evidence[point].cost;
  return plan.priced ? cost.cny() : static_cast<double>(cost.machines);
}

}  // namespace

SoFar so_far(const Plan& plan, std::size_t search) {
  SoFar found;
  for (std::size_t i = 0; i < plan.evidence.size(); ++i) {
    const Evidence& e = plan.evidence[i];
    if (e.search != search) continue;
    if (e.finding.holds) {
      if (!found.holds || price(plan, i) < price(plan, *found.holds)) found.holds = i;
    } else if (e.values.size() == 1) {
      if (!found.breaks || e.values > plan.evidence[*found.breaks].values) found.breaks = i;
    }
  }
  return found;
}

PointCost cost_of_point(const LoadedScenario& loaded) {
  PointCost cost{loaded.cost.capex_cny, loaded.cost.opex_cny_per_year, 0};
  for (const TierConfig& tier : loaded.site.tiers) cost.machines += scenario::machines_of(tier);
  return cost;
}

Plan make_plan(const PlanRequest& request) {
  Plan plan;
  plan.priced = true;
  plan.searches.resize(request.scenarios.size());
  for (std::size_t i = 0; i < request.scenarios.size(); ++i) {
    const Planner planner(request, plan, i);
    plan.searches[i].scenario = planner.check();
    plan.priced = plan.priced && planner.has_price();
  }
  try {
    for (std::size_t i = 0; i < request.scenarios.size(); ++i) {
      const auto found = Planner(request, plan, i).search();
      if (found && (!plan.answer || price(plan, *found) < price(plan, *plan.answer))) {
        plan.answer = found;
      }
    }
  } catch (const PlanStopped&) {
    plan.partial = true;
    plan.answer.reset();
  }
  return plan;
}

}  // namespace lbsim::planning
