#include "fairness/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

#include "core/json_writer.hpp"

namespace lbsim::fairness {
namespace {

constexpr std::size_t kMostFindings = 40;  // sentences for people; JUnit and JSON have them all

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

// "CHANGED in 3 of 97, most in weighted-16 jain"
std::string comparison(const std::string& algorithm, const Verdict& verdict) {
  std::size_t compared = 0;
  std::size_t changed = 0;
  const Judged* worst = nullptr;
  for (const Judged& result : verdict.results) {
    if (result.algorithm != algorithm) continue;
    ++compared;
    if (result.pass) continue;
    ++changed;
    if (worst == nullptr || *result.p < *worst->p) worst = &result;
  }
  if (changed == 0) return fmt::format("same in all {}", compared);
  return fmt::format("CHANGED in {} of {}: {} {}", changed, compared, worst->pool, worst->metric);
}

std::string finding_line(const std::string& finding) {
  return finding.empty() ? finding : "  " + finding + '\n';
}

}  // namespace

std::string table_text(const Measurements& measured, const Verdict* verdict) {
  std::size_t width = 9;
  for (const auto& [algorithm, pools] : measured) {
    width = std::max(width, std::min<std::size_t>(algorithm.size(), 40));
  }
  std::string text = fmt::format("{:<{}} {:>7} {:>6} {:>6} {:>6} {:>6} {:>7} {:>7}  {}\n",
                                 "algorithm", width, "wrong %", "Jain", "max", "burst", "moved %",
                                 "back", "p99", verdict == nullptr ? "" : "baseline");
  for (const auto& [algorithm, pools] : measured) {
    const std::string last = verdict == nullptr ? "" : comparison(algorithm, *verdict);
    std::string line = fmt::format(
        "{:<{}} {:>7} {:>6} {:>6} {:>6} {:>6} {:>7} {:>7}  {}", algorithm, width,
        cell(pools, "weighted-16", "share_error", 1, 100), cell(pools, "weighted-16", "jain", 3),
        cell(pools, "weighted-16", "max_over_mean", 2), cell(pools, "weighted-16", "burstiness", 2),
        cell(pools, "leave-16", "disruption_on_leave", 1, 100),
        cell(pools, "fail-16", "share_recovered", 2),
        cell(pools, "loaded-equal-16", "slowdown_p99", 1), last);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text +
         "Of 16 servers of weights 1, 2, 3, 4, ...: requests at the wrong server, Jain's index,\n"
         "busiest server over the mean, burstiness of a server's picks; keys that moved though "
         "their\nserver stayed; share of a recovered server over its due; of 16 equal servers at "
         "80 % load:\n99th percentile of the time of a request over the mean service.\n";
}

std::string findings_text(const Verdict& verdict, double alpha) {
  std::string text;
  std::vector<const Judged*> failed;
  for (const Judged& result : verdict.results) {
    if (!result.pass) failed.push_back(&result);
  }
  std::stable_sort(failed.begin(), failed.end(),
                   [](const Judged* a, const Judged* b) { return *a->p < *b->p; });
  for (std::size_t i = 0; i < failed.size() && i < kMostFindings; ++i) {
    text += finding_line(failed[i]->finding);
  }
  if (failed.size() > kMostFindings) {
    text += fmt::format("  ... and {} more\n", failed.size() - kMostFindings);
  }
  text += fmt::format(
      "{} values compared where nothing is drawn, {} tested (false alarm: at most {:g} in all): "
      "{}\n",
      verdict.compared_fixed, verdict.compared_drawn, alpha,
      failed.empty() ? "as in the baseline" : fmt::format("{} differ", failed.size()));
  return text;
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
