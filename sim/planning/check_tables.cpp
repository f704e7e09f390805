#include "planning/check_tables.hpp"

#include <fmt/format.h>

#include <cmath>

namespace lbsim::planning {
namespace {

std::string times_text(double times) {
  return std::isinf(times) ? "-"
         : times >= 999.5  ? "> 999 x"
                           : fmt::format("{:.{}f} x", times,
                                        times < 10    ? 2
                                         : times < 100 ? 1
                                                       : 0);
}

std::string range_text(const std::string& first, const std::string& last) {
  return first == last ? first : fmt::format("{} to {}", first, last.substr(last.rfind('.') + 1));
}

std::string resource_row(const CheckReport& report, const Headroom& row, bool named) {
  const std::vector<Machine>& machines = report.stages[row.stage].machines;
  const Machine& machine = machines[row.machine];
  const std::string each =
      machine.standby ? "standby" : rps_text(row.share * report.requests_per_s);
  const std::string name = range_text(machine.name, machines[row.last].name);
  return fmt::format("{:<20}{:>9}{:>14}  {:<12}{:>9}{:>11}{:>14}  {}\n", named ? name : "",
                     named ? std::to_string(row.last - row.machine + 1) : "", named ? each : "",
                     row.load.resource, row.share > 0 ? share_text(row.utilization) : "-",
                     times_text(row.times), rps_text(row.load.capacity_per_s), row.load.input);
}

// Of a stage that nothing limits.
std::string free_row(const CheckReport& report, const Stage& stage) {
  const std::vector<Machine>& machines = stage.machines;
  const double share = 1 / static_cast<double>(machines.size());
  return fmt::format("{:<20}{:>9}{:>14}  {:<12}{:>9}{:>11}{:>14}  {}\n",
                     range_text(machines.front().name, machines.back().name), machines.size(),
                     rps_text(share * report.requests_per_s), "-", "-", "-", "no limit",
                     "no limit given");
}

std::string failed_text(const CheckReport& report, const Loss& loss) {
  const Stage& stage = report.stages[loss.stage];
  const std::string& name = stage.machines[loss.machine].name;
  return loss.alike > 1 ? fmt::format("{} (1 of {})", name, loss.alike) : name;
}

std::string what_fails(const CheckReport& report, const Loss& loss) {
  const std::string fails = loss.fails();
  const std::string& busiest =
      report.stages[loss.busiest_stage].machines[loss.busiest_machine].name;
  if (fails == "site") return "the site";
  if (fails == "share") return share_text(loss.share_lost) + " of requests";
  if (fails == "overload") return busiest + " is overloaded";
  return "nothing";
}

std::string loss_summary(const CheckReport& report) {
  std::string names;
  for (const Loss& loss : report.losses) {
    if (std::string(loss.fails()) == "nothing") continue;
    names += (names.empty() ? "" : ", ") + failed_text(report, loss);
  }
  if (names.empty()) return "N-1        the busiest minute is held whichever node fails\n";
  return fmt::format("N-1        the busiest minute is not held without {}\n", names);
}

}  // namespace

std::string scaled_text(double number, const char* unit) {
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

std::string rps_text(double per_s) { return scaled_text(per_s, "req/s"); }

std::string share_text(double share) {
  return share < 0.1 ? fmt::format("{:.2f} %", share * 100) : fmt::format("{:.1f} %", share * 100);
}

std::string headroom_table(const CheckReport& report) {
  std::string text =
      fmt::format("{:<20}{:>9}{:>14}  {:<12}{:>9}{:>11}{:>14}  {}\n", "node", "machines",
                  "load of each", "resource", "busy", "headroom", "holds", "decided by");
  std::size_t at = 0;
  for (std::size_t s = 0; s < report.stages.size(); ++s) {
    const bool limited = at < report.headroom.size() && report.headroom[at].stage == s;
    if (!limited) text += free_row(report, report.stages[s]);
    for (; at < report.headroom.size() && report.headroom[at].stage == s; ++at) {
      const Headroom& row = report.headroom[at];
      const bool named = at == 0 || report.headroom[at - 1].stage != s ||
                         report.headroom[at - 1].machine != row.machine;
      // Of what stands by only what would decide.
      if (named || row.share > 0) text += resource_row(report, row, named);
    }
  }
  return text;
}

std::string bottleneck_lines(const CheckReport& report) {
  constexpr std::size_t kShown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(report.bottlenecks.size(), kShown); ++i) {
    const BottleneckStep& step = report.bottlenecks[i];
    text += fmt::format(
        "{:<11}{} at {} of {}, full at {:.2f} x this load: {}\n", i == 0 ? "bottleneck" : "then",
        report.stages[step.stage].machines[step.machine].name, share_text(step.utilization),
        step.load.resource, step.times, step.load.input);
    if (i == 0) continue;
    text += fmt::format(
        "           with {} widened the site holds {} if spread ideally, {} as "
        "configured\n",
        i == 1 ? "the first" : "those before", rps_text(step.capacity_per_s),
        rps_text(step.configured_per_s));
  }
  return text;
}

std::string loss_table(const CheckReport& report) {
  std::string text = fmt::format("{:<22}{:>12}{:>12}  {:<22}{:<26}{}\n", "if one fails", "left",
                                 "peak", "busiest then", "what fails", "noticed by");
  for (const Loss& loss : report.losses) {
    const bool down = loss.share_lost == 1;
    const std::string& busiest =
        report.stages[loss.busiest_stage].machines[loss.busiest_machine].name;
    text += fmt::format("{:<22}{:>12}{:>12}  {:<22}{:<26}{}\n", failed_text(report, loss),
                        down ? "nothing" : rps_text(loss.capacity_per_s),
                        down ? "-" : share_text(loss.utilization), down ? "-" : busiest,
                        what_fails(report, loss),
                        loss.watched_by.empty() ? "nothing" : loss.watched_by);
  }
  return text + loss_summary(report);
}

}  // namespace lbsim::planning
