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
std::unique_ptr<ipvs::Service> Directors<K>::new_service() const {
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
  auto made = std::make_unique<ipvs::Service>(service);
  for (std::uint32_t i = 0; i < weights_.size(); ++i) {
    made->add(real_server(i, weights_[i]), this->now());
    if (!members_up_[i]) made->remove(i, this->now());
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
  service_ = new_service();
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

template <class K>
void Directors<K>::syn(std::uint32_t index, std::uint32_t) {
  Connection& connection = this->world_.connections[index];
  const int holder = vip_->holder();
  if (holder == kNobody) return this->world_.transport->drop_syn(index);
  const auto node = static_cast<std::uint32_t>(holder);
  Machine& machine = this->machines_[node];
  Hop* known = find_hop(connection);
  if (known != nullptr && known->epoch == table_epoch_) {  // a SYN sent again finds its entry
    known->node = static_cast<std::uint16_t>(node);
    return forward_syn(index, node);
  }
  if (config_.connections_max > 0 && service_->open_entries() >= config_.connections_max) {
    return this->world_.transport->drop_syn(index);
  }
  ipvs::Flow flow;
  flow.client = this->world_.sessions[connection.session].client.v4_host_order();
  flow.client_port = static_cast<std::uint16_t>(1024 + index % 64000);
  flow.vip = kVip;
  flow.vport = 80;
  const ipvs::Service::Opened opened = service_->open(flow, this->now());
  if (opened.server == algorithms::kNoServer) {
    return this->world_.transport->refuse(index, RequestOutcome::no_server);
  }
  this->world_.recorder.pick(pool_number_, opened.server);
  if (known == nullptr) {
    LBSIM_CHECK(connection.hops < kHopsMax);
    known = &connection.hop[connection.hops++];
  }
  *known = Hop{};
  known->tier = static_cast<std::uint8_t>(this->index_);
  known->node = static_cast<std::uint16_t>(node);
  known->epoch = table_epoch_;
  known->attempt.server = opened.server;
  known->set_entry(opened.connection);
  machine.stats->connections(this->now(), service_->open_entries());
  forward_syn(index, node);
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

// A request of one or more segments and its ACKs in; with NAT the response's segments out as well.
// Clients acknowledge every second segment (RFC 1122, 4.2.3.2).
template <class K>
double Directors<K>::packets(const Request& request) const {
  const int mss = this->world_.config.network.segment_bytes;
  const double response = request.response_bytes / mss + 1;
  const double in = this->world_.config.workload.request_bytes / mss + 1 + response / 2;
  return config_.mode == LvsMode::nat ? in + response : in;
}

template <class K>
void Directors<K>::request(std::uint32_t index, std::uint32_t) {
  Request& request = this->world_.requests[index];
  Hop& hop = this->world_.connections[request.connection].hop[request.hop];
  if (vip_->holder() == kNobody) return stall(index);
  if (hop.epoch != table_epoch_) return reset(index);
  hop.node = static_cast<std::uint16_t>(vip_->holder());
  const auto seen = service_->packet(hop.entry(), ipvs::Packet::client_data, this->now());
  if (seen == ipvs::Service::Verdict::no_entry) return reset(index);
  if (seen == ipvs::Service::Verdict::dropped) return this->world_.transport->strand(index);
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
  return vip_->holder() != kNobody && hop.epoch == table_epoch_;
}

template <class K>
void Directors<K>::stall(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  const Connection& connection = this->world_.connections[request.connection];
  const bool has_response = request.hop >= connection.hops;
  if (vip_->holder() != kNobody) return reset(index);
  request.carried = false;
  stalled_.push_back({index, request.generation, has_response});
}

template <class K>
void Directors<K>::address_moved() {
  if (!config_.sync && vip_->holder() != kNobody) {
    ++table_epoch_;
    service_ = new_service();
  }
  // The clients of stalled requests have been sending again; now somebody hears them.
  const std::vector<Stalled> waiting = std::move(stalled_);
  stalled_.clear();
  for (const Stalled& s : waiting) {
    if (!this->world_.requests.is_current(s.request, s.generation)) continue;
    this->world_.requests[s.request].carried = true;
    if (!config_.sync) {
      reset(s.request);
    } else if (s.has_response) {
      this->world_.transport->answer(s.request);
    } else {
      request(s.request, 0);
    }
  }
}

template <class K>
void Directors<K>::power_changed(std::uint32_t node) {
  vip_->power_changed(static_cast<int>(node));
}

template <class K>
void Directors<K>::verdict(std::uint32_t member, bool up) {
  members_up_[member] = up;
  if (up) {
    service_->add(real_server(member, weights_[member]), this->now());
  } else {
    service_->remove(member, this->now());
  }
}

template <class K>
void Directors<K>::closed(Connection& connection, Hop* hop) {
  if (hop->epoch != table_epoch_) return;
  service_->packet(hop->entry(), ipvs::Packet::server_fin, this->now());
  // A connection that still carries a request is reset by the client, others are closed in order.
  const bool in_use = connection.request != kNone;
  service_->packet(hop->entry(), in_use ? ipvs::Packet::client_rst : ipvs::Packet::client_fin,
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
  service_->packet(hop.entry(), ipvs::Packet::client_data, this->now());
  this->next->syn(index, hop.attempt.server);
}

LBSIM_FOR_EACH_KERNEL(Directors)

}  // namespace lbsim
