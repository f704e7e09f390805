#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "planning/check_tables.hpp"

namespace lbsim::planning {
namespace {

std::string machines_text(const std::string& first, const std::string& last, std::size_t count) {
  if (count == 1) return first;
  return fmt::format("{} to {} ({} machines)", first, last, count);
}

std::string load_lines(const CheckReport& report) {
  const int minute = static_cast<int>(report.busiest.start_s / 60);
  std::string text = fmt::format(
      "load       busiest minute from {:02}:{:02}: {:.0f} page views/s, {} ({:.1f} per page), "
      "responses {}\n",
      minute / 60 % 24, minute % 60, report.busiest.pages_per_s, rps_text(report.requests_per_s),
      report.mix.requests_per_page,
      scaled_text(report.requests_per_s * report.mix.response_bytes * 8, "bit/s"));
  if (report.burst_index > 1) {
    text += fmt::format(
        "           bursts come on top (workload.burst_index {:g}): run it to see them\n",
        report.burst_index);
  }
  return text;
}

std::string factor(const CheckReport& report, double per_s) {
  if (std::isinf(per_s) || !(report.requests_per_s > 0)) return "";
  const double times = per_s / report.requests_per_s;
  return fmt::format(" = {:.2f} x the busiest minute, {} page views/day", times,
                     scaled_text(report.page_views_per_day * times, ""));
}

std::string capacity_lines(const CheckReport& report) {
  const double per_s = report.requests.per_s;
  std::string text =
      fmt::format("capacity   {} if spread ideally{}\n", rps_text(per_s), factor(report, per_s));
  for (const CutPart& part : cut_parts(report)) {
    text += fmt::format("           decided by {}: {}\n", part.input,
                        machines_text(part.first, part.last, part.count));
  }
  const ConfiguredCapacity& configured = report.configured;
  const Stage& stage = report.stages[configured.stage];
  text += fmt::format("           {} as configured{}\n", rps_text(configured.per_s),
                      factor(report, configured.per_s));
  if (!configured.input.empty()) {
    const std::string& name = stage.machines[configured.machine].name;
    text += fmt::format("           decided by {}: {}{}\n", configured.input,
                        configured.whole_stage ? fmt::format("all of {}", stage.tier)
                                               : fmt::format("{} is full first", name),
                        stage.spread_by.empty() ? "" : fmt::format(" under {}", stage.spread_by));
  }
  const std::vector<std::string> cut = cut_names(report.graph.responses, report.responses);
  text += fmt::format("           {} of responses through cards and uplink",
                      scaled_text(report.responses.per_s, "bit/s"));
  if (!cut.empty()) {
    text += fmt::format(": {}", machines_text(cut.front(), cut.back(), cut.size()));
  }
  return text + '\n';
}

std::string single_point_line(const CheckReport& report) {
  std::string names;
  for (const auto node : report.single_points) {
    if (!names.empty()) names += ", ";
    names += report.graph.requests[node].name;
  }
  if (names.empty()) return "alone      nothing: no one node takes the site down\n";
  return fmt::format("alone      {}: the loss of {} takes the site down\n", names,
                     report.single_points.size() == 1 ? "it" : "any one");
}

}  // namespace

std::string check_text(const CheckReport& report) {
  return fmt::format("{}: what can be said without simulating\n{}{}{}\n{}\n{}\n{}", report.scenario,
                     load_lines(report), capacity_lines(report), single_point_line(report),
                     headroom_table(report), bottleneck_lines(report), loss_table(report));
}

}  // namespace lbsim::planning
