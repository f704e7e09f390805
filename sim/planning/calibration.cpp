#include "planning/calibration.hpp"

#include <algorithm>
#include <cmath>

namespace lbsim::planning {
namespace {

constexpr std::size_t kParts = 100;
constexpr std::uint64_t kFewest = 30;       // values that make a distribution
constexpr double kBelowResolutionUs = 500;  // a logged 0 ms lies between 0 and 1 ms

std::uint64_t count_of(const std::vector<workload::Tally::Entry>& entries) {
  std::uint64_t count = 0;
  for (const auto& entry : entries) count += entry.count;
  return count;
}

// The means of equal parts of the sorted values, at most kParts; values below `least` count as it.
std::vector<double> part_means(const std::vector<workload::Tally::Entry>& entries, double least) {
  const auto count = static_cast<double>(count_of(entries));
  const std::size_t parts = std::min<std::size_t>(kParts, count_of(entries));
  const double each = count / static_cast<double>(parts);
  std::vector<double> means(parts, 0.0);
  double begin = 0;  // rank of the entry's first value
  for (const auto& [value, times] : entries) {
    const double end = begin + static_cast<double>(times);
    auto part = static_cast<std::size_t>(begin / each);
    for (; part < parts && static_cast<double>(part) * each < end; ++part) {
      const double from = std::max(begin, static_cast<double>(part) * each);
      const double to = std::min(end, static_cast<double>(part + 1) * each);
      if (to > from)
        means[part] += std::max(static_cast<double>(value), least) * (to - from) / each;
    }
    begin = end;
  }
  return means;
}

Distribution empirical(const std::vector<double>& values) {
  Distribution d;
  d.law = Law::empirical;
  for (const double value : values) d.mean += value / static_cast<double>(values.size());
  d.values = std::make_shared<const std::vector<double>>(values);
  return d;
}

FittedKind fit_kind(workload::ProfileOfKind& kind, double speed) {
  FittedKind fitted;
  if (count_of(kind.sizes.entries()) >= kFewest) fitted.sizes = part_means(kind.sizes.entries(), 1);
  for (double& size : fitted.sizes) size = std::round(size);
  const struct {
    workload::Tally& times;
    const char* from;
  } kSources[] = {
      {kind.quiet_server_times_us, "the servers' times in the quieter half of the minutes"},
      {kind.quiet_total_times_us,
       "the requests' times in the quieter half of the minutes, which hold what sending took, "
       "too"}};
  for (const auto& [times, from] : kSources) {
    if (count_of(times.entries()) < kFewest || !fitted.times_s.empty()) continue;
    fitted.times_s = part_means(times.entries(), kBelowResolutionUs);
    for (double& time : fitted.times_s) time = std::round(time * speed) * 1e-6;
    fitted.times_from = from;
  }
  return fitted;
}

// A request takes the time of speed 1 over its server's speed; servers are picked by weight.
double mean_speed(const SiteConfig& site) {
  double weights = 0;
  double times = 0;
  for (const auto& group : std::get<ServerTierConfig>(site.tiers.back().device).groups) {
    weights += group.weight * group.count;
    times += group.weight * group.count / group.speed;
  }
  return times > 0 ? weights / times : 1;
}

void apply(const FittedKind& fitted, FetchConfig& fetch) {
  if (!fitted.sizes.empty()) fetch.response_bytes = empirical(fitted.sizes);
  if (!fitted.times_s.empty()) fetch.service = empirical(fitted.times_s);
}

void fit_page(Calibration& c) {
  const double per_page =
      static_cast<double>(c.log.assets.requests) / static_cast<double>(c.log.documents.requests);
  c.workload.assets = static_cast<int>(std::min(std::ceil(per_page), 1000.0));
  c.workload.asset_cached =
      c.workload.assets == 0 ? 0 : std::max(0.0, 1 - per_page / c.workload.assets);
}

void fit_visits(Calibration& c) {
  if (c.log.visits == 0 || c.log.gaps < kFewest) return;
  c.fits_visits = true;
  c.workload.pages_per_session =
      1 + static_cast<double>(c.log.gaps) / static_cast<double>(c.log.visits);
  const double think_s = c.log.gap_sum_s / static_cast<double>(c.log.gaps);
  c.workload.think = std::max(milliseconds(std::llround(think_s * 1e3)), milliseconds(1));
}

RunPlan plan_of(const Calibration& c, const scenario::LoadedScenario& base) {
  RunPlan plan;
  plan.site = base.site;
  plan.site.workload = c.workload;
  plan.site.faults.clear();
  for (ClientGroupConfig& group : plan.site.clients) group.latency = microseconds(1);
  auto& dns = std::get<DnsTierConfig>(plan.site.dns.device);
  dns.authority_latency = picoseconds(1);
  dns.answer_cpu = Duration{};
  plan.window = {0, 86400};
  return plan;
}

Reproduction run_day(const Calibration& c, const scenario::LoadedScenario& base,
                     const std::function<bool(const Progress&)>& progress) {
  RunPlan plan = plan_of(c, base);
  const workload::RateCurve curve({c.hours.begin(), c.hours.end()}, 3600);
  plan.progress = progress;
  plan.arrivals = [&] {
    return std::make_unique<PageArrivals>(plan.site.workload, curve, plan.window, plan.site.seed);
  };
  Reproduction result;
  result.run = run_site(plan);
  result.requests_per_minute.assign(1440, 0);
  for (const NodeStats& node : result.run.recorder.nodes()) {
    if (node.tier != plan.site.tiers.back().name) continue;
    for (std::size_t m = 0; m < std::min<std::size_t>(node.minutes.size(), 1440); ++m) {
      result.requests_per_minute[m] += static_cast<std::uint32_t>(node.minutes[m].requests);
      result.requests_per_hour[m / 60] += static_cast<double>(node.minutes[m].requests);
    }
  }
  result.dispersion = workload::dispersion_within_hours(result.requests_per_minute);
  return result;
}

// What one unit of workload.burst.index above 1 adds to the dispersion of requests per minute:
// every page brings its requests, and busy hours, where the factor counts most, weigh most.
double dispersion_of_burst(const Calibration& c) {
  double sum = 0;
  double squares = 0;
  for (const double hour : c.hours) {
    sum += hour;
    squares += hour * hour;
  }
  const double per_page = 1 + c.workload.assets * (1 - c.workload.asset_cached);
  return per_page * squares * 24 / (sum * sum);
}

}  // namespace

Calibration calibrate(const workload::LogProfile& log, const scenario::LoadedScenario& base) {
  Calibration c;
  c.log = log;
  if (c.log.documents.requests == 0) {  // files only: each is what a user came for
    std::swap(c.log.documents, c.log.assets);
    c.log.documents_per_hour = c.log.requests_per_hour;
  }
  c.workload = base.site.workload;
  c.hours = c.log.documents_per_hour;
  double pages = 0;
  for (const double hour : c.hours) pages += hour;
  c.workload.page_views_per_day = std::max(1.0, std::round(pages));
  c.server_speed = mean_speed(base.site);
  c.documents = fit_kind(c.log.documents, c.server_speed);
  c.assets = fit_kind(c.log.assets, c.server_speed);
  apply(c.documents, c.workload.document);
  apply(c.assets, c.workload.asset);
  fit_page(c);
  fit_visits(c);
  c.zipf = workload::zipf_exponent(c.log.url_counts);
  c.dispersion = workload::dispersion_within_hours(c.log.requests_per_minute);
  c.workload.burst_index = 1;
  c.workload.burst_interval = seconds(60);
  return c;
}

Reproduction reproduce(Calibration& c, const scenario::LoadedScenario& base,
                       const std::function<bool(const Progress&)>& progress) {
  c.workload.burst_index = 1;
  Reproduction smooth = run_day(c, base, progress);
  const double more = (c.dispersion - smooth.dispersion) / dispersion_of_burst(c);
  if (smooth.run.partial || more < 0.05) return smooth;
  c.workload.burst_index = 1 + std::round(more * 100) / 100;
  return run_day(c, base, progress);
}

}  // namespace lbsim::planning
