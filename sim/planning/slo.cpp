#include "planning/slo.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/check.hpp"
#include "core/error.hpp"
#include "planning/metric.hpp"
#include "scenario/units.hpp"

namespace lbsim::planning {
namespace {

constexpr auto kSloHint = "write a list such as \"p99<=300ms,errors<=0.1%\"";

[[noreturn]] void reject_slo(const std::string& flag, const std::string& message,
                             const std::string& hint = kSloHint) {
  throw InputError(Diagnostic{{}, 0, 0, flag, message, hint});
}

std::string trimmed(const std::string& text) {
  const std::size_t from = text.find_first_not_of(" \t");
  if (from == std::string::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

std::size_t slo_metric(const std::string& name, const std::string& flag) {
  const std::size_t metric = metric_index(name);
  if (metric < kSloMetrics) return metric;
  std::vector<std::string> names;
  std::string all;
  for (std::size_t i = 0; i < kSloMetrics; ++i) {
    names.emplace_back(metrics()[i].name);
    all += (i == 0 ? "" : ", ") + names.back();
  }
  const std::string nearest = nearest_word(name, names);
  reject_slo(flag, fmt::format("there is no metric \"{}\"", name),
             nearest.empty() ? "an SLO may limit " + all : "did you mean " + nearest + "?");
}

SloLimit parse_limit(const std::string& part, const std::string& flag) {
  const std::size_t sign = part.find_first_of("<>=");
  if (part.empty() || sign == std::string::npos || part.substr(sign, 2) != "<=") {
    reject_slo(flag, fmt::format("cannot read \"{}\" as a limit", part));
  }
  SloLimit limit;
  limit.metric = slo_metric(trimmed(part.substr(0, sign)), flag);
  const std::string value = trimmed(part.substr(sign + 2));
  const std::string field = flag + ' ' + std::string(metrics()[limit.metric].name);
  if (metrics()[limit.metric].unit == "percent") {
    limit.limit = units::parse_percent(value).or_throw(field) * 100;
  } else {
    limit.limit = to_seconds(units::parse_duration(value).or_throw(field)) * 1e3;
    if (limit.limit <= 0) reject_slo(field, "a latency is above 0", "write for example 300ms");
  }
  if (limit.limit < 0) reject_slo(field, "errors are not below 0", "write for example 0.1%");
  if (metrics()[limit.metric].unit == "percent" && limit.limit > 100) {
    reject_slo(field, "more than all requests cannot fail", "write for example 0.1%");
  }
  return limit;
}

// The share of requests that a limit on a percentile lets through; 1 for max.
double rank_of(std::size_t metric) {
  const std::string_view name = metrics()[metric].name;
  if (name == "max") return 1;
  if (name == "p999") return 0.999;
  return (10.0 * (name[1] - '0') + (name[2] - '0')) / 100;
}

std::string quantity_text(std::size_t metric, double value) {
  const bool percent = metrics()[metric].unit == "percent";
  if (!std::isfinite(value)) return "no answer";
  return fmt::format("{:.4g} {}", value, percent ? "%" : "ms");
}

// Over 1: beyond the limit.
double strain(const SloLimit& limit, double value) {
  if (limit.limit > 0) return value / limit.limit;
  return value > 0 ? 1e9 : 0;
}

}  // namespace

Slo parse_slo(const std::string& text, const std::string& flag) {
  Slo slo;
  slo.text = text;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    slo.limits.push_back(parse_limit(trimmed(text.substr(from, comma - from)), flag));
    const std::size_t metric = slo.limits.back().metric;
    for (std::size_t i = 0; i + 1 < slo.limits.size(); ++i) {
      if (slo.limits[i].metric != metric) continue;
      reject_slo(flag, fmt::format("{} is limited twice", metrics()[metric].name),
                 "keep the limit that counts");
    }
    from = comma + 1;
  }
  return slo;
}

Duration parse_slo_window(const std::string& text, const std::string& flag) {
  if (text == "day") return {};
  const auto length = units::parse_duration(text);
  if (!length) reject_slo(flag, length.message, "write a time such as 5m, or day");
  if (*length.value < seconds(1)) {
    reject_slo(flag, "a window has at least 1 s", "write a time such as 5m, or day");
  }
  return *length.value;
}

double value_of(const SloLimit& limit, const WindowCounts& window) {
  const std::string_view name = metrics()[limit.metric].name;
  const LatencySketch& latency = window.latency;
  const auto ok = static_cast<double>(latency.count());
  const auto ended = static_cast<double>(window.ended);
  if (ended == 0) return 0;
  if (name == "errors") return 100.0 * (ended - ok) / ended;
  if (ok == 0) return std::numeric_limits<double>::infinity();
  if (name == "mean") return latency.mean_s() * 1e3;
  const double rank = name == "max" ? 1 : rank_of(limit.metric) * ended / ok;
  if (rank > 1) return std::numeric_limits<double>::infinity();
  return latency.quantile_s(rank) * 1e3;
}

double bound_of(const SloLimit& limit, const WindowCounts& window) {
  const std::string_view name = metrics()[limit.metric].name;
  const auto ended = static_cast<double>(window.ended);
  if (name == "mean") return limit.limit * static_cast<double>(window.latency.count());
  if (name == "errors") return limit.limit / 100 * ended;
  return (1 - rank_of(limit.metric)) * ended;
}

double excess_of(const SloLimit& limit, const WindowCounts& window) {
  const std::string_view name = metrics()[limit.metric].name;
  const auto ok = static_cast<double>(window.latency.count());
  const auto ended = static_cast<double>(window.ended);
  if (name == "mean") {
    return ok > 0 ? (window.latency.mean_s() * 1e3 - limit.limit) * ok : limit.limit * ended;
  }
  if (name == "errors") return ended - ok - bound_of(limit, window);
  const double within = window.latency.share_within(from_seconds(limit.limit * 1e-3)) * ok;
  if (name == "max" && ok > 0) return ok - within;
  return ended - within - bound_of(limit, window);
}

SloVerdict judge(const Slo& slo, const RunResult& result) {
  const Recorder& recorder = result.recorder;
  LBSIM_CHECK(!recorder.windows().empty());
  SloVerdict verdict;
  double most = -1;
  for (std::size_t i = 0; i < recorder.windows().size(); ++i) {
    for (const SloLimit& limit : slo.limits) {
      const double value = value_of(limit, recorder.windows()[i]);
      if (strain(limit, value) <= most) continue;
      most = strain(limit, value);
      const double from_s = recorder.window_from_s(i);
      const bool last = i + 1 == recorder.windows().size();
      verdict = {most <= 1, limit, value, from_s,
                 last ? result.simulated_s : recorder.window_from_s(i + 1)};
    }
  }
  return verdict;
}

std::string limit_text(const SloLimit& limit, double value) {
  return fmt::format("{} {} {} {}", metrics()[limit.metric].name,
                     quantity_text(limit.metric, value), strain(limit, value) <= 1 ? "<=" : ">",
                     quantity_text(limit.metric, limit.limit));
}

}  // namespace lbsim::planning
