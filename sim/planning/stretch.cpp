#include "planning/stretch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/error.hpp"
#include "planning/page_mix.hpp"
#include "scenario/site_checks.hpp"

namespace lbsim::planning {
namespace {

constexpr double kSampleS = 60;
constexpr double kWarmUpLeastS = 30;
constexpr double kWarmUpMostS = 300;
constexpr double kWarmUpBeyondS = 15;  // the keep-alive, so that connections have begun to end

Duration longest_keepalive(const SiteConfig& site) {
  Duration longest{};
  for (const TierConfig& tier : site.tiers) {
    if (const auto* proxy = std::get_if<ProxyTierConfig>(&tier.device)) {
      longest = std::max(longest, proxy->client_keepalive);
    } else if (const auto* servers = std::get_if<ServerTierConfig>(&tier.device)) {
      longest = std::max(longest, servers->client_keepalive);
    }
  }
  return longest;
}

double warm_up_s(const SiteConfig& site) {
  const double wanted = to_seconds(longest_keepalive(site)) + kWarmUpBeyondS;
  return std::clamp(wanted, kWarmUpLeastS, kWarmUpMostS);
}

std::string hours_text(double from_s, double to_s) {
  const auto clock = [](double at_s) {
    const auto s = static_cast<long>(at_s + 0.5);
    return fmt::format("{:02}:{:02}:{:02}", s / 3600 % 24, s / 60 % 60, s % 60);
  };
  return clock(from_s) + '-' + clock(to_s);
}

// Measured from `from_s` of the day for `length_s`.
Stretch stretch_at(const scenario::LoadedScenario& loaded, double from_s, double length_s,
                   const std::string& what) {
  const double warm = warm_up_s(loaded.site);
  const double days_s = from_s < warm ? loaded.day_curve.period_s() : 0;
  return {{days_s + from_s - warm, warm + length_s},
          warm,
          days_s,
          fmt::format("{}, {}", what, hours_text(from_s, from_s + length_s))};
}

// The busiest minute and what follows at its rate.
Stretch peak_of(const scenario::LoadedScenario& loaded, const BusiestMinute& peak) {
  const workload::RateCurve& curve = loaded.day_curve;
  const double window_end_s = loaded.window.start_s + loaded.window.length_s;
  const double requests_per_s = peak.pages_per_s * page_mix(loaded.site).requests_per_page;
  const double wanted_s = std::ceil(kSampleRequests / std::max(requests_per_s, 1e-9) / 10) * 10;
  double end_s = peak.start_s;
  while (end_s < window_end_s && end_s - peak.start_s < wanted_s &&
         curve.rate_at(end_s) >= curve.rate_at(peak.start_s) * (1 - 1e-9)) {
    end_s = (std::floor(end_s / curve.slice_s() + 1e-9) + 1) * curve.slice_s();
  }
  const double lasts_s = std::min(std::min(end_s, window_end_s) - peak.start_s, wanted_s);
  const double length_s = std::max(lasts_s, std::min(kSampleS, loaded.window.length_s));
  return stretch_at(loaded, peak.start_s, length_s,
                    length_s == kSampleS ? std::string("the busiest minute")
                                         : fmt::format("{:g} s at the highest rate", length_s));
}

bool has_node(const SiteConfig& site, const std::string& name) {
  for (const TierConfig& tier : site.tiers) {
    for (std::int64_t i = 1; i <= scenario::machines_of(tier); ++i) {
      if (name == fmt::format("{}.{}", tier.name, i)) return true;
    }
  }
  return false;
}

std::string nodes_text(const SiteConfig& site) {
  std::string text;
  for (const TierConfig& tier : site.tiers) {
    text += fmt::format("{}{}.1 to {}.{}", text.empty() ? "" : ", ", tier.name, tier.name,
                        scenario::machines_of(tier));
  }
  return text;
}

}  // namespace

Crash parse_crash(const std::string& text, const std::string& flag) {
  const std::size_t at = text.find('@');
  const auto fail = [&](const std::string& message) {
    throw InputError(
        Diagnostic{{}, 0, 0, flag, message, "write NODE@peak or NODE@HH:MM: vip.1@peak"});
  };
  if (at == std::string::npos || at == 0) fail(fmt::format("cannot read \"{}\"", text));
  Crash crash;
  crash.node = text.substr(0, at);
  const std::string when = text.substr(at + 1);
  if (when == "peak") return crash;
  crash.at_peak = false;
  const auto clock = units::parse_clock(when);
  if (!clock) fail(fmt::format("\"{}\" is no time of the day", when));
  crash.at_s = to_seconds(*clock.value);
  return crash;
}

void add_crashes(scenario::LoadedScenario& loaded, const std::vector<Crash>& crashes,
                 const std::string& flag) {
  for (const Crash& crash : crashes) {
    if (!has_node(loaded.site, crash.node)) {
      throw InputError(Diagnostic{{},
                                  0,
                                  0,
                                  flag,
                                  fmt::format("there is no node {}", crash.node),
                                  "there are " + nodes_text(loaded.site)});
    }
    const double peak_s =
        busiest_minute(loaded.site.workload, loaded.day_curve, loaded.window).start_s;
    FaultConfig fault;
    fault.node = crash.node;
    fault.at = kTimeZero + from_seconds(crash.at_peak ? peak_s : crash.at_s);
    loaded.site.faults.push_back(fault);
    // The window need not have held a fault that is asked for by its time.
    const double end_s = loaded.window.start_s + loaded.window.length_s;
    if (crash.at_peak || (crash.at_s >= loaded.window.start_s && crash.at_s < end_s)) continue;
    const double from_s = std::min(loaded.window.start_s, crash.at_s);
    loaded.window = {from_s, std::max(end_s, crash.at_s + 1) - from_s};
  }
}

std::vector<Stretch> stretches_of(const scenario::LoadedScenario& loaded, Duration slo_window) {
  const Window& window = loaded.window;
  if (slo_window == Duration{}) {
    return {stretch_at(loaded, window.start_s, window.length_s, "the whole window")};
  }
  const double slo_s = to_seconds(slo_window);
  const BusiestMinute peak = busiest_minute(loaded.site.workload, loaded.day_curve, window);
  std::vector<Stretch> all;
  std::vector<double> at;
  for (const FaultConfig& fault : loaded.site.faults) {
    const double from_s = to_seconds(fault.at);
    const bool inside = from_s >= window.start_s && from_s < window.start_s + window.length_s;
    if (!inside || std::find(at.begin(), at.end(), from_s) != at.end()) continue;
    at.push_back(from_s);
    all.push_back(stretch_at(loaded, from_s, slo_s, "from the fault of " + fault.node + " on"));
  }
  if (std::find(at.begin(), at.end(), peak.start_s) == at.end()) {
    all.insert(all.begin(), peak_of(loaded, peak));
  }
  return all;
}

RunPlan stretch_plan(const std::shared_ptr<const scenario::LoadedScenario>& loaded,
                     const Stretch& stretch, std::uint64_t seed, KernelKind kernel) {
  RunPlan plan;
  plan.site = loaded->site;
  plan.site.seed = seed;
  plan.window = stretch.window;
  const Time begin = kTimeZero + from_seconds(stretch.window.start_s);
  std::stable_sort(plan.site.faults.begin(), plan.site.faults.end(),
                   [](const FaultConfig& a, const FaultConfig& b) { return a.at < b.at; });
  for (FaultConfig& fault : plan.site.faults) {
    fault.at = std::max(fault.at + from_seconds(stretch.days_s), begin);
  }
  plan.kernel = kernel;
  plan.windows = WindowsPlan{from_seconds(stretch.warm_up_s), {}};
  plan.arrivals = [loaded, window = stretch.window, seed] {
    return std::make_unique<PageArrivals>(loaded->site.workload, loaded->day_curve, window, seed);
  };
  return plan;
}

}  // namespace lbsim::planning
