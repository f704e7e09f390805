#include "validation/keepalived_verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/json_writer.hpp"
#include "validation/keepalived_trials.hpp"
#include "validation/totals.hpp"

namespace lbsim::validation {
namespace {

constexpr double kWiderS = 0.050;
constexpr double kProcessStartS = 0.020;

Spread spread_of(const std::vector<double>& values) {
  Spread s;
  s.count = values.size();
  if (values.empty()) return s;
  s.least = *std::min_element(values.begin(), values.end());
  s.most = *std::max_element(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  for (const double value : values) s.mean += value / n;
  double squares = 0;
  for (const double value : values) squares += (value - s.mean) * (value - s.mean);
  s.deviation = values.size() > 1 ? std::sqrt(squares / (n - 1)) : 0;
  return s;
}

std::string why_not(const Spread& recorded, const Spread& simulated, bool is_time) {
  if (recorded.count == 0) return simulated.count == 0 ? "" : "was never recorded";
  if (simulated.count == 0) return "never happens";
  const double wider = is_time ? kWiderS : 0;
  if (recorded.least < simulated.least - wider || recorded.most > simulated.most + wider) {
    return "a recorded run lies outside the range";
  }
  const double error = simulated.deviation / std::sqrt(static_cast<double>(recorded.count));
  const double apart = std::abs(recorded.mean - simulated.mean);
  if (is_time && apart > 3 * error + kProcessStartS) {
    return fmt::format("the means are {:.3f} s apart, and {:.3f} s are allowed", apart,
                       3 * error + kProcessStartS);
  }
  return "";
}

void add_verdicts(const KeepalivedCase& c, std::size_t seeds, std::vector<TimingVerdict>& out) {
  std::map<std::string, std::vector<double>> simulated;
  // Connections have two ends only, and take a hundred requests each.
  if (c.what == KeepalivedCase::What::survival) seeds = std::max<std::size_t>(seeds / 10, 20);
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    for (const auto& [name, value] : keepalived_trial(c, seed)) simulated[name].push_back(value);
  }
  for (const auto& [name, values] : c.recorded) {
    TimingVerdict verdict{c.title, name, spread_of(values), spread_of(simulated[name]), ""};
    verdict.why = why_not(verdict.recorded, verdict.simulated, name.ends_with("_s"));
    out.push_back(std::move(verdict));
  }
}

std::string spread_text(const Spread& s) {
  if (s.count == 0) return fmt::format("{:>6} {:>7} {:>7} {:>7}", 0, "", "", "");
  return fmt::format("{:>6} {:>7.3f} {:>7.3f} {:>7.3f}", s.count, s.least, s.mean, s.most);
}

void write_spread(JsonWriter& json, const char* name, const Spread& s) {
  json.key(name).begin_row();
  json.field("n", std::uint64_t{s.count});
  if (s.count > 0) json.field("min", s.least).field("mean", s.mean).field("max", s.most);
  json.end_object();
}

void write_timing(JsonWriter& json, const TimingVerdict& v) {
  json.begin_object();
  json.field("case", v.title).field("quantity", v.quantity);
  write_spread(json, "recorded", v.recorded);
  write_spread(json, "simulated", v.simulated);
  json.field("pass", v.pass());
  json.end_object();
}

}  // namespace

std::vector<TimingVerdict> judge_keepalived(const std::vector<KeepalivedCase>& cases,
                                            std::size_t seeds) {
  std::vector<TimingVerdict> verdicts;
  for (const KeepalivedCase& c : cases) add_verdicts(c, seeds, verdicts);
  return verdicts;
}

std::string timings_text(const std::vector<TimingVerdict>& verdicts) {
  std::size_t title = 0;
  std::size_t quantity = 0;
  for (const TimingVerdict& v : verdicts) {
    title = std::max(title, v.title.size());
    quantity = std::max(quantity, v.quantity.size());
  }
  const std::string four = fmt::format("{:>6} {:>7} {:>7} {:>7}", "n", "min", "mean", "max");
  std::string text = fmt::format("{:{}}  {:{}}  {:30}  {:30}\n", "", title, "", quantity,
                                 "  recorded", "  simulated");
  text += fmt::format("{:{}}  {:{}}  {}  {}  verdict\n", "case", title, "quantity", quantity, four,
                      four);
  for (const TimingVerdict& v : verdicts) {
    text +=
        fmt::format("{:{}}  {:{}}  {}  {}  {}\n", v.title, title, v.quantity, quantity,
                    spread_text(v.recorded), spread_text(v.simulated), v.pass() ? "pass" : "fail");
    if (!v.pass()) text += "  " + v.why + '\n';
  }
  return text + totals_text("quantities", verdicts);
}

std::string timings_json(const std::vector<TimingVerdict>& verdicts) {
  return report_json("timings", verdicts, write_timing);
}

}  // namespace lbsim::validation
