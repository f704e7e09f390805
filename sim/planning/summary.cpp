#include "planning/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "planning/precision.hpp"
#include "planning/verdict.hpp"

namespace lbsim {
namespace {

std::string ms_text(double seconds) {
  const double ms = seconds * 1e3;
  return fmt::format("{:.{}f} ms", ms, ms < 10 ? 2 : ms < 1000 ? 1 : 0);
}

std::string rate_text(double per_s) {
  return per_s < 10 ? fmt::format("{:.2f}", per_s) : count_text(per_s);
}

std::string percent_text(double share) { return fmt::format("{:.1f} %", share * 100); }

struct TierRow {
  std::string tier;
  std::string kind;
  int machines = 0;
  std::uint64_t requests = 0;
  std::string busiest;
  Utilization utilization;
  std::uint32_t queue_max = 0;
};

// One row for each tier, its busiest machine named, in the order of the walk.
std::vector<TierRow> tier_rows(const RunResult& result) {
  std::vector<TierRow> rows;
  for (const NodeStats& node : result.recorder.nodes()) {
    auto row = std::find_if(rows.begin(), rows.end(),
                            [&](const TierRow& r) { return r.tier == node.tier; });
    if (row == rows.end()) {
      TierRow first;
      first.tier = node.tier;
      first.kind = node.kind;
      row = rows.insert(rows.end(), first);
    }
    const Utilization busiest = busiest_resource(node, result.simulated_s);
    ++row->machines;
    row->requests += node.total.requests;
    row->queue_max = std::max(row->queue_max, node.total.queue_max);
    if (row->busiest.empty() || busiest.peak > row->utilization.peak) {
      row->busiest = node.name;
      row->utilization = busiest;
    }
  }
  return rows;
}

std::string failures_text(const RunResult& result) {
  const Recorder& recorder = result.recorder;
  std::string text;
  for (std::size_t i = 1; i < kOutcomes; ++i) {
    const std::uint64_t n = recorder.outcomes()[i];
    if (n == 0) continue;
    const double share = static_cast<double>(n) / static_cast<double>(recorder.generated_count());
    text += fmt::format("{}{} {} ({:.4f} %)", text.empty() ? "" : ", ",
                        count_text(static_cast<double>(n)), kOutcomeNames[i], share * 100);
  }
  return text.empty() ? "none" : text;
}

std::string head_text(const RunResult& result) {
  std::string text =
      fmt::format("{}{}\n", result.scenario, result.partial ? "  [PARTIAL: interrupted]" : "");
  text += fmt::format("{}; {:.0f} s simulated on the {} kernel, seed {}\n\n", result.window,
                      result.simulated_s, result.kernel, result.seed);
  const Recorder& recorder = result.recorder;
  const auto generated = static_cast<double>(recorder.generated_count());
  const double ok = generated > 0 ? static_cast<double>(recorder.outcomes()[0]) / generated : 1;
  text +=
      fmt::format("  requests  {:>13}   {}/s mean, {:.4f} % ok, {} attempts at servers\n",
                  count_text(generated), rate_text(generated / std::max(result.simulated_s, 1e-9)),
                  ok * 100, count_text(static_cast<double>(recorder.attempts())));
  if (recorder.pages_started() > 0) {
    text += fmt::format("  pages     {:>13}   {:.4f} % complete\n",
                        count_text(static_cast<double>(recorder.pages_started())),
                        100.0 * static_cast<double>(recorder.pages_complete()) /
                            static_cast<double>(recorder.pages_started()));
  }
  const LatencySketch& l = recorder.latency();
  text += fmt::format("  latency   mean {}, p50 {}, p90 {}, p99 {}, p99.9 {}, max {}\n",
                      ms_text(l.mean_s()), ms_text(l.quantile_s(0.5)), ms_text(l.quantile_s(0.9)),
                      ms_text(l.quantile_s(0.99)), ms_text(l.quantile_s(0.999)),
                      ms_text(to_seconds(l.max())));
  text += fmt::format("  failures  {}\n\n", failures_text(result));
  return text;
}

std::string precision_text(const RunResult& result) {
  std::string text;
  for (const PrecisionResult& r : result.precision) {
    const planning::Measure measure = planning::measure_named(r.metric, "");
    text += r.reached ? fmt::format(
                            "  precision {} (95 %) after {:.3g} s simulated: {:.3g} s of warm-up "
                            "left out, {} batches of {:.3g} s\n",
                            planning::estimate_text(measure, r.estimate, r.half_width),
                            result.simulated_s, r.warm_up_s, r.batches, r.batch_s)
                      : fmt::format("  precision {} is not known to {:.3g} %: {}\n", r.metric,
                                    r.wanted * 100, r.lacks);
  }
  return text.empty() ? text : text + '\n';
}

std::string events_text(const RunResult& result) {
  constexpr std::size_t kShown = 12;
  const auto& events = result.recorder.events();
  std::string text;
  for (std::size_t i = 0; i < std::min(events.size(), kShown); ++i) {
    text += fmt::format("  at {:>10.3f} s  {} {}\n", to_seconds(events[i].at), events[i].node,
                        events[i].what);
  }
  if (events.size() > kShown)
    text += fmt::format("  and {} more events (--json)\n", events.size() - kShown);
  return text.empty() ? text : text + '\n';
}

}  // namespace

std::string count_text(double number) {
  std::string digits = fmt::format("{:.0f}", number);
  for (int i = static_cast<int>(digits.size()) - 3;
       i > 0 && digits[static_cast<std::size_t>(i) - 1] != '-'; i -= 3) {
    digits.insert(static_cast<std::size_t>(i), ",");
  }
  return digits;
}

std::string page_views_text(double number) {
  const struct {
    double unit;
    const char* suffix;
  } kUnits[] = {{1e9, "B"}, {1e6, "M"}, {1e3, "K"}};
  for (const auto& [unit, suffix] : kUnits) {
    if (number >= unit) return fmt::format("{:g}{}", number / unit, suffix);
  }
  return fmt::format("{:g}", number);
}

std::string summary_text(const RunResult& result) {
  std::string text = head_text(result);
  text += fmt::format("  {:<12}{:<9}{:>9}{:>14}   {:<16}{:<12}{:>8}{:>13}{:>11}\n", "tier", "kind",
                      "machines", "requests", "busiest", "resource", "mean", "peak minute",
                      "queue max");
  for (const TierRow& row : tier_rows(result)) {
    text += fmt::format("  {:<12}{:<9}{:>9}{:>14}   {:<16}{:<12}{:>8}{:>13}{:>11}\n", row.tier,
                        row.kind, row.machines, count_text(static_cast<double>(row.requests)),
                        row.busiest, row.utilization.of, percent_text(row.utilization.mean),
                        percent_text(row.utilization.peak), row.queue_max);
  }
  text += '\n' + precision_text(result) + events_text(result);
  if (!is_precise(result)) {
    text += "No answer: the window is too short for the precision that was asked for.\n";
    for (const std::string& note : result.notes) text += fmt::format("Note: {}.\n", note);
    return text;
  }
  const Verdict verdict = verdict_of(result);
  text += fmt::format("{}: {}.\n", verdict.holds() ? "Holds" : "Breaks", verdict.why);
  text += fmt::format("Decided by {}.\n", verdict.decides);
  for (const std::string& note : result.notes) text += fmt::format("Note: {}.\n", note);
  return text;
}

std::string comparison_text(const std::vector<planning::RunReport>& runs) {
  std::string text = fmt::format("{:<44}{:>9}{:>13}{:>10}{:>11}{:>11}{:>11}  {}\n", "scenario",
                                 "PV/day", "requests/s", "fail", "mean", "p99", "p99.9", "busiest");
  for (const planning::RunReport& r : runs) {
    const auto latency_text = [&](const char* metric) { return ms_text(r.number(metric) * 1e-3); };
    text +=
        fmt::format("{:<44}{:>9}{:>13}{:>10}{:>11}{:>11}{:>11}  {} {} {:.0f} %\n", r.scenario,
                    page_views_text(r.page_views_per_day), count_text(r.number("requests_per_s")),
                    fmt::format("{:.3f} %", r.number("errors")), latency_text("mean"),
                    latency_text("p99"), latency_text("p999"), r.bottleneck.node,
                    r.bottleneck.resource, r.bottleneck.utilization * 100);
  }
  text += '\n';
  for (const planning::RunReport& r : runs) {
    text += fmt::format("{} {}: {}. Decided by {}.\n", r.scenario,
                        r.verdict.holds() ? "holds" : "breaks", r.verdict.why, r.verdict.decides);
  }
  return text;
}

}  // namespace lbsim
