#include "devices/proxies.hpp"

#include "core/error.hpp"
#include "devices/kernels.hpp"
#include "devices/transport.hpp"

namespace lbsim {

std::vector<algorithms::ServerConfig> members_of(const TierConfig& tier) {
  std::vector<algorithms::ServerConfig> members;
  const auto add = [&](int weight, int max_conns) {
    algorithms::ServerConfig member;
    member.name = tier.name + '.' + std::to_string(members.size() + 1);
    member.address = "192.168.0." + std::to_string(members.size() + 1) + ":80";
    member.weight = weight;
    member.max_conns = max_conns;
    members.push_back(std::move(member));
  };
  if (const auto* servers = std::get_if<ServerTierConfig>(&tier.device)) {
    for (const ServerGroupConfig& group : servers->groups) {
      for (int i = 0; i < group.count; ++i) add(group.weight, group.maxconn);
    }
  } else if (const auto* proxies = std::get_if<ProxyTierConfig>(&tier.device)) {
    for (int i = 0; i < proxies->count; ++i) add(1, 0);
  } else {
    add(1, 0);  // a tier behind one virtual address
  }
  return members;
}

std::vector<std::uint32_t> machines_of_groups(const TierConfig& tier,
                                              const std::vector<std::string>& groups) {
  std::vector<std::uint32_t> machines;
  std::uint32_t next = 0;
  for (const ServerGroupConfig& group : std::get<ServerTierConfig>(tier.device).groups) {
    const bool named = std::find(groups.begin(), groups.end(), group.name) != groups.end();
    for (int i = 0; i < group.count; ++i, ++next) {
      if (named) machines.push_back(next);
    }
  }
  return machines;
}

template <class K>
Proxies<K>::Proxies(World<K>& world, const TierConfig& tier, int index)
    : Tier<K>(world, tier.name, index),
      config_(std::get<ProxyTierConfig>(tier.device)),
      accept_random_(world.config.seed, tier.name + "/accept") {
  const std::string kind = config_.kind_name();
  for (int i = 0; i < config_.count; ++i) {
    this->add_machine(kind.c_str(), config_.workers, {1.0, 1, kernel::Discipline::fifo},
                      config_.nic);
    this->machines_.back().stats->connections_limit = config_.connections_max;
  }
  if (config_.vrrp_enabled) {
    Random random(world.config.seed, tier.name + "/vrrp");
    vip_ = std::make_unique<Vip<K>>(world, *this, config_.vrrp, random.uniform());
  }
}

template <class K>
void Proxies<K>::plan_pools() {
  const TierConfig& behind = this->world_.config.tiers[static_cast<std::size_t>(this->index_) + 1];
  const auto some = [&](const std::vector<std::string>& groups) {
    return groups.empty() ? std::vector<std::uint32_t>{} : machines_of_groups(behind, groups);
  };
  const Layer7Config& layer7 = config_.layer7;
  plans_ = {{"", config_.method, config_.parameters, some(layer7.groups)}};
  for (const NamedPoolConfig& pool : layer7.pools) {
    plans_.push_back({pool.name, pool.method, pool.parameters, some(pool.groups)});
  }
  for (const Plan& plan : plans_) splits_ = splits_ || !plan.members.empty();
}

template <class K>
algorithms::PoolConfig Proxies<K>::pool_config(std::uint32_t node, std::uint32_t worker,
                                               const Plan& plan) const {
  algorithms::PoolConfig pool;
  pool.servers = members_of(this->world_.config.tiers[static_cast<std::size_t>(this->index_) + 1]);
  if (!plan.members.empty()) {
    std::vector<algorithms::ServerConfig> some;
    for (const std::uint32_t machine : plan.members) some.push_back(pool.servers[machine]);
    pool.servers = std::move(some);
  }
  for (algorithms::ServerConfig& server : pool.servers) {
    server.max_fails = config_.max_fails;
    server.fail_timeout_s = static_cast<int>(to_seconds(config_.fail_timeout));
    if (server.max_conns == 0) server.max_conns = config_.member_connections_max;
  }
  pool.parameters = plan.parameters;
  pool.seed = stream_seed(this->world_.config.seed, this->name_ + "/pool/" + std::to_string(node) +
                                                        '/' + std::to_string(worker) +
                                                        (plan.name.empty() ? "" : "/" + plan.name));
  return pool;
}

template <class K>
void Proxies<K>::make_pool(std::uint32_t node, std::uint32_t worker, std::size_t number) {
  const Plan& plan = plans_[number];
  const algorithms::AlgorithmSpec* spec =
      algorithms::find_algorithm(config_.method_family(), plan.method);
  LBSIM_CHECK(config_.make_pool || (spec != nullptr && spec->make));
  auto& pool = pools_[node * pools_per_machine() + worker + number * pools_per_plan_];
  const algorithms::PoolConfig config = pool_config(node, worker, plan);
  pool = config_.make_pool ? config_.make_pool(config) : spec->make(config);
  for (std::uint32_t member = 0; member < config.servers.size(); ++member) {
    const std::uint32_t machine = plan.members.empty() ? member : plan.members[member];
    if (!members_up_[machine]) pool->set_health(member, false, this->now());
  }
}

// The state of its pools is lost with a machine or its processes.
template <class K>
void Proxies<K>::make_pools(std::uint32_t node) {
  for (std::size_t plan = 0; plan < plans_.size(); ++plan) {
    for (std::uint32_t worker = 0; worker < pools_per_machine(); ++worker) {
      make_pool(node, worker, plan);
    }
  }
  pools_epoch_[node] = this->machines_[node].epoch;
}

template <class K>
void Proxies<K>::connect() {
  members_up_.assign(this->next->size(), true);
  plan_pools();
  pools_per_plan_ = static_cast<std::size_t>(this->size()) * pools_per_machine();
  pools_.resize(plans_.size() * pools_per_plan_);
  pools_epoch_.resize(this->size());
  for (std::uint32_t node = 0; node < this->size(); ++node) make_pools(node);
  for (const Plan& plan : plans_) {
    PoolStats stats;
    stats.name = plan.name.empty() ? this->name_ : this->name_ + '/' + plan.name;
    stats.algorithm = config_.method_family() + ' ' + plan.method;
    for (const auto& server : pool_config(0, 0, plan).servers) {
      stats.members.push_back(server.name);
      stats.weights.push_back(server.weight);
    }
    const std::size_t number = this->world_.recorder.add_pool(std::move(stats));
    if (plan.name.empty()) pool_number_ = number;  // the others follow
  }
  if (config_.check.enabled) {
    checker_ = std::make_unique<Checker<K>>(
        this->world_, this->name_, [this](std::uint32_t member, bool up) { verdict(member, up); },
        *this->next, config_.check, Random(this->world_.config.seed, this->name_ + "/check"));
  }
  connect_reports();
}

template <class K>
void Proxies<K>::connect_reports() {
  if (!pools_.front()->report_wishes().any()) return;
  const auto find = [this](std::uint32_t index) {
    const std::uint32_t node = index / pools_per_machine();
    return PoolPlace{pools_[index].get(), pools_epoch_[node],
                     this->machines_[node].power == Power::up};
  };
  const auto called = [this](std::uint32_t index) {
    after_call(*pools_[index], index / pools_per_machine(), index % pools_per_machine());
  };
  reports_ = std::make_unique<Reports<K>>(
      this->world_, *this->next, static_cast<std::uint32_t>(pools_.size()), find, called,
      Random(this->world_.config.seed, this->name_ + "/reports"));
}

template <class K>
std::uint32_t Proxies<K>::machine_for_syn(std::uint32_t connection, std::uint32_t address) {
  Transport<K>& transport = *this->world_.transport;
  if (vip_ && vip_->holder() == kNobody) {
    transport.drop_syn(connection);
    return kNone;
  }
  const std::uint32_t node = vip_ ? static_cast<std::uint32_t>(vip_->holder()) : address;
  Machine& machine = this->machines_[node];
  if (machine.power == Power::crashed) {
    transport.drop_syn(connection);
    return kNone;
  }
  const bool full = config_.connections_max > 0 && machine.connections >= config_.connections_max;
  if (machine.power == Power::stopped || full) {
    transport.refuse(connection, RequestOutcome::refused);
    return kNone;
  }
  machine.stats->connections(this->now(), ++machine.connections);
  return node;
}

template <class K>
void Proxies<K>::verdict(std::uint32_t member, bool up) {
  members_up_[member] = up;
  for (std::size_t plan = 0; plan < plans_.size(); ++plan) {
    const std::vector<std::uint32_t>& members = plans_[plan].members;
    const auto found = std::find(members.begin(), members.end(), member);
    if (!members.empty() && found == members.end()) continue;
    const std::size_t number =
        members.empty() ? member : static_cast<std::size_t>(found - members.begin());
    for (std::uint32_t i = 0; i < pools_per_plan_; ++i) {
      algorithms::Upstream& pool = *pools_[plan * pools_per_plan_ + i];
      pool.set_health(static_cast<algorithms::ServerId>(number), up, this->now());
      after_call(pool, i / pools_per_machine(), i % pools_per_machine());
    }
  }
}

template <class K>
void Proxies<K>::power_changed(std::uint32_t node) {
  if (this->machines_[node].epoch != pools_epoch_[node]) make_pools(node);
  if (vip_) vip_->power_changed(node);
}

template <class K>
void Proxies<K>::keepalived(std::uint32_t node, FaultKind fault) {
  if (vip_) vip_->keepalived(node, fault);
}

template <class K>
void Proxies<K>::unreachable(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  if (vip_ && !request.counted) unheard_.emplace_back(index, request.generation);
  this->world_.transport->strand(index);
}

template <class K>
void Proxies<K>::address_moved() {
  if (vip_->holder() == kNobody) return;
  const auto unheard = std::move(unheard_);
  unheard_.clear();
  for (const auto& [index, generation] : unheard) {
    if (!this->world_.requests.is_current(index, generation)) continue;
    this->world_.transport->fail(index, RequestOutcome::connection_lost);
  }
}

LBSIM_FOR_EACH_KERNEL(Proxies)

}  // namespace lbsim
