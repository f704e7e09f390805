#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "planning/calibration.hpp"

namespace lbsim::planning {
namespace {

using Entries = std::vector<workload::Tally::Entry>;

std::string row(const std::string& what, double log, double fitted, const char* unit) {
  const std::string error =
      log != 0 ? fmt::format("{:+.1f} %", (fitted / log - 1) * 100) : std::string("-");
  const int digits = std::fabs(log) >= 1000 ? 0 : std::fabs(log) >= 10 ? 1 : 3;
  return fmt::format("  {:<30}{:>14.{}f}{:>14.{}f}  {:<12}{:>9}\n", what, log, digits, fitted,
                     digits, unit, error);
}

// Of both kinds together, each value with its weight.
struct Weighted {
  double value, weight;
};

void add_entries(const Entries& entries, std::vector<Weighted>& all) {
  for (const auto& [value, times] : entries) {
    all.push_back({static_cast<double>(value), static_cast<double>(times)});
  }
}

void add_values(const std::vector<double>& values, double requests, std::vector<Weighted>& all) {
  for (const double value : values) {
    all.push_back({value, requests / static_cast<double>(values.size())});
  }
}

double total_weight(const std::vector<Weighted>& all) {
  double sum = 0;
  for (const Weighted& w : all) sum += w.weight;
  return sum;
}

double mean_of(const std::vector<Weighted>& all) {
  double sum = 0;
  for (const Weighted& w : all) sum += w.value * w.weight;
  return sum / total_weight(all);
}

double quantile_of(std::vector<Weighted> all, double q) {
  std::sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.value < b.value; });
  const double wanted = q * total_weight(all);
  double seen = 0;
  for (const Weighted& w : all) {
    seen += w.weight;
    if (seen >= wanted - 1e-9) return w.value;
  }
  return all.back().value;
}

std::string rate_rows(const Calibration& c, const Reproduction& r) {
  std::string text;
  for (std::size_t h = 0; h < 24; ++h) {
    if (c.log.covered_s[h] == 0) continue;
    text += row(fmt::format("{:02}:00 to {:02}:00", h, h + 1), c.log.requests_per_hour[h],
                r.requests_per_hour[h], "requests/h");
  }
  return text;
}

std::string size_rows(const Calibration& c) {
  std::vector<Weighted> log;
  std::vector<Weighted> fitted;
  const struct {
    const FittedKind& fitted;
    workload::Tally sizes;
    double requests;
  } kKinds[] = {{c.documents, c.log.documents.sizes, static_cast<double>(c.log.documents.requests)},
                {c.assets, c.log.assets.sizes, static_cast<double>(c.log.assets.requests)}};
  for (auto kind : kKinds) {
    if (kind.fitted.sizes.empty()) continue;
    add_entries(kind.sizes.entries(), log);
    add_values(kind.fitted.sizes, kind.requests, fitted);
  }
  if (log.empty()) return "  sizes: the log has none\n";
  std::string text = row("size, mean", mean_of(log), mean_of(fitted), "bytes");
  for (const double q : {0.5, 0.9, 0.99}) {
    text += row(fmt::format("size, p{:.0f}", q * 100), quantile_of(log, q), quantile_of(fitted, q),
                "bytes");
  }
  return text;
}

std::string latency_rows(const Calibration& c, const Reproduction& r) {
  std::vector<Weighted> total;
  std::vector<Weighted> server;
  for (workload::ProfileOfKind kind : {c.log.documents, c.log.assets}) {
    add_entries(kind.total_times_us.entries(), total);
    add_entries(kind.server_times_us.entries(), server);
  }
  const std::vector<Weighted>& log = total.empty() ? server : total;
  if (log.empty()) {
    const std::string& why = c.log.why_no_times;
    return "  times: the log has none" + (why.empty() ? "" : "; " + why) + '\n';
  }
  const LatencySketch& l = r.run.recorder.latency();
  std::string text = row("latency at the proxy, mean", mean_of(log) / 1e3, l.mean_s() * 1e3, "ms");
  for (const double q : {0.5, 0.9, 0.99}) {
    text += row(fmt::format("latency at the proxy, p{:.0f}", q * 100), quantile_of(log, q) / 1e3,
                l.quantile_s(q) * 1e3, "ms");
  }
  return text;
}

// Share of requests for the first `top` URLs: logged, and by the Zipf law.
std::string popularity_row(const Calibration& c, std::size_t top) {
  double logged = 0;
  double all = 0;
  double by_law = 0;
  double law = 0;
  for (std::size_t k = 0; k < c.log.url_counts.size(); ++k) {
    const double weight = std::pow(static_cast<double>(k + 1), -c.zipf);
    const auto requests = static_cast<double>(c.log.url_counts[k]);
    all += requests;
    law += weight;
    if (k < top) logged += requests;
    if (k < top) by_law += weight;
  }
  return row(top == 1 ? "of the first URL" : fmt::format("of the first {} URLs", top),
             logged / all * 100, by_law / law * 100, "% of requests");
}

}  // namespace

std::string reproduction_text(const Calibration& c, const Reproduction& r) {
  std::string text = fmt::format("  {:<30}{:>14}{:>14}\n", "", "log", "fitted");
  double logged = 0;
  double fitted = 0;
  for (std::size_t h = 0; h < 24; ++h) {
    if (c.log.covered_s[h] == 0) continue;
    logged += c.log.requests_per_hour[h];
    fitted += r.requests_per_hour[h];
  }
  text += row("requests", logged, fitted, "a day") + rate_rows(c, r);
  text += row("dispersion per minute", c.dispersion, r.dispersion, "");
  text += size_rows(c) + latency_rows(c, r);
  text += fmt::format("  URLs by popularity: Zipf exponent {:.3f}\n", c.zipf);
  return text + popularity_row(c, 1) + popularity_row(c, 10) + popularity_row(c, 100);
}

}  // namespace lbsim::planning
