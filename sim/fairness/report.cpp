#include "fairness/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

#include "core/json_writer.hpp"

namespace lbsim::fairness {
namespace {

// Sentences for people about one algorithm, and in all; JUnit and JSON have every one.
constexpr std::size_t kMostOfOne = 6;
constexpr std::size_t kMostFindings = 40;

constexpr std::size_t kNameWidth = 28;  // longer names have a line of their own

const Value* find(const Pools& pools, const char* pool, const char* metric) {
  const auto metrics = pools.find(pool);
  if (metrics == pools.end()) return nullptr;
  const auto value = metrics->second.find(metric);
  return value == metrics->second.end() ? nullptr : &value->second;
}

std::string cell(const Pools& pools, const char* pool, const char* metric, int decimals,
                 double factor = 1) {
  const Value* value = find(pools, pool, metric);
  return value == nullptr ? "-" : fmt::format("{:.{}f}", value->mean() * factor, decimals);
}

// "same", "3 of 97 CHANGED"
std::string comparison(const std::string& algorithm, const Verdict& verdict) {
  std::size_t compared = 0;
  std::size_t changed = 0;
  for (const Judged& result : verdict.results) {
    if (result.algorithm != algorithm) continue;
    ++compared;
    changed += result.pass ? 0 : 1;
  }
  if (changed == 0) return "same";
  return fmt::format("{} of {} CHANGED", changed, compared);
}

std::string row(const std::string& name, const std::array<std::string, 8>& cells) {
  std::string text = name;
  if (name.size() > kNameWidth) text += '\n' + std::string(kNameWidth, ' ');
  text.resize(std::max(text.size(), kNameWidth), ' ');
  text += fmt::format(" {:>7} {:>6} {:>7} {:>5} {:>7} {:>5} {:>5}  {}", cells[0], cells[1],
                      cells[2], cells[3], cells[4], cells[5], cells[6], cells[7]);
  text.erase(text.find_last_not_of(' ') + 1);
  return text + '\n';
}

constexpr const char* kLegend =
    "Of 16 servers of weights 1, 2, 3, 4, 1, ...:\n"
    "  wrong %  requests at another server than the weights ask for\n"
    "  Jain     Jain's index of picks over weight: 1 is fair, 0.062 all at one server\n"
    "  busiest  picks over weight of the busiest server, over the mean\n"
    "  burst    variation of the gaps between a server's picks: 0 a clock, 1 drawn at random\n"
    "  moved %  keys whose server stayed and that yet moved when another one left\n"
    "  back     share of a server after it failed and recovered, over its due\n"
    "Of 16 equal servers at 80 % load, each with a queue:\n"
    "  p99      99th percentile of the time of a request, over its mean service\n";

// Of the larger one; 1 if one side has none.
double relative_change(const Judged& result) {
  if (!result.value || !result.baseline) return 1;
  const double larger = std::max(std::fabs(*result.value), std::fabs(*result.baseline));
  return larger == 0 ? 0 : std::fabs(*result.value - *result.baseline) / larger;
}

std::string finding_line(const std::string& finding) {
  return finding.empty() ? finding : "  " + finding + '\n';
}

}  // namespace

std::string table_text(const Measurements& measured, const Verdict* verdict) {
  std::string text = row("algorithm", {"wrong %", "Jain", "busiest", "burst", "moved %", "back",
                                       "p99", verdict == nullptr ? "" : "baseline"});
  for (const auto& [algorithm, pools] : measured) {
    text += row(algorithm, {cell(pools, "weighted-16", "share_error", 1, 100),
                            cell(pools, "weighted-16", "jain", 3),
                            cell(pools, "weighted-16", "max_over_mean", 2),
                            cell(pools, "weighted-16", "burstiness", 2),
                            cell(pools, "leave-16", "disruption_on_leave", 1, 100),
                            cell(pools, "fail-16", "share_recovered", 2),
                            cell(pools, "loaded-equal-16", "slowdown_p99", 1),
                            verdict == nullptr ? "" : comparison(algorithm, *verdict)});
  }
  return text + kLegend;
}

std::string findings_text(const Verdict& verdict, double alpha) {
  std::map<std::string, std::vector<const Judged*>> failed;
  for (const Judged& result : verdict.results) {
    if (!result.pass) failed[result.algorithm].push_back(&result);
  }
  std::string text;
  std::size_t told = 0;
  for (auto& [algorithm, results] : failed) {
    std::stable_sort(results.begin(), results.end(), [](const Judged* a, const Judged* b) {
      return *a->p != *b->p ? *a->p < *b->p : relative_change(*a) > relative_change(*b);
    });
    text += fmt::format("{}: {} CHANGED{}\n", algorithm, results.size(),
                        results.size() > kMostOfOne ? ", most clearly these" : "");
    const std::size_t most =
        std::min({results.size(), kMostOfOne, kMostFindings - std::min(kMostFindings, told)});
    for (std::size_t i = 0; i < most; ++i) {
      text += finding_line(results[i]->finding.substr(algorithm.size() + 2));
    }
    told += most;
  }
  if (told < verdict.failed) {
    text += fmt::format("{} more are in --json and --junit\n", verdict.failed - told);
  }
  return text +
         fmt::format(
             "{} values compared where nothing is drawn, {} tested (false alarm: at most {:g} in "
             "all): {}\n",
             verdict.compared_fixed, verdict.compared_drawn, alpha,
             failed.empty() ? "as in the baseline" : fmt::format("{} differ", verdict.failed));
}

std::string results_json(const std::vector<Judged>& results, std::uint64_t seed, double alpha) {
  const bool pass =
      std::all_of(results.begin(), results.end(), [](const Judged& r) { return r.pass; });
  JsonWriter json;
  json.begin_object().field("schema", 1).field("seed", seed).field("alpha", alpha);
  json.field("pass", pass).key("results").begin_array();
  const auto optional = [&](const char* name, const std::optional<double>& number) {
    json.field(name, number.value_or(std::numeric_limits<double>::quiet_NaN()));
  };
  for (const Judged& result : results) {
    json.begin_row().field("algorithm", result.algorithm).field("pool", result.pool);
    json.field("metric", result.metric);
    optional("value", result.value);
    optional("baseline", result.baseline);
    optional("p", result.p);
    json.field("pass", result.pass).end_object();
  }
  json.end_array().end_object();
  return json.text();
}

std::string changes_text(const Measurements& before, const Measurements& after) {
  std::string text;
  std::size_t same = 0;
  std::size_t redrawn = 0;
  std::map<std::string, std::size_t> added;
  std::map<std::string, std::size_t> gone;
  // Every difference is worth a line where nothing is drawn; elsewhere those beyond what another
  // seed makes.
  constexpr double kNotChance = 1e-3;
  const Verdict verdict = compare(after, before, kNotChance);
  for (const Judged& result : verdict.results) {
    if (!result.baseline) {
      ++added[result.algorithm];
    } else if (!result.value) {
      ++gone[result.algorithm];
    } else if (!result.pass) {
      text += finding_line(result.finding);
    } else if (before.at(result.algorithm).at(result.pool).at(result.metric) ==
               after.at(result.algorithm).at(result.pool).at(result.metric)) {
      ++same;
    } else {
      ++redrawn;
    }
  }
  for (const auto& [algorithm, count] : added) {
    text += fmt::format("  {}: {} values new\n", algorithm, count);
  }
  for (const auto& [algorithm, count] : gone) {
    text += fmt::format("  {}: {} values gone\n", algorithm, count);
  }
  text += fmt::format("{} values as they were", same);
  if (redrawn > 0) text += fmt::format(", {} drawn anew within chance", redrawn);
  return text + '\n';
}

}  // namespace lbsim::fairness
