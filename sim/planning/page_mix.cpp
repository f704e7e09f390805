#include "planning/page_mix.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/math.hpp"
#include "devices/contents.hpp"

namespace lbsim::planning {
namespace {

// P(Binomial(n, p) <= k) for k = 0 .. n.
std::vector<double> binomial_cdf(int n, double p) {
  std::vector<double> cdf(static_cast<std::size_t>(n) + 1, p <= 0 ? 1.0 : 0.0);
  cdf.back() = 1;
  if (p <= 0 || p >= 1) return cdf;
  double sum = 0;
  double term = exact_exp(n * exact_log(1 - p));
  for (int k = 0; k < n; ++k) {
    sum += term;
    cdf[static_cast<std::size_t>(k)] = sum;
    term *= static_cast<double>(n - k) / (k + 1) * p / (1 - p);
  }
  return cdf;
}

// Idle connections of clients are closed by whoever ends them: the first HTTP proxy, or the
// servers.
Duration client_keepalive(const SiteConfig& site) {
  for (const TierConfig& tier : site.tiers) {
    const auto* proxy = std::get_if<ProxyTierConfig>(&tier.device);
    if (proxy != nullptr && proxy->mode == ProxyMode::http) return proxy->client_keepalive;
  }
  return std::get<ServerTierConfig>(site.tiers.back().device).client_keepalive;
}

// The most connections that any page of a run needs. A page needs one for its document, and then
// one for each asset until the browser's limit c: M = max(1, min(c, A)), A binomial. Connections
// stay over a run of pages, which goes on after each page with probability r; so with F the
// distribution of M and a geometric number of pages N, P(max of N pages <= k) = F(k) (1 - r) / (1 -
// r F(k)).
double mean_connections_of_run(const WorkloadConfig& workload, double r) {
  const std::vector<double> assets = binomial_cdf(workload.assets, 1 - workload.asset_cached);
  double mean = 1;
  for (int k = 1; k < workload.connections; ++k) {
    const double f = k < workload.assets ? assets[static_cast<std::size_t>(k)] : 1.0;
    mean += 1 - f * (1 - r) / (1 - r * f);
  }
  return mean;
}

// The mean of the size in segments, rounded up. Sizes that vary by more than a segment fill half of
// the last one in the mean.
double whole_segments(const Distribution& bytes, int segment_bytes) {
  const double segments = bytes.mean / segment_bytes;
  return bytes.law == Law::fixed ? std::floor(segments) + 1 : segments + 0.5;
}

}  // namespace

PageMix page_mix(const SiteConfig& site) {
  const WorkloadConfig& workload = site.workload;
  const double assets = workload.assets * (1 - workload.asset_cached);
  PageMix mix;
  mix.requests_per_page = 1 + assets;
  mix.service_s = (mean_service_s(workload, true) + assets * mean_service_s(workload, false)) /
                  mix.requests_per_page;
  mix.response_bytes =
      (mean_response_bytes(workload, true) + assets * mean_response_bytes(workload, false)) /
      mix.requests_per_page;
  const int segment_bytes = site.network.segment_bytes;
  mix.response_segments = (whole_segments(workload.document.response_bytes, segment_bytes) +
                           assets * whole_segments(workload.asset.response_bytes, segment_bytes)) /
                          mix.requests_per_page;
  mix.request_bytes = workload.request_bytes;
  mix.sessions_per_page = 1 / workload.pages_per_session;

  const double goes_on = 1 - mix.sessions_per_page;
  const double keepalive_s = to_seconds(client_keepalive(site));
  const double think_s = to_seconds(workload.think);
  const double in_time = think_s > 0 ? 1 - exact_exp(-keepalive_s / think_s) : 1;
  const double r = goes_on * in_time;
  const double held = mean_connections_of_run(workload, r);
  mix.connections_per_request = held * (1 - r) / mix.requests_per_page;
  // After a page, its connections wait for the next one, or in vain for the keepalive.
  const double wait_s = goes_on * think_s + (1 - goes_on) * keepalive_s;
  mix.open_connections_s = held * wait_s / mix.requests_per_page;
  return mix;
}

BusiestMinute busiest_minute(const WorkloadConfig& workload, const workload::RateCurve& curve,
                             const Window& window) {
  const double end_s = window.start_s + window.length_s;
  const double width_s = std::min(60.0, window.length_s);
  // The mean over a sliding minute is linear between the moments where one of its ends crosses a
  // border of the curve's slices, so its maximum is at one of these.
  std::vector<double> starts = {window.start_s, end_s - width_s};
  const double first = std::floor(window.start_s / curve.slice_s()) * curve.slice_s();
  for (double border = first; border <= end_s; border += curve.slice_s()) {
    for (const double start : {border - width_s, border}) {
      if (start > window.start_s && start + width_s <= end_s) starts.push_back(start);
    }
  }
  std::sort(starts.begin(), starts.end());  // the earliest of equals
  BusiestMinute best;
  const double pages_per_s = workload.page_views_per_day / 86400.0;
  for (const double start : starts) {
    const double rate = pages_per_s * curve.integral(start, start + width_s) / width_s;
    if (rate > best.pages_per_s * (1 + 1e-9)) best = {start, rate};
  }
  return best;
}

}  // namespace lbsim::planning
