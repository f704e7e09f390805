#include "devices/gate.hpp"

#include <algorithm>

#include "devices/contents.hpp"
#include "devices/kernels.hpp"
#include "devices/transport.hpp"

namespace lbsim {
namespace {

namespace rules = algorithms::rules;

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
      groups_(world.config.clients.size()),
      traits_(trait_count(world.config.workload.content)) {
  for (const RuleConfig& rule : config_.rules) {
    const auto named = std::find_if(config_.pools.begin(), config_.pools.end(),
                                    [&](const auto& pool) { return pool.name == rule.pool; });
    pools_.push_back(static_cast<std::uint8_t>(
        named == config_.pools.end() ? 0 : named - config_.pools.begin() + 1));
    stats_.rules.push_back({rule.name, 0});
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
  for (std::size_t c = 0; c < classes; ++c) {
    for (std::size_t g = 0; g < groups_; ++g) {
      for (std::size_t t = 0; t < traits_; ++t) {
        const std::size_t rule = set.find(seen_of(site, c, g, t));
        decisions_.push_back(rule == rules::kNoRule ? kNothing : static_cast<std::uint8_t>(rule));
      }
    }
  }
}

template <class K>
std::uint8_t Gate<K>::decision(const Request& request) const {
  const std::size_t traits = this->world_.sessions[request.session].traits;
  return decisions_[(request.content * groups_ + request.group) * traits_ + traits];
}

template <class K>
void Gate<K>::read(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  ++request.legs;
  if (!proxies_.still_there(index)) return;
  const std::uint8_t rule = decision(request);
  if (rule == kNothing) return pass(index);
  ++stats_.rules[rule].requests;
  proxies_.innermost(request).pool = pools_[rule];
  act(index, config_.rules[rule]);
}

template <class K>
void Gate<K>::act(std::uint32_t index, const RuleConfig& rule) {
  if (rule.redirect) return redirect(index);
  if (rule.status != 0) return answer(index, outcome_of_status(rule.status));
  pass(index);
}

// The rest of what a request to a server costs.
template <class K>
void Gate<K>::pass(std::uint32_t index) {
  const Request& request = this->world_.requests[index];
  const Leg& leg = request.leg[request.legs - 1];
  const double work = proxies_.request_work(request) - read_work_s_;
  Machine& machine = proxies_.machine(leg.node);
  machine.stats->work(this->now(), work);
  this->world_.kernel.exec(machine.cpu(leg.worker), work, this->token(kPassed, index), Duration{});
}

// A short page without a server.
template <class K>
void Gate<K>::answer(std::uint32_t index, RequestOutcome outcome) {
  constexpr std::uint32_t kPageBytes = 300;
  Request& request = this->world_.requests[index];
  this->span_ends(request, proxies_.row());
  request.legs_passed = std::max(request.legs_passed, request.legs);
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
  Leg& leg = proxies_.innermost(request);
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
void Gate<K>::on(int, kernel::Token token, kernel::Outcome) {
  Request& request = this->world_.requests[token.index];
  if (request.counted) return this->world_.transport->drop(token.index);
  if (proxies_.still_there(token.index)) proxies_.pick(token.index);
}

LBSIM_FOR_EACH_KERNEL(Gate)

}  // namespace lbsim
