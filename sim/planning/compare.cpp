#include "planning/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/json_writer.hpp"
#include "core/math.hpp"
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

}  // namespace

double student_t_975(int degrees) {
  static constexpr double kSmall[] = {12.706204736, 4.302652730, 3.182446305, 2.776445105,
                                      2.570581836,  2.446911851, 2.364624252, 2.306004135,
                                      2.262157163,  2.228138852};
  if (degrees <= 10) return kSmall[std::max(degrees, 1) - 1];
  // Cornish and Fisher's expansion; Abramowitz and Stegun 26.7.5.
  const double z = normal_quantile(0.975);
  const double n = degrees;
  const double z2 = z * z;
  return z + z * (z2 + 1) / (4 * n) + z * ((5 * z2 + 16) * z2 + 3) / (96 * n * n) +
         z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / (384 * n * n * n);
}

void Comparison::add(std::size_t index, planning::RunReport run) {
  if (metrics_.size() <= index) metrics_.resize(index + 1);
  metrics_[index].push_back(
      {run.number("mean"), run.number("p50"), run.number("p99"), run.number("errors") / 100});
  if (first_.size() <= index) first_.push_back(std::move(run));
}

std::size_t Comparison::replications() const {
  std::size_t fewest = metrics_.empty() ? 0 : metrics_.front().size();
  for (const auto& m : metrics_) fewest = std::min(fewest, m.size());
  return fewest;
}

std::vector<Comparison::Difference> Comparison::differences() const {
  const struct {
    const char* name;
    double Metrics::*member;
  } kMetrics[] = {{"latency_ms_mean", &Metrics::mean_ms},
                  {"latency_ms_p50", &Metrics::p50_ms},
                  {"latency_ms_p99", &Metrics::p99_ms},
                  {"error_share", &Metrics::errors}};
  std::vector<Difference> all;
  const auto n = static_cast<double>(replications());
  for (std::size_t i = 1; i < first_.size(); ++i) {
    for (const auto& [name, member] : kMetrics) {
      double sum = 0;
      double squares = 0;
      for (std::size_t r = 0; r < replications(); ++r) {
        const double d = metrics_[i][r].*member - metrics_[0][r].*member;
        sum += d;
        squares += d * d;
      }
      Difference difference{name, first_[0].scenario, first_[i].scenario, sum / n,
                            std::numeric_limits<double>::infinity()};
      if (replications() > 1) {
        const double variance = std::max(0.0, (squares - sum * sum / n) / (n - 1));
        difference.ci95 = student_t_975(static_cast<int>(n) - 1) * std::sqrt(variance / n);
      }
      all.push_back(std::move(difference));
    }
  }
  return all;
}

std::string Comparison::text() const {
  std::string text = comparison_text(first_);
  if (first_.size() < 2) return text;
  if (replications() < 2) {
    return text + "\nOne run each: --replications 10 tells which differences are real.\n";
  }
  text += fmt::format("\nDifferences to {} over {} paired replications:\n", first_[0].scenario,
                      replications());
  for (const Difference& d : differences()) {
    const bool real = std::fabs(d.difference) > d.ci95;
    text += fmt::format("  {:<40}{:<18}{:>+12.4f} +- {:<10.4f}{}\n", d.b, d.metric, d.difference,
                        d.ci95, real ? "real" : "not distinguishable");
  }
  return text;
}

std::string Comparison::json(bool partial) const {
  std::string runs;
  for (const planning::RunReport& run : first_) {
    runs += (runs.empty() ? "\n  " : ",\n  ") + indented(run.json);
  }
  JsonWriter json;
  json.begin_array();
  for (const Difference& d : differences()) {
    json.begin_row().field("metric", d.metric).field("a", d.a).field("b", d.b);
    json.field("difference", d.difference).field("ci95", d.ci95).key("real");
    if (std::isfinite(d.ci95)) {
      json.value(std::fabs(d.difference) > d.ci95);
    } else {
      json.value(std::numeric_limits<double>::quiet_NaN());
    }
    json.end_object();
  }
  json.end_array();
  return fmt::format(
      "{{\n \"schema\": 1,\n \"partial\": {},\n \"replications\": {},\n"
      " \"runs\": [{}\n ],\n \"differences\": {}\n}}\n",
      partial, replications(), runs, indented(json.text()));
}

}  // namespace lbsim
