#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "planning/check.hpp"

namespace lbsim::planning {
namespace {

std::string scaled(double number, const char* unit) {
  if (std::isinf(number)) return "no limit";
  const char* const prefixes[] = {"", "k", "M", "G", "T"};
  std::size_t prefix = 0;
  for (; number >= 999.5 && prefix < 4; ++prefix) number /= 1000;
  const int digits = prefix == 0 && number == std::floor(number) ? 0
                     : number < 10                               ? 2
                     : number < 100                              ? 1
                                                                 : 0;
  return fmt::format("{:.{}f} {}{}", number, digits, prefixes[prefix], unit);
}

std::string rps(double per_s) { return scaled(per_s, "req/s"); }

std::string percent(double share) {
  return share < 0.1 ? fmt::format("{:.2f} %", share * 100) : fmt::format("{:.1f} %", share * 100);
}

std::string machines_text(const std::string& first, const std::string& last, std::size_t count) {
  if (count == 1) return first;
  return fmt::format("{} to {} ({} machines)", first, last, count);
}

std::string load_lines(const CheckReport& report) {
  const int minute = static_cast<int>(report.busiest.start_s / 60);
  std::string text = fmt::format(
      "load       busiest minute from {:02}:{:02}: {:.0f} page views/s, {} ({:.1f} per page), "
      "responses {}\n",
      minute / 60 % 24, minute % 60, report.busiest.pages_per_s, rps(report.requests_per_s),
      report.mix.requests_per_page,
      scaled(report.requests_per_s * report.mix.response_bytes * 8, "bit/s"));
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
                     scaled(report.page_views_per_day * times, ""));
}

std::string capacity_lines(const CheckReport& report) {
  const double per_s = report.requests.per_s;
  std::string text =
      fmt::format("capacity   {} if spread ideally{}\n", rps(per_s), factor(report, per_s));
  for (const CutPart& part : cut_parts(report)) {
    text += fmt::format("           decided by {}: {}\n", part.input,
                        machines_text(part.first, part.last, part.count));
  }
  const ConfiguredCapacity& configured = report.configured;
  const Stage& stage = report.stages[configured.stage];
  text += fmt::format("           {} as configured{}\n", rps(configured.per_s),
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
                      scaled(report.responses.per_s, "bit/s"));
  if (!cut.empty()) {
    text += fmt::format(": {}", machines_text(cut.front(), cut.back(), cut.size()));
  }
  return text + '\n';
}

// Neighbours that are equal in all that the table shows are one row.
bool same_row(const CheckReport& report, const NodeForecast& a, const NodeForecast& b) {
  const Machine& x = report.machine(a);
  const Machine& y = report.machine(b);
  return a.stage == b.stage && x.group == y.group && x.standby == y.standby &&
         capacity_per_s(x) == capacity_per_s(y) &&
         std::fabs(a.utilization - b.utilization) <= 1e-9 * a.utilization;
}

std::string range_text(const std::string& first, const std::string& last) {
  return first == last ? first : fmt::format("{} to {}", first, last.substr(last.rfind('.') + 1));
}

std::string forecast_lines(const CheckReport& report) {
  std::string text = fmt::format("{:<22}{:>9}{:>14}{:>11}  {:<12}{:>14}  {}\n", "node", "machines",
                                 "load of each", "busy", "of", "holds", "decided by");
  const std::vector<NodeForecast>& nodes = report.nodes;
  for (std::size_t i = 0; i < nodes.size();) {
    std::size_t end = i;
    while (end < nodes.size() && same_row(report, nodes[i], nodes[end])) ++end;
    const Machine& machine = report.machine(nodes[i]);
    const std::string name = range_text(machine.name, report.machine(nodes[end - 1]).name);
    const bool used = !nodes[i].input.empty() && nodes[i].share > 0;
    text += fmt::format("{:<22}{:>9}{:>14}{:>11}  {:<12}{:>14}  {}\n", name, end - i,
                        machine.standby ? "standby" : rps(nodes[i].share * report.requests_per_s),
                        used ? percent(nodes[i].utilization) : "-", used ? nodes[i].resource : "-",
                        rps(capacity_per_s(machine)),
                        nodes[i].input.empty() ? "no limit given" : nodes[i].input);
    i = end;
  }
  return text;
}

std::string bottleneck_lines(const CheckReport& report) {
  const std::size_t first = bottleneck(report.nodes);
  if (first == kNoNode) return "";
  const auto line = [&](const char* what, std::size_t at) {
    const NodeForecast& node = report.nodes[at];
    return fmt::format("{:<11}{} at {} of {}, full at {:.2f} x this load: {}\n", what,
                       report.machine(node).name, percent(node.utilization), node.resource,
                       1 / node.utilization, node.input);
  };
  std::string text = line("bottleneck", first);
  const std::size_t next = bottleneck(report.nodes, first);
  return next == kNoNode ? text : text + line("then", next);
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

std::string loss_lines(const CheckReport& report) {
  std::string text = fmt::format("{:<22}{:>12}{:>12}  {:<22}{}\n", "if one fails", "left", "peak",
                                 "busiest then", "noticed by");
  for (const Loss& loss : report.losses) {
    const Stage& stage = report.stages[loss.stage];
    std::string name = stage.machines[loss.machine].name;
    if (loss.alike > 1) name += fmt::format(" (1 of {})", loss.alike);
    if (loss.share_lost == 1) {
      text += fmt::format("{:<22}{:>12}{:>12}  the site is down\n", name, "nothing", "-");
      continue;
    }
    const std::string& busiest =
        report.stages[loss.busiest_stage].machines[loss.busiest_machine].name;
    const std::string noticed =
        loss.watched_by.empty()
            ? fmt::format("nothing: {} of requests fail", percent(loss.share_lost))
            : loss.watched_by;
    text += fmt::format("{:<22}{:>12}{:>12}  {:<22}{}\n", name, rps(loss.capacity_per_s),
                        percent(loss.utilization), busiest, noticed);
  }
  return text;
}

}  // namespace

std::string check_text(const CheckReport& report) {
  return fmt::format("{}: what can be said without simulating\n{}{}{}\n{}\n{}\n{}", report.scenario,
                     load_lines(report), capacity_lines(report), single_point_line(report),
                     forecast_lines(report), bottleneck_lines(report), loss_lines(report));
}

}  // namespace lbsim::planning
