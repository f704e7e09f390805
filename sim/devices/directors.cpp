#include "devices/directors.hpp"

#include "devices/kernels.hpp"
#include "devices/proxies.hpp"
#include "devices/transport.hpp"

namespace lbsim {
namespace {

namespace ipvs = algorithms::ipvs;

constexpr std::uint32_t kVip = 0xc0000201;  // 192.0.2.1

ipvs::Mode mode_of(LvsMode mode) {
  switch (mode) {
    case LvsMode::dr:
      return ipvs::Mode::dr;
    case LvsMode::nat:
      return ipvs::Mode::nat;
    case LvsMode::tun:
      return ipvs::Mode::tun;
  }
  return ipvs::Mode::dr;
}

ipvs::RealServer real_server(std::uint32_t member, int weight) {
  ipvs::RealServer server;
  server.name = std::to_string(member + 1);
  server.address = 0xc0a80001 + member;  // 192.168.0.1 and up
  server.port = 80;
  server.weight = weight;
  return server;
}

}  // namespace

template <class K>
Directors<K>::Directors(World<K>& world, const TierConfig& tier, int index)
    : Tier<K>(world, tier.name, index), config_(std::get<LvsTierConfig>(tier.device)) {
  for (int i = 0; i < config_.directors; ++i) {
    this->add_machine("lvs", 1, {1.0, config_.cores, kernel::Discipline::fifo}, config_.nic);
    this->machines_.back().stats->connections_limit = config_.connections_max;
  }
  Random random(world.config.seed, tier.name + "/vrrp");
  vip_ = std::make_unique<Vip<K>>(world, *this, config_.vrrp, random.uniform());
}

template <class K>
typename Directors<K>::Table Directors<K>::new_table() const {
  ipvs::ServiceConfig service;
  service.scheduler = config_.scheduler;
  service.mode = mode_of(config_.mode);
  service.timeouts.tcp_s = static_cast<std::uint32_t>(to_seconds(config_.tcp_timeout));
  service.timeouts.tcpfin_s = static_cast<std::uint32_t>(to_seconds(config_.fin_timeout));
  if (config_.persistence_timeout > Duration{}) {
    service.persistence = {
        .timeout_s = static_cast<std::uint32_t>(to_seconds(config_.persistence_timeout)),
        .netmask = ~std::uint32_t{0} << (32 - config_.persistence_prefix)};
  }
  service.seed = stream_seed(this->world_.config.seed, this->name_ + "/service");
  Table made{std::make_unique<ipvs::Service>(service), std::vector<bool>(weights_.size(), true)};
  for (std::uint32_t i = 0; i < weights_.size(); ++i) {
    made.service->add(real_server(i, weights_[i]), this->now());
  }
  return made;
}

template <class K>
void Directors<K>::connect() {
  PoolStats stats;
  stats.name = this->name_;
  stats.algorithm = "ipvs " + config_.scheduler;
  for (const auto& member :
       members_of(this->world_.config.tiers[static_cast<std::size_t>(this->index_) + 1])) {
    weights_.push_back(member.weight);
    stats.members.push_back(member.name);
    stats.weights.push_back(member.weight);
  }
  members_up_.assign(weights_.size(), true);
  pool_number_ = this->world_.recorder.add_pool(std::move(stats));
  for (std::uint32_t i = 0; i < (config_.sync ? 1 : this->size()); ++i) {
    tables_.push_back(new_table());
  }
  lost_at_.resize(this->size());
  epochs_.resize(this->size());
  if (!config_.check.enabled) return;
  checker_ = std::make_unique<Checker<K>>(
      this->world_, this->name_, [this](std::uint32_t member, bool up) { verdict(member, up); },
      *this->next, config_.check, Random(this->world_.config.seed, this->name_ + "/check"));
}

template <class K>
Hop* Directors<K>::find_hop(Connection& connection) {
  for (int h = 0; h < connection.hops; ++h) {
    if (connection.hop[h].tier == this->index_) return &connection.hop[h];
  }
  return nullptr;
}

// It made the entry or was told of it, and has not lost its table since. Losses are counted modulo
// 256.
template <class K>
bool Directors<K>::knows(std::uint32_t node, const Hop& hop) const {
  const auto since = static_cast<std::int8_t>(hop.epoch - lost_at_[node]);
  return since >= 0 && (owner(hop) == node || (hop.worker & kTold) != 0);
}

template <class K>
void Directors<K>::syn(std::uint32_t index, std::uint32_t) {
  Connection& connection = this->world_.connections[index];
  const int holder = vip_->holder();
  if (holder == kNobody) return this->world_.transport->drop_syn(index);
  const auto node = static_cast<std::uint32_t>(holder);
  Hop* known = find_hop(connection);
  if (known != nullptr && knows(node, *known)) {  // a SYN sent again finds its entry
    known->node = static_cast<std::uint16_t>(node);
    return forward_syn(index, node);
  }
  if (config_.connections_max > 0 && table(node).open_entries() >= config_.connections_max) {
    return this->world_.transport->drop_syn(index);
  }
  if (known == nullptr) {
    LBSIM_CHECK(connection.hops < kHopsMax);
    known = &connection.hop[connection.hops];
  }
  Hop hop;
  if (!enter(connection, index, hop, node)) {
    return this->world_.transport->refuse(index, RequestOutcome::no_server);
  }
  hop.attempt.memory = 2;  // the SYN, and the ACK that will end the handshake
  *known = hop;
  if (known == &connection.hop[connection.hops]) ++connection.hops;
  forward_syn(index, node);
}

// Schedules a connection at a director. False: it has no server for it.
template <class K>
bool Directors<K>::enter(Connection& connection, std::uint32_t index, Hop& hop,
                         std::uint32_t node) {
  ipvs::Flow flow;
  flow.client = this->world_.sessions[connection.session].client.v4_host_order();
  flow.client_port = static_cast<std::uint16_t>(1024 + index % 64000);
  flow.vip = kVip;
  flow.vport = 80;
  const ipvs::Service::Opened opened = table(node).open(flow, this->now());
  if (opened.server == algorithms::kNoServer) return false;
  this->world_.recorder.pick(pool_number_, opened.server);
  hop.tier = static_cast<std::uint8_t>(this->index_);
  hop.node = static_cast<std::uint16_t>(node);
  hop.epoch = losses_;
  hop.worker = static_cast<std::uint16_t>(node);
  hop.attempt = {};
  hop.attempt.server = opened.server;
  hop.set_entry(opened.connection);
  this->machines_[node].stats->connections(this->now(), table(node).open_entries());
  return true;
}

// A packet of a connection that the director does not know. With sloppy_tcp it is scheduled as a
// SYN is; unless that gives the server that has the connection, the server resets it.
template <class K>
bool Directors<K>::adopt(Connection& connection, std::uint32_t index, Hop& hop,
                         std::uint32_t node) {
  if (!config_.sloppy_tcp) return false;
  const algorithms::ServerId had = hop.attempt.server;
  if (!enter(connection, index, hop, node)) return false;
  if (hop.attempt.server == had) return true;
  table(node).packet(hop.entry(), ipvs::Packet::server_rst, this->now());
  return false;
}

template <class K>
void Directors<K>::forward_syn(std::uint32_t index, std::uint32_t node) {
  // The SYN and the ACK that ends the handshake; with NAT the SYN-ACK too.
  const int count = config_.mode == LvsMode::nat ? 3 : 2;
  const double work = count * to_seconds(config_.packet_cpu);
  Machine& machine = this->machines_[node];
  machine.stats->work(this->now(), work);
  this->world_.kernel.exec(machine.cpu(), work,
                           this->token(kSyn, index, this->world_.connections[index].generation),
                           this->world_.config.network.lan_latency);
}

// A request of one or more segments and the ACKs of the response: clients acknowledge every second
// segment (RFC 1122, 4.2.3.2).
template <class K>
double Directors<K>::client_packets(const Request& request) const {
  const int mss = this->world_.config.network.segment_bytes;
  const double response = request.response_bytes / mss + 1;
  return this->world_.config.workload.request_bytes / mss + 1 + response / 2;
}

// With NAT the response's segments pass as well.
template <class K>
double Directors<K>::packets(const Request& request) const {
  const double in = client_packets(request);
  const double response = request.response_bytes / this->world_.config.network.segment_bytes + 1;
  return config_.mode == LvsMode::nat ? in + response : in;
}

template <class K>
void Directors<K>::tell_others(Hop& hop, std::uint32_t node, const Request& request) {
  constexpr std::uint32_t kThreshold = 3;
  constexpr std::uint32_t kPeriod = 50;
  const auto told = [](std::uint32_t count) { return (count + kPeriod - kThreshold) / kPeriod; };
  const std::uint32_t before = hop.attempt.memory;
  hop.attempt.memory += static_cast<std::uint32_t>(client_packets(request));
  if (told(hop.attempt.memory) == told(before)) return;
  for (std::uint32_t other = 0; other < this->size(); ++other) {
    if (other == node) continue;
    if (!vip_->vrrp().hear(static_cast<int>(node), static_cast<int>(other))) return;
  }
  hop.worker |= kTold;
  hop.epoch = losses_;
}

template <class K>
void Directors<K>::request(std::uint32_t index, std::uint32_t) {
  Request& request = this->world_.requests[index];
  Connection& connection = this->world_.connections[request.connection];
  Hop& hop = connection.hop[request.hop];
  if (vip_->holder() == kNobody) return stall(index);
  const auto node = static_cast<std::uint32_t>(vip_->holder());
  if (!knows(node, hop) && !adopt(connection, request.connection, hop, node)) return reset(index);
  hop.node = static_cast<std::uint16_t>(node);
  const auto seen = table(node).packet(hop.entry(), ipvs::Packet::client_data, this->now());
  if (seen == ipvs::Service::Verdict::no_entry) return reset(index);
  if (seen == ipvs::Service::Verdict::dropped) return this->world_.transport->strand(index);
  if (config_.sync) tell_others(hop, node, request);
  this->span_begins(request, this->row(), "forward", hop.node);
  Machine& machine = this->machines_[hop.node];
  const double work = packets(request) * to_seconds(config_.packet_cpu);
  const kernel::NodeId cpu = machine.cpu();
  const auto bytes = static_cast<std::uint64_t>(this->world_.config.workload.request_bytes);
  const bool passes_once = two_armed();  // its card to the clients has the request in only
  machine.stats->request(this->now(), work, bytes, passes_once ? 0 : bytes,
                         this->world_.kernel.queue_length(cpu) + 1);
  this->world_.kernel.exec(cpu, work, this->token(kRequest, index),
                           this->world_.config.network.lan_latency);
}

template <class K>
void Directors<K>::reset(std::uint32_t request) {
  this->world_.transport->fail(request, RequestOutcome::connection_lost);
}

template <class K>
bool Directors<K>::hop_alive(const Hop& hop) const {
  return vip_->holder() != kNobody && knows(static_cast<std::uint32_t>(vip_->holder()), hop);
}

template <class K>
void Directors<K>::stall(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  const Connection& connection = this->world_.connections[request.connection];
  const bool has_response = request.hop >= connection.hops;
  if (vip_->holder() != kNobody) return go_on(index, has_response);
  request.carried = false;
  stalled_.push_back({index, request.generation, has_response});
}

// Somebody hears the clients, who have been sending again.
template <class K>
void Directors<K>::go_on(std::uint32_t index, bool has_response) {
  if (!has_response) return request(index, 0);
  Connection& connection = this->world_.connections[this->world_.requests[index].connection];
  Hop& hop = *find_hop(connection);
  const auto node = static_cast<std::uint32_t>(vip_->holder());
  if (!knows(node, hop) && !adopt(connection, this->world_.requests[index].connection, hop, node)) {
    return reset(index);
  }
  hop.node = static_cast<std::uint16_t>(node);
  this->world_.transport->answer(index);
}

template <class K>
void Directors<K>::address_moved() {
  if (vip_->holder() == kNobody) return;
  const std::vector<Stalled> waiting = std::move(stalled_);
  stalled_.clear();
  for (const Stalled& s : waiting) {
    if (!this->world_.requests.is_current(s.request, s.generation)) continue;
    this->world_.requests[s.request].carried = true;
    go_on(s.request, s.has_response);
  }
}

template <class K>
void Directors<K>::keepalived(std::uint32_t node, FaultKind fault) {
  vip_->keepalived(node, fault);
  apply_verdicts(node);
}

template <class K>
void Directors<K>::power_changed(std::uint32_t node) {
  if (this->machines_[node].epoch != epochs_[node]) lose_table(node);
  vip_->power_changed(node);
  apply_verdicts(node);
}

template <class K>
void Directors<K>::lose_table(std::uint32_t node) {
  epochs_[node] = this->machines_[node].epoch;
  lost_at_[node] = ++losses_;
  bool others_have_it = false;
  for (const Machine& machine : this->machines_) {
    others_have_it = others_have_it || machine.process == Power::up;
  }
  if (!config_.sync) {
    tables_[node] = new_table();
  } else if (!others_have_it) {
    tables_[0] = new_table();
  }
}

template <class K>
void Directors<K>::verdict(std::uint32_t member, bool up) {
  members_up_[member] = up;
  for (std::uint32_t node = 0; node < this->size(); ++node) apply_verdicts(node);
}

template <class K>
void Directors<K>::apply_verdicts(std::uint32_t node) {
  if (!vip_->vrrp().is_kept(static_cast<int>(node))) return;
  Table& its = tables_[config_.sync ? 0 : node];
  for (std::uint32_t member = 0; member < weights_.size(); ++member) {
    if (its.lists[member] == members_up_[member]) continue;
    const bool up = its.lists[member] = members_up_[member];
    if (config_.inhibit_on_failure) {
      its.service->set_weight(member, up ? weights_[member] : 0, this->now());
    } else if (up) {
      its.service->add(real_server(member, weights_[member]), this->now());
    } else {
      its.service->remove(member, this->now());
    }
  }
}

template <class K>
void Directors<K>::closed(Connection& connection, Hop* hop) {
  const int holder = vip_->holder();
  const std::uint32_t node = holder == kNobody ? owner(*hop) : static_cast<std::uint32_t>(holder);
  if (!knows(node, *hop)) return;
  table(node).packet(hop->entry(), ipvs::Packet::server_fin, this->now());
  // A connection that still carries a request is reset by the client, others are closed in order.
  const bool in_use = connection.request != kNone;
  table(node).packet(hop->entry(), in_use ? ipvs::Packet::client_rst : ipvs::Packet::client_fin,
                     this->now());
}

template <class K>
void Directors<K>::on(int kind, kernel::Token token, kernel::Outcome outcome) {
  const std::uint32_t index = token.index;
  if (kind == kRequest) {
    Request& request = this->world_.requests[index];
    if (request.counted) return this->world_.transport->drop(index);
    this->span_ends(request, this->row());
    if (outcome == kernel::Outcome::failed) return stall(index);
    return this->world_.transport->pass_on(index);
  }
  if (!this->world_.connections.is_current(index, token.generation)) return;
  if (outcome == kernel::Outcome::failed) return this->world_.transport->drop_syn(index);
  const Hop& hop = *find_hop(this->world_.connections[index]);
  if (knows(owner(hop), hop)) {
    table(owner(hop)).packet(hop.entry(), ipvs::Packet::client_data, this->now());
  }
  this->next->syn(index, hop.attempt.server);
}

LBSIM_FOR_EACH_KERNEL(Directors)

}  // namespace lbsim
