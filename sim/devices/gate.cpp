#include "devices/gate.hpp"

#include <algorithm>

#include "devices/contents.hpp"
#include "devices/kernels.hpp"
#include "devices/transport.hpp"

namespace lbsim {
namespace {

namespace rules = algorithms::rules;
namespace limits = algorithms::limits;
using algorithms::cache::Lookup;

// As far as users see: a redirection or a page is what they came for, 4xx and 5xx are not.
RequestOutcome outcome_of_status(int status) {
  if (status >= 500) return RequestOutcome::server_error;
  return status >= 400 ? RequestOutcome::denied : RequestOutcome::ok;
}

rules::Seen seen_of(const SiteConfig& site, std::size_t content, std::size_t group,
                    std::size_t traits) {
  const ContentConfig& contents = site.workload.content;
  rules::Seen seen;
  if (content < contents.classes.size()) {
    seen.host = contents.classes[content].host;
    seen.path = contents.classes[content].path;
  }
  for (std::size_t h = 0; h < contents.headers.size(); ++h) {
    seen.headers.push_back(
        {contents.headers[h].name, trait_value(contents, h, static_cast<std::uint32_t>(traits))});
  }
  seen.network = site.clients[group].name;
  return seen;
}

}  // namespace

template <class K>
Gate<K>::Gate(World<K>& world, HttpProxies<K>& proxies, const ProxyTierConfig& config,
              const std::string& tier)
    : Component<K>(world),
      proxies_(proxies),
      config_(config.layer7),
      stats_(world.recorder.add_layer7(tier)),
      read_work_s_(to_seconds(std::min(config_.answer_cpu, config.request_cpu))),
      places_(static_cast<std::size_t>(config.count)),
      groups_(world.config.clients.size()),
      traits_(trait_count(world.config.workload.content)) {
  for (const RuleConfig& rule : config_.rules) {
    const auto named = std::find_if(config_.pools.begin(), config_.pools.end(),
                                    [&](const auto& pool) { return pool.name == rule.pool; });
    pools_.push_back(static_cast<std::uint8_t>(
        named == config_.pools.end() ? 0 : named - config_.pools.begin() + 1));
    stats_.rules.push_back({rule.name, 0});
  }
  for (const LimitConfig& limit : config_.limits) stats_.limits.push_back({limit.name, 0, 0, 0});
  stats_.cache.there = config_.cache.has_value();
  for (Place& place : places_) {
    forget_counts(place, 0);
    if (config_.cache) place.cache.emplace(config_.cache->keep);
  }
  decide_all(config);
}

// Everything that rules look at is known beforehand, so a request costs one look into a table.
template <class K>
void Gate<K>::decide_all(const ProxyTierConfig& config) {
  std::vector<rules::Condition> conditions;
  for (const RuleConfig& rule : config_.rules) conditions.push_back(rule.when);
  const rules::RuleSet set(std::move(conditions), config.kind == ProxyKind::nginx
                                                      ? rules::Precedence::longest_path
                                                      : rules::Precedence::first);
  const SiteConfig& site = this->world_.config;
  const std::size_t classes = std::max<std::size_t>(site.workload.content.classes.size(), 1);
  for (std::size_t i = 0; i < classes * groups_ * traits_; ++i) {
    const rules::Seen seen =
        seen_of(site, i / traits_ / groups_, i / traits_ % groups_, i % traits_);
    const std::size_t rule = set.find(seen);
    decisions_.push_back(rule == rules::kNoRule ? kNothing : static_cast<std::uint8_t>(rule));
    std::uint64_t held = 0;
    for (std::size_t l = 0; l < config_.limits.size(); ++l) {
      if (rules::holds(config_.limits[l].when, seen)) held |= std::uint64_t{1} << l;
    }
    limits_.push_back(held);
  }
}

template <class K>
std::size_t Gate<K>::combination(const Request& request) const {
  const std::size_t traits = this->world_.sessions[request.session].traits;
  return (request.content * groups_ + request.group) * traits_ + traits;
}

// Shared memory is lost with the processes; files of a cache are not.
template <class K>
typename Gate<K>::Place& Gate<K>::place(std::uint32_t node) {
  Place& place = places_[node];
  const std::uint8_t epoch = proxies_.machine(node).epoch;
  if (place.epoch != epoch) forget_counts(place, epoch);
  return place;
}

template <class K>
void Gate<K>::forget_counts(Place& place, std::uint8_t epoch) {
  place.epoch = epoch;
  place.rates.clear();
  place.open.clear();
  for (const LimitConfig& limit : config_.limits) {
    place.rates.emplace_back(limit.requests.value_or(limits::LeakyBucketConfig{}));
    place.open.emplace_back(limit.connections);
  }
}

template <class K>
Leg& Gate<K>::leg_of(std::uint32_t index) {
  return proxies_.innermost(this->world_.requests[index]);
}

template <class K>
std::uint64_t Gate<K>::key(const LimitConfig& limit, const Request& request) const {
  return limit.per_address ? this->world_.sessions[request.session].client.v4_host_order() : 0;
}

// A browser has a ticket as soon as its first handshake is over.
template <class K>
double Gate<K>::handshake_work(Session& session, std::uint32_t node) {
  if (!config_.tls) return 0;
  const TlsConfig& tls = *config_.tls;
  const auto own = static_cast<std::uint16_t>(node + 1);
  const bool by_any = tls.tickets == TlsTickets::shared && session.ticket != 0;
  const bool by_own = tls.tickets == TlsTickets::machine && session.ticket == own;
  const bool known = by_any || by_own;
  if (tls.tickets != TlsTickets::none) session.ticket = own;
  ++(known ? stats_.handshakes_resumed : stats_.handshakes_full);
  return to_seconds(known ? tls.resumed_cpu : tls.full_cpu);
}

template <class K>
void Gate<K>::read(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  ++request.legs;
  if (!proxies_.still_there(index)) return;
  leg_of(index).gate = kInside;
  if (limits_[combination(request)] != 0) return limit_rate(index);
  decide(index);
}

// As nginx's phases have it: limit_req before limit_conn, and both before a response is looked for.
template <class K>
void Gate<K>::limit_rate(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  const std::uint64_t held = limits_[combination(request)];
  Place& here = place(leg_of(index).node);
  Duration delay{};
  for (std::size_t l = 0; l < config_.limits.size(); ++l) {
    const LimitConfig& limit = config_.limits[l];
    if ((held >> l & 1) == 0 || !limit.requests) continue;
    const limits::Verdict verdict = here.rates[l].ask(key(limit, request), this->now());
    if (verdict.rejected) {
      ++stats_.limits[l].rejected;
      return answer(index, RequestOutcome::rate_limited);
    }
    delay = std::max(delay, verdict.delay);
    if (verdict.delay > Duration{}) ++stats_.limits[l].delayed;
  }
  for (std::size_t l = 0; l < config_.limits.size(); ++l) {
    const LimitConfig& limit = config_.limits[l];
    if ((held >> l & 1) == 0 || !limit.requests) continue;
    ++stats_.limits[l].passed;
    here.rates[l].take(key(limit, request), this->now());
  }
  if (delay == Duration{}) return limit_connections(index);
  request.carried = false;
  request.transfer = this->world_.kernel.after(delay, this->token(kHeldBack, index));
}

template <class K>
void Gate<K>::limit_connections(std::uint32_t index) {
  const std::uint64_t held = limits_[combination(this->world_.requests[index])];
  for (std::size_t l = 0; l < config_.limits.size(); ++l) {
    if ((held >> l & 1) == 0 || config_.limits[l].connections == 0) continue;
    if (!enters(index, l)) return answer(index, RequestOutcome::rate_limited);
  }
  decide(index);
}

template <class K>
bool Gate<K>::enters(std::uint32_t index, std::size_t l) {
  Leg& leg = leg_of(index);
  LimitCount& count = stats_.limits[l];
  if (!place(leg.node).open[l].enter(key(config_.limits[l], this->world_.requests[index]))) {
    ++count.rejected;
    return false;
  }
  ++count.passed;
  leg.gate |= static_cast<std::uint16_t>(kCounted << l);
  return true;
}

template <class K>
void Gate<K>::decide(std::uint32_t index) {
  const Request& request = this->world_.requests[index];
  const std::uint8_t rule = decisions_[combination(request)];
  if (rule == kNothing) return look(index);
  ++stats_.rules[rule].requests;
  leg_of(index).pool = pools_[rule];
  if (config_.rules[rule].redirect) return redirect(index);
  const int status = config_.rules[rule].status;
  if (status != 0) return answer(index, outcome_of_status(status));
  look(index);
}

template <class K>
bool Gate<K>::may_be_kept(const Request& request) const {
  const auto& classes = this->world_.config.workload.content.classes;
  if (!config_.cache || classes.empty()) return false;
  const ContentClassConfig& content = classes[request.content];
  return content.objects > 0 && content.cacheable;
}

template <class K>
void Gate<K>::look(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  if (!may_be_kept(request)) return pass(index);
  Leg& leg = leg_of(index);
  const Lookup found = place(leg.node).cache->look(request.object, this->now());
  if (found == Lookup::wait) return wait_for_fetch(index);
  if (found == Lookup::fetch) {
    ++stats_.cache.misses;
    leg.gate |= kFetching;
    return pass(index);
  }
  ++(found == Lookup::hit ? stats_.cache.hits : stats_.cache.stale);
  answer_from_cache(index);
}

// nginx looks again every 500 ms; who has waited for all of lock_timeout fetches for itself alone.
template <class K>
void Gate<K>::wait_for_fetch(std::uint32_t index) {
  constexpr Duration kLookAgainAfter = milliseconds(500);
  Request& request = this->world_.requests[index];
  Leg& leg = leg_of(index);
  if (leg.waits == 0) ++stats_.cache.waited;
  const Duration left = config_.cache->lock_timeout - leg.waits * kLookAgainAfter;
  if (left <= Duration{}) {
    ++stats_.cache.misses;
    return pass(index);
  }
  ++leg.waits;
  request.carried = false;
  request.transfer =
      this->world_.kernel.after(std::min(left, kLookAgainAfter), this->token(kLookAgain, index));
}

// The rest of what a request to a server costs.
template <class K>
void Gate<K>::pass(std::uint32_t index) {
  const Leg& leg = leg_of(index);
  const double work = proxies_.request_work(this->world_.requests[index]) - read_work_s_;
  Machine& machine = proxies_.machine(leg.node);
  machine.stats->work(this->now(), work);
  this->world_.kernel.exec(machine.cpu(leg.worker), work, this->token(kPassed, index), Duration{});
}

template <class K>
void Gate<K>::answer_from_cache(std::uint32_t index) {
  const Leg& leg = leg_of(index);
  const double work = proxies_.request_work(this->world_.requests[index]) -
                      to_seconds(proxies_.config_.request_cpu);
  Machine& machine = proxies_.machine(leg.node);
  machine.stats->work(this->now(), work);
  this->world_.kernel.exec(machine.cpu(leg.worker), work, this->token(kAnswered, index),
                           Duration{});
}

template <class K>
void Gate<K>::send_kept(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  this->span_ends(request, proxies_.row());
  request.legs_passed = std::max(request.legs_passed, request.legs);
  request.outcome = RequestOutcome::ok;
  request.origin = static_cast<std::uint8_t>(proxies_.index_ + 1);
  left(index, false);
  --request.legs;
  this->world_.transport->answer(index);
}

// A short page without a server.
template <class K>
void Gate<K>::answer(std::uint32_t index, RequestOutcome outcome) {
  constexpr std::uint32_t kPageBytes = 300;
  Request& request = this->world_.requests[index];
  this->span_ends(request, proxies_.row());
  request.legs_passed = std::max(request.legs_passed, request.legs);
  left(index, false);
  --request.legs;
  if (request.legs == 0) return this->world_.transport->fail(index, outcome);
  request.outcome = outcome;
  request.response_bytes = kPageBytes;
  request.origin = static_cast<std::uint8_t>(proxies_.index_ + 1);
  this->world_.transport->answer(index);
}

// The pool says to whom, and never sees the requests that follow.
template <class K>
void Gate<K>::redirect(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  Leg& leg = leg_of(index);
  algorithms::Upstream& pool = proxies_.pool(leg);
  const algorithms::Pick pick = pool.begin(proxies_.seen(index), leg.attempt, this->now());
  if (pick == algorithms::Pick::queued) proxies_.leave_queue(leg, index);
  if (pick != algorithms::Pick::server) return answer(index, RequestOutcome::no_server);
  proxies_.count_pick(leg);
  request.server = proxies_.machine_of(leg);
  request.redirected = true;
  pool.end(leg.attempt, algorithms::Result::ok, this->now());
  ++stats_.redirects;
  answer(index, RequestOutcome::ok);
}

template <class K>
void Gate<K>::left(std::uint32_t index, bool answered) {
  const Request& request = this->world_.requests[index];
  left(request, leg_of(index), answered);
}

template <class K>
void Gate<K>::left(const Request& request, Leg& leg, bool answered) {
  const std::uint16_t open = leg.gate;
  leg.gate = 0;
  Place& here = place(leg.node);
  if ((open & kFetching) != 0) {
    if (answered && request.outcome == RequestOutcome::ok) {
      here.cache->store(request.object, request.response_bytes, this->now());
    } else {
      here.cache->fail(request.object);
    }
    stats_.cache.evicted += here.cache->evicted() - here.evicted;
    here.evicted = here.cache->evicted();
  }
  if (open < kCounted || here.epoch != leg.epoch) return;
  for (std::size_t l = 0; l < config_.limits.size(); ++l) {
    if ((open & (kCounted << l)) == 0) continue;
    here.open[l].leave(key(config_.limits[l], request));
  }
}

template <class K>
bool Gate<K>::rescues(std::uint32_t index) {
  const Request& request = this->world_.requests[index];
  const Leg& leg = leg_of(index);
  const bool fetching = (leg.gate & kFetching) != 0 && config_.cache->stale_on_error;
  if (!fetching || !place(leg.node).cache->has(request.object)) return false;
  ++stats_.cache.stale;
  --stats_.cache.misses;
  send_kept(index);
  return true;
}

template <class K>
void Gate<K>::on(int kind, kernel::Token token, kernel::Outcome) {
  const std::uint32_t index = token.index;
  Request& request = this->world_.requests[index];
  if (kind == kHeldBack || kind == kLookAgain) {
    request.transfer = {};
    request.carried = true;
    if (!proxies_.still_there(index)) return;
    return kind == kHeldBack ? limit_connections(index) : look(index);
  }
  if (request.counted) return this->world_.transport->drop(index);
  if (!proxies_.still_there(index)) return;
  if (kind == kAnswered) return send_kept(index);
  leg_of(index).gate &= static_cast<std::uint16_t>(~kInside);
  proxies_.pick(index);
}

LBSIM_FOR_EACH_KERNEL(Gate)

}  // namespace lbsim
