#include "devices/names.hpp"

#include <algorithm>

#include "algorithms/dns/bind.hpp"
#include "algorithms/dns/exact_cache.hpp"
#include "devices/kernels.hpp"

namespace lbsim {
namespace {

namespace dns = algorithms::dns;

std::vector<dns::Record> records_of(std::uint32_t addresses) {
  std::vector<dns::Record> records;
  for (std::uint32_t i = 0; i < addresses; ++i) {
    records.push_back({std::to_string(i + 1), algorithms::Address::v4(0xc0000201 + i), 1});
  }
  return records;
}

dns::BindOrder order_of(const std::string& name) {
  if (name == "random") return dns::BindOrder::random;
  return name == "none" ? dns::BindOrder::none : dns::BindOrder::cyclic;
}

}  // namespace

template <class K>
Names<K>::Names(World<K>& world, const TierConfig& tier, Tier<K>& entry)
    : Component<K>(world),
      config_(std::get<DnsTierConfig>(tier.device)),
      random_(world.config.seed, tier.name),
      table_(records_of(entry.addresses())),
      up_(entry.addresses(), true),
      cpu_(world.kernel.add_node({})),
      stats_(world.recorder.add_node(tier.name + ".1", tier.name, "bind", 1, 0)) {
  authority_ =
      std::make_unique<dns::BindAuthority>(table_, order_of(config_.rrset_order), 0, random_);
  for (std::uint32_t i = 0; i < entry.addresses(); ++i) take_out(i, true);
  for (const ClientGroupConfig& group : world.config.clients) {
    first_resolver_.push_back(static_cast<std::uint32_t>(resolvers_.size()));
    for (int i = 0; i < group.resolvers; ++i) {
      resolvers_.emplace_back().cache = make_cache();
    }
  }
  if (config_.monitor.enabled && entry.addresses() == entry.size()) {
    monitor_ = std::make_unique<Checker<K>>(
        world, tier.name + " monitor",
        [this](std::uint32_t member, bool up) { take_out(member, up); }, entry, config_.monitor,
        Random(world.config.seed, tier.name + "/monitor"));
  }
}

template <class K>
std::unique_ptr<dns::ResolverCache> Names<K>::make_cache() const {
  if (config_.resolver == ResolverKind::exact) return std::make_unique<dns::ExactCache>();
  return std::make_unique<dns::UnboundCache>(resolver_options_);
}

template <class K>
void Names<K>::take_out(std::uint32_t member, bool up) {
  up_[member] = up;
  std::vector<dns::RecordIndex> live;
  for (std::size_t i = 0; i < up_.size(); ++i) {
    if (up_[i]) live.push_back(static_cast<dns::RecordIndex>(i));
  }
  authority_->set_records(live, static_cast<std::uint32_t>(to_seconds(config_.ttl)));
}

template <class K>
dns::Query Names<K>::query() {
  dns::Query query;
  query.id = static_cast<std::uint16_t>(random_.bits() >> 48);
  return query;
}

template <class K>
void Names<K>::resolve(std::uint32_t session) {
  const std::uint32_t index = resolver_index(this->world_.sessions[session]);
  Resolver& resolver = resolvers_[index];
  dns::Answer answer;
  const dns::Lookup found = resolver.cache->lookup(query(), this->now(), answer);
  if (found != dns::Lookup::hit && !resolver.fetching) {
    resolver.fetching = true;
    this->world_.kernel.after(config_.authority_latency, this->token(kAsked, index));
  }
  if (found == dns::Lookup::miss) {
    resolver.waiting.push_back(session);
    return;
  }
  this->world_.clients->resolved(session, first_address(answer));
}

template <class K>
void Names<K>::forget(std::uint32_t session) {
  auto& waiting = resolvers_[resolver_index(this->world_.sessions[session])].waiting;
  waiting.erase(std::remove(waiting.begin(), waiting.end(), session), waiting.end());
}

template <class K>
void Names<K>::on(int kind, kernel::Token token, kernel::Outcome) {
  Resolver& resolver = resolvers_[token.index];
  switch (kind) {
    case kAsked:
      stats_.request(this->now());
      stats_.work(this->now(), to_seconds(config_.answer_cpu));
      this->world_.kernel.exec(cpu_, to_seconds(config_.answer_cpu),
                               this->token(kAnswered, token.index));
      return;
    case kAnswered:
      resolver.fetched = authority_->answer(query(), this->now());
      this->world_.kernel.after(config_.authority_latency, this->token(kReturned, token.index));
      return;
    case kReturned: {
      resolver.fetching = false;
      resolver.cache->fill(resolver.fetched, this->now());
      const std::vector<std::uint32_t> waiting = std::move(resolver.waiting);
      resolver.waiting.clear();
      for (const std::uint32_t session : waiting) {
        const dns::Answer answer = resolver.cache->forward(query(), resolver.fetched, this->now());
        this->world_.clients->resolved(session, first_address(answer));
      }
      return;
    }
    default:
      LBSIM_CHECK(!"an event of this component");
  }
}

LBSIM_FOR_EACH_KERNEL(Names)

}  // namespace lbsim
