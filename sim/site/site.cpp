#include "site/site.hpp"

#include "devices/directors.hpp"
#include "devices/http_proxies.hpp"
#include "devices/kernels.hpp"
#include "devices/servers.hpp"
#include "devices/tcp_proxies.hpp"

namespace lbsim {
namespace {

template <class K>
std::unique_ptr<Tier<K>> make_tier(World<K>& world, const TierConfig& config, int index) {
  if (std::holds_alternative<LvsTierConfig>(config.device)) {
    return std::make_unique<Directors<K>>(world, config, index);
  }
  if (const auto* proxy = std::get_if<ProxyTierConfig>(&config.device)) {
    if (proxy->mode == ProxyMode::tcp) return std::make_unique<TcpProxies<K>>(world, config, index);
    return std::make_unique<HttpProxies<K>>(world, config, index);
  }
  return std::make_unique<Servers<K>>(world, config, index);
}

Duration client_keepalive(const SiteConfig& site) {
  for (const TierConfig& tier : site.tiers) {
    const auto* proxy = std::get_if<ProxyTierConfig>(&tier.device);
    if (proxy != nullptr && proxy->mode == ProxyMode::http) return proxy->client_keepalive;
  }
  return std::get<ServerTierConfig>(site.tiers.back().device).client_keepalive;
}

}  // namespace

template <class K>
Site<K>::Site(K& kernel, const RunPlan& plan, ArrivalSource& arrivals, Recorder& recorder)
    : world_(kernel, plan.site, recorder, plan.watch), plan_(plan) {
  transport_ = std::make_unique<Transport<K>>(world_);
  for (std::size_t i = 0; i < plan.site.tiers.size(); ++i) {
    world_.tiers.push_back(make_tier(world_, plan.site.tiers[i], static_cast<int>(i)));
  }
  for (std::size_t i = 0; i + 1 < world_.tiers.size(); ++i) {
    world_.tiers[i]->next = world_.tiers[i + 1].get();
  }
  for (const auto& tier : world_.tiers) tier->connect();
  transport_->connect_routes();
  names_ = std::make_unique<Names<K>>(world_, plan.site.dns, *world_.tiers.front());
  clients_ = std::make_unique<Clients<K>>(world_, arrivals, *names_, client_keepalive(plan.site));
  faults_ = std::make_unique<Faults<K>>(world_, plan.window);
  ticker_ = std::make_unique<Ticker<K>>(world_, plan);
}

template <class K>
void Site<K>::start() {
  faults_->start();
  ticker_->start();
  clients_->start();
}

template <class K>
bool Site<K>::run() {
  world_.kernel.run(*this);
  end_unfinished();
  return ticker_->interrupted();
}

// Only an interrupted run leaves any.
template <class K>
void Site<K>::end_unfinished() {
  for (std::uint32_t i = 0; i < world_.requests.capacity(); ++i) {
    const Request& request = world_.requests[i];
    if (request.session == kNone || request.counted) continue;
    const Time now = world_.kernel.now();
    world_.recorder.ended(RequestOutcome::unfinished, request.asked, now);
    if (request.traced != 0) {
      world_.recorder.trace()->finish(request.traced, RequestOutcome::unfinished, now);
    }
  }
}

LBSIM_FOR_EACH_KERNEL(Site)

}  // namespace lbsim
