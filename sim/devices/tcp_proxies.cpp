#include "devices/tcp_proxies.hpp"

#include "devices/kernels.hpp"
#include "devices/transport.hpp"

namespace lbsim {

template <class K>
algorithms::Request TcpProxies<K>::seen(std::uint32_t index) const {
  const Connection& connection = this->world_.connections[index];
  algorithms::Request request;
  request.ticket = static_cast<std::uint64_t>(connection.generation) << 32 | index;
  request.client = this->world_.sessions[connection.session].client;
  return request;
}

template <class K>
void TcpProxies<K>::syn(std::uint32_t index, std::uint32_t address) {
  const std::uint32_t node = this->machine_for_syn(index, address);
  if (node == kNone) return;
  Connection& connection = this->world_.connections[index];
  LBSIM_CHECK(connection.hops < kHopsMax);
  Hop& hop = connection.hop[connection.hops++];
  hop = Hop{};
  hop.tier = static_cast<std::uint8_t>(this->index_);
  hop.node = static_cast<std::uint16_t>(node);
  hop.epoch = this->machines_[node].epoch;
  hop.worker = static_cast<std::uint16_t>(
      this->accept_random_.below(static_cast<std::uint64_t>(this->config_.workers)));
  const std::uint32_t worker = hop.worker;
  algorithms::Upstream& pool = this->pool(node, worker);
  after_pick(index, pool.begin(seen(index), hop.attempt, this->now()));
  this->after_call(pool, node, worker);
}

template <class K>
void TcpProxies<K>::after_pick(std::uint32_t index, algorithms::Pick pick, Duration queue_cpu) {
  Hop& hop = last_hop(index);
  if (pick == algorithms::Pick::queued) {
    this->world_.kernel.after(
        this->queue_timeout(),
        this->token(kQueuedTooLong, index, this->world_.connections[index].generation));
    return;
  }
  if (pick == algorithms::Pick::none) {
    hop.attempt.server = algorithms::kNoServer;
    Connection& connection = this->world_.connections[index];
    --this->machines_[hop.node].connections;
    --connection.hops;
    return this->world_.transport->refuse(index, RequestOutcome::no_server);
  }
  this->count_pick(hop.attempt.server);
  Machine& machine = this->machines_[hop.node];
  const double work = to_seconds(this->config_.accept_cpu) + to_seconds(this->config_.connect_cpu) +
                      to_seconds(queue_cpu);
  machine.stats->work(this->now(), work);
  this->world_.kernel.exec(machine.cpu(hop.worker), work,
                           this->token(kForward, index, this->world_.connections[index].generation),
                           this->world_.config.network.lan_latency);
}

template <class K>
bool TcpProxies<K>::syn_failed(std::uint32_t index, algorithms::Result why) {
  Hop& hop = last_hop(index);
  if (this->machines_[hop.node].epoch != hop.epoch) return false;
  const Duration wait = why == algorithms::Result::timeout
                            ? this->config_.connect_timeout
                            : this->world_.config.network.lan_latency;
  this->world_.connections[index].failed_by = why;
  this->world_.kernel.after(
      wait, this->token(kSynRefused, index, this->world_.connections[index].generation));
  return true;
}

template <class K>
void TcpProxies<K>::start_queued(algorithms::Upstream& pool, std::uint32_t, std::uint32_t) {
  const std::vector<algorithms::Started> started = std::move(pool.started());
  pool.started().clear();
  for (const algorithms::Started& s : started) {
    const auto index = static_cast<std::uint32_t>(s.ticket);
    last_hop(index).attempt.server = s.server;
    const bool over = s.server == algorithms::kNoServer;  // all that it could wait for are down
    after_pick(index, over ? algorithms::Pick::none : algorithms::Pick::server,
               this->config_.queue_cpu);
  }
}

template <class K>
void TcpProxies<K>::try_again(std::uint32_t index) {
  Hop& hop = last_hop(index);
  algorithms::Upstream& pool = this->pool(hop.node, hop.worker);
  const std::uint32_t node = hop.node;
  const std::uint32_t worker = hop.worker;
  const algorithms::ServerId failed = hop.attempt.server;
  const algorithms::Pick pick =
      pool.next(seen(index), hop.attempt, this->world_.connections[index].failed_by, this->now());
  if (pick == algorithms::Pick::server && hop.attempt.server == failed) {
    this->world_.kernel.after(
        this->retry_wait(), this->token(kRetry, index, this->world_.connections[index].generation));
  } else {
    after_pick(index, pick);
  }
  this->after_call(pool, node, worker);
}

// A connection that is queued a second time waits until the first timer only.
template <class K>
void TcpProxies<K>::queued_too_long(std::uint32_t index) {
  const Connection& connection = this->world_.connections[index];
  if (connection.hops == 0 || connection.accepted) return;
  const Hop& hop = last_hop(index);
  if (hop.tier != this->index_ || this->machines_[hop.node].epoch != hop.epoch) return;
  if (hop.attempt.server != algorithms::kNoServer) return;
  this->pool(hop.node, hop.worker).abandon(seen(index).ticket, this->now());
  after_pick(index, algorithms::Pick::none);
}

template <class K>
void TcpProxies<K>::closed(Connection& connection, Hop* hop) {
  Machine& machine = this->machines_[hop->node];
  if (machine.epoch != hop->epoch) return;
  --machine.connections;
  algorithms::Upstream& pool = this->pool(hop->node, hop->worker);
  if (hop->attempt.server == algorithms::kNoServer) {
    const std::uint64_t generation = connection.generation;
    pool.abandon(generation << 32 | connection.index(this->world_.sessions), this->now());
    return;
  }
  pool.end(hop->attempt, algorithms::Result::ok, this->now());
  this->after_call(pool, hop->node, hop->worker);
}

template <class K>
bool TcpProxies<K>::hop_alive(const Hop& hop) const {
  return this->machines_[hop.node].epoch == hop.epoch && this->is_addressed(hop.node);
}

template <class K>
void TcpProxies<K>::stall(std::uint32_t index) {
  reset_or_strand(index, this->world_.connections[this->world_.requests[index].connection]
                             .hop[this->world_.requests[index].hop - 1]);
}

// The machine has gone down since the connection was made. While nobody holds its address, or it is
// dead, the client hears nothing; whoever holds the address now knows no such connection.
template <class K>
void TcpProxies<K>::reset_or_strand(std::uint32_t index, const Hop& hop) {
  const bool nobody = this->vip_ ? this->vip_->holder() == kNobody
                                 : this->machines_[hop.node].power == Power::crashed;
  if (nobody) return this->unreachable(index);
  this->world_.transport->fail(index, RequestOutcome::connection_lost);
}

template <class K>
void TcpProxies<K>::request(std::uint32_t index, std::uint32_t node) {
  Request& request = this->world_.requests[index];
  Connection& connection = this->world_.connections[request.connection];
  const Hop& hop = connection.hop[request.hop];
  Machine& machine = this->machines_[node];
  if (machine.epoch != hop.epoch) return reset_or_strand(index, hop);
  if (!this->is_addressed(node)) return this->lose_address(index);
  this->span_begins(request, this->row(), "relay", node);
  const double work = to_seconds(this->config_.request_cpu) +
                      to_seconds(this->config_.kilobyte_cpu) * 1e-3 * request.response_bytes;
  const kernel::NodeId cpu = machine.cpu(hop.worker);
  machine.stats->request(this->now(), work, 0, 0, this->world_.kernel.queue_length(cpu) + 1);
  this->world_.kernel.exec(cpu, work, this->token(kRelayed, index),
                           this->world_.config.network.lan_latency);
}

template <class K>
void TcpProxies<K>::on(int kind, kernel::Token token, kernel::Outcome outcome) {
  const std::uint32_t index = token.index;
  Transport<K>& transport = *this->world_.transport;
  if (kind == kRelayed) {
    Request& request = this->world_.requests[index];
    if (request.counted) return transport.drop(index);
    this->span_ends(request, this->row());
    if (outcome == kernel::Outcome::ok) return transport.pass_on(index);
    return reset_or_strand(index, this->world_.connections[request.connection].hop[request.hop]);
  }
  if (!this->world_.connections.is_current(index, token.generation)) return;
  switch (kind) {
    case kForward:
      // The machine went down with the SYN in hand: the client's deadline ends it.
      if (outcome == kernel::Outcome::failed) return;
      return this->next->syn(index, last_hop(index).attempt.server);
    case kSynRefused: {
      Hop& hop = last_hop(index);
      if (this->machines_[hop.node].epoch != hop.epoch) return;
      return try_again(index);
    }
    case kQueuedTooLong:
      return queued_too_long(index);
    case kRetry:
      if (this->machines_[last_hop(index).node].epoch != last_hop(index).epoch) return;
      return after_pick(index, algorithms::Pick::server);
    default:
      LBSIM_CHECK(!"an event of this component");
  }
}

LBSIM_FOR_EACH_KERNEL(TcpProxies)

}  // namespace lbsim
