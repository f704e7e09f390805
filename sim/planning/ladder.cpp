#include "planning/ladder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/json_writer.hpp"
#include "planning/summary.hpp"
#include "scenario/units.hpp"

namespace lbsim::planning {
namespace {

using scenario::LoadedScenario;

std::shared_ptr<const LoadedScenario> load_rung(const LadderRequest& request,
                                                const SiteReader& read, std::int64_t page_views) {
  std::vector<std::string> settings = request.settings;
  settings.push_back(fmt::format("workload.page_views={}", page_views));
  return std::make_shared<const LoadedScenario>(read(settings));
}

// Of each row; without prices the fewest machines.
void mark_cheapest(std::vector<LadderCell>& cells, std::size_t columns) {
  const bool priced =
      std::all_of(cells.begin(), cells.end(), [](const LadderCell& c) { return c.cost.cny() > 0; });
  const auto price = [&](const LadderCell& c) {
    return priced ? c.cost.cny() : static_cast<double>(c.cost.machines);
  };
  for (std::size_t row = 0; row + columns <= cells.size(); row += columns) {
    LadderCell* best = nullptr;
    for (std::size_t i = row; i < row + columns; ++i) {
      if (!cells[i].finding.holds) continue;
      if (best == nullptr || price(cells[i]) < price(*best)) best = &cells[i];
    }
    if (best != nullptr) best->cheapest = true;
  }
}

std::string cell_text(const LadderCell& cell) {
  if (cell.finding.holds) {
    return fmt::format("{}holds {:.0f} %", cell.cheapest ? "* " : "",
                       cell.finding.bottleneck.utilization * 100);
  }
  return fmt::format("breaks: {} {}", cell.finding.bottleneck.node,
                     cell.finding.bottleneck.resource);
}

// The next cell.
void climb(const LadderRequest& request, const std::shared_ptr<const LoadedScenario>& loaded,
           std::int64_t page_views, Ladder& ladder) {
  const std::size_t all = request.page_views.size() * request.scenarios.size();
  const std::size_t done = ladder.cells.size();
  if (request.testing) request.testing(done, all);
  const auto stretches = stretches_of(*loaded, request.slo_window);
  ChildRunsOptions options = request.runs;
  const double runs = static_cast<double>(stretches.size()) * SequentialTest::kLooks[0];
  options.progress = [&](double runs_done) {
    if (request.runs.progress) request.runs.progress(runs_done);
    if (!request.progress) return;
    request.progress(static_cast<double>(done) + std::min(runs_done / runs, 0.99));
  };
  LadderCell cell{page_views, loaded->site.name, {}, cost_of_point(*loaded), false};
  cell.finding = test_point(loaded, stretches, request.slo,
                            ladder.chance / static_cast<double>(all), KernelKind::native, options);
  for (const Stretch& stretch : stretches) {
    auto& told = ladder.stretches;
    if (std::find(told.begin(), told.end(), stretch.text) == told.end()) {
      told.push_back(stretch.text);
    }
  }
  ladder.cells.push_back(std::move(cell));
}

}  // namespace

std::vector<std::int64_t> parse_volumes(const std::string& text, const std::string& flag) {
  std::vector<std::int64_t> all;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    all.push_back(units::parse_count(text.substr(from, comma - from)).or_throw(flag));
    from = comma + 1;
  }
  return all;
}

Ladder make_ladder(const LadderRequest& request) {
  Ladder ladder;
  for (const std::int64_t page_views : request.page_views) {
    ladder.topologies.clear();
    for (const SiteReader& read : request.scenarios) {
      ladder.topologies.push_back(load_rung(request, read, page_views)->site.name);
    }
  }
  const std::size_t columns = request.scenarios.size();
  try {
    for (const std::int64_t page_views : request.page_views) {
      for (const SiteReader& read : request.scenarios) {
        climb(request, load_rung(request, read, page_views), page_views, ladder);
      }
    }
  } catch (const PlanStopped&) {
    ladder.partial = true;
  }
  mark_cheapest(ladder.cells, columns);
  return ladder;
}

std::string ladder_text(const LadderRequest& request, const Ladder& ladder) {
  const std::size_t columns = request.scenarios.size();
  std::string text = fmt::format("{:<8}", "PV/day");
  for (const std::string& topology : ladder.topologies) text += fmt::format("{:<30}", topology);
  for (std::size_t i = 0; i < request.page_views.size() * columns; ++i) {
    if (i % columns == 0) {
      const auto page_views = static_cast<double>(request.page_views[i / columns]);
      text += fmt::format("\n{:<8}", page_views_text(page_views));
    }
    text += fmt::format("{:<30}", i < ladder.cells.size() ? cell_text(ladder.cells[i]) : "not run");
  }
  if (ladder.cells.empty()) return text + "\n\nUnfinished: interrupted before a cell was done.\n";
  text += fmt::format("\n\n* cheapest that holds. Percent: the busiest resource. SLO {} in {}.\n",
                      request.slo.text, joined_text(ladder.stretches, " and "));
  for (const LadderCell& cell : ladder.cells) {
    if (cell.finding.holds) continue;
    text += fmt::format("{} at {} {}: {}. Decided by {}.\n", cell.topology,
                        page_views_text(static_cast<double>(cell.page_views)),
                        cell.finding.certain ? "breaks" : "is too close to tell, taken as breaking",
                        cell.finding.text(), deciding_fields(cell.finding.bottleneck));
  }
  if (ladder.partial) {
    text += fmt::format("Unfinished: interrupted when {} of {} cells were done.\n",
                        ladder.cells.size(), request.page_views.size() * columns);
  }
  return text + fmt::format("Any of these cells is wrong with a chance of {:g} % at most.\n",
                            ladder.chance * 100);
}

namespace {

void write_not_run(JsonWriter& json, const LadderRequest& request, const Ladder& ladder) {
  const std::size_t columns = request.scenarios.size();
  json.key("not_run").begin_array();
  for (std::size_t i = ladder.cells.size(); i < request.page_views.size() * columns; ++i) {
    json.begin_row().field("pv", request.page_views[i / columns]);
    json.field("topology", ladder.topologies[i % columns]).end_object();
  }
  json.end_array();
}

}  // namespace

std::string ladder_json(const LadderRequest& request, const Ladder& ladder) {
  JsonWriter json;
  json.begin_object().field("schema", 1).field("partial", ladder.partial);
  json.field("slo", request.slo.text);
  json.field("chance_of_error", ladder.chance).key("simulated").begin_array();
  for (const std::string& stretch : ladder.stretches) json.value(stretch);
  json.end_array().key("rows").begin_array();
  for (const LadderCell& cell : ladder.cells) {
    json.begin_row().field("pv", cell.page_views).field("topology", cell.topology);
    json.field("holds", cell.finding.holds).field("certain", cell.finding.certain);
    json.field("breaks_by", cell.finding.holds ? std::string() : cell.finding.text());
    json.field("bottleneck", cell.finding.bottleneck.node);
    json.field("utilization", cell.finding.bottleneck.utilization);
    json.key("cost").begin_row().field("capex_cny", cell.cost.capex_cny);
    json.field("opex_cny_per_year", cell.cost.opex_cny_per_year);
    json.field("machines", cell.cost.machines).end_object();
    json.field("cheapest", cell.cheapest).end_object();
  }
  json.end_array();
  if (ladder.partial) write_not_run(json, request, ladder);
  json.end_object();
  return json.text();
}

}  // namespace lbsim::planning
