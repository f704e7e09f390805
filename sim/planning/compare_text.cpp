#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/json_writer.hpp"
#include "planning/compare.hpp"
#include "planning/summary.hpp"

namespace lbsim {
namespace {

// `text` of a JSON document as a value inside another one.
std::string indented(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "  ";
  }
  return out;
}

// Digits that show a difference of this size.
std::string number_text(double number, double scale) {
  const double size = std::max(std::fabs(scale), 1e-9);
  const int digits = std::clamp(2 - static_cast<int>(std::floor(std::log10(size))), 0, 7);
  return fmt::format("{:.{}f}", number, digits);
}

std::string meaning(const Difference& d) {
  if (d.real) return "real";
  if (d.interval.excludes_zero()) return "perhaps: real if it stood alone";
  return d.interval.half_width == 0 ? "none" : "not distinguishable";
}

std::string difference_row(const Difference& d) {
  const double scale = d.interval.half_width > 0 ? d.interval.half_width : d.b;
  const std::string percent =
      d.a != 0 && d.interval.estimate != 0
          ? fmt::format("({:+.2f} %)", d.interval.estimate / std::fabs(d.a) * 100)
          : "";
  return fmt::format("    {:<18}{:>14}{:>14}{:>14} +- {:<12}{:>12}  {}\n", d.metric,
                     number_text(d.a, scale), number_text(d.b, scale),
                     (d.interval.estimate > 0 ? "+" : "") + number_text(d.interval.estimate, scale),
                     number_text(d.interval.half_width, scale), percent, meaning(d));
}

std::string width_text(const planning::PrecisionGoal& goal, double width) {
  return fmt::format("{:.3g} %{}", width * 100, goal.measure.is_share() ? " of requests" : "");
}

std::string precision_lines(const std::vector<ComparedPrecision>& found, std::size_t replications) {
  std::string text;
  for (const ComparedPrecision& p : found) {
    const double times = p.widest / p.goal.half_width;
    const auto needed = static_cast<double>(replications) * times * times;
    text += p.reached
                ? fmt::format("Precision: {} is known to {} (wanted: {}) after {} replications.\n",
                              p.goal.measure.name, width_text(p.goal, p.widest),
                              width_text(p.goal, p.goal.half_width), replications)
            : std::isfinite(needed)
                ? fmt::format(
                      "No answer: {} replications give {} to {}, not to {}; about {:.0f} would.\n",
                      replications, p.goal.measure.name, width_text(p.goal, p.widest),
                      width_text(p.goal, p.goal.half_width), std::ceil(needed))
                : fmt::format("No answer: {} replications do not tell how sure {} is.\n",
                              replications, p.goal.measure.name);
  }
  return text;
}

std::string precision_json(const std::vector<ComparedPrecision>& found, std::size_t replications) {
  JsonWriter json;
  json.begin_array();
  for (const ComparedPrecision& p : found) {
    json.begin_row().field("metric", p.goal.measure.name).field("reached", p.reached);
    json.field("wanted", p.goal.half_width).field("widest", p.widest);
    json.field("replications", std::uint64_t{replications}).end_object();
  }
  json.end_array();
  return json.text();
}

}  // namespace

std::string Comparison::difference_table() const {
  const std::vector<Difference> all = differences();
  std::string text = fmt::format(
      "\nDifferences to {} over {} replications, paired by their seeds {} to {}: mean +- half of "
      "the "
      "95 % interval\n",
      first_[0].scenario, replications(), first_seed_, first_seed_ + replications() - 1);
  std::size_t other = 0;
  for (const Difference& d : all) {
    if (d.other != other) {
      text += fmt::format("  {}\n    {:<18}{:>14}{:>14}{:>14}\n", first_[d.other].scenario,
                          "metric", "first", "this", "difference");
    }
    other = d.other;
    text += difference_row(d);
  }
  return text +
         fmt::format(
             "Real: the chance that any of these {} is called real without being it is at most "
             "5 % (Holm 1979).\nEach interval alone covers the truth in 95 % of cases.\n",
             all.size());
}

std::string Comparison::text(const std::vector<planning::PrecisionGoal>& goals) const {
  std::string text = comparison_text(first_);
  if (first_.size() > 1) {
    text += replications() < 2
                ? "\nOne run each: --replications 10 tells which differences are real.\n"
                : difference_table();
  }
  if (goals.empty()) return text;
  return text + "\n" + precision_lines(precision(goals), replications());
}

std::vector<std::string> Comparison::pages() const {
  std::vector<std::string> pages;
  for (const planning::RunReport& run : first_) pages.push_back(run.page);
  return pages;
}

std::string Comparison::difference_json() const {
  JsonWriter json;
  json.begin_array();
  for (const Difference& d : differences()) {
    const bool known = std::isfinite(d.interval.half_width);
    json.begin_row().field("metric", d.metric).field("a", first_[0].scenario);
    json.field("b", first_[d.other].scenario).field("difference", d.interval.estimate);
    json.field("ci95", d.interval.half_width).key("real");
    known ? json.value(d.real) : json.value(std::numeric_limits<double>::quiet_NaN());
    json.field("a_mean", d.a).field("b_mean", d.b);
    json.field("p_value", known ? d.p_value : std::numeric_limits<double>::quiet_NaN());
    json.end_object();
  }
  json.end_array();
  return json.text();
}

std::string Comparison::json(bool partial,
                             const std::vector<planning::PrecisionGoal>& goals) const {
  std::string runs;
  for (const planning::RunReport& run : first_) {
    runs += (runs.empty() ? "\n  " : ",\n  ") + indented(run.json);
  }
  const std::string wanted =
      goals.empty() ? ""
                    : fmt::format(",\n \"precision\": {}",
                                  indented(precision_json(precision(goals), replications())));
  return fmt::format(
      "{{\n \"schema\": 1,\n \"partial\": {},\n \"replications\": {},\n"
      " \"runs\": [{}\n ],\n \"differences\": {}{}\n}}\n",
      partial, replications(), runs, indented(difference_json()), wanted);
}

}  // namespace lbsim
