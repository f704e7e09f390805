#include "devices/servers.hpp"

#include <algorithm>

#include "devices/kernels.hpp"
#include "devices/transport.hpp"

namespace lbsim {

template <class K>
Servers<K>::Servers(World<K>& world, const TierConfig& tier, int index)
    : Tier<K>(world, tier.name, index), config_(std::get<ServerTierConfig>(tier.device)) {
  for (const ServerGroupConfig& group : config_.groups) {
    const int slots = config_.workers > 0 ? static_cast<int>(config_.workers) : group.cores;
    for (int i = 0; i < group.count; ++i) {
      this->add_machine("server", 1, {group.speed, slots, config_.discipline}, group.nic);
      slots_.push_back(static_cast<std::uint32_t>(slots));
      limits_.push_back(slots_.back() + group.backlog.value_or(config_.backlog));
    }
  }
}

template <class K>
void Servers<K>::syn(std::uint32_t connection, std::uint32_t node) {
  Machine& machine = this->machines_[node];
  Transport<K>& transport = *this->world_.transport;
  if (machine.power == Power::crashed) return transport.drop_syn(connection);
  if (machine.power == Power::stopped) return transport.refuse(connection, RequestOutcome::refused);
  machine.stats->connections(this->now(), ++machine.connections);
  transport.accept(connection, this->index_, node, 0);
}

template <class K>
void Servers<K>::closed(Connection& connection, Hop*) {
  Machine& machine = this->machines_[connection.end_node];
  if (machine.epoch == connection.end_epoch) --machine.connections;
}

template <class K>
void Servers<K>::request(std::uint32_t index, std::uint32_t node) {
  Machine& machine = this->machines_[node];
  Request& request = this->world_.requests[index];
  request.server = node;
  if (request.legs == 0) this->world_.recorder.attempt();
  if (machine.power != Power::up) {
    return this->world_.transport->unanswered(index, machine.power, algorithms::Result::refused);
  }
  if (machine.errors) [[unlikely]] return answer_error(index);
  const kernel::NodeId cpu = machine.cpu();
  const std::uint32_t here = this->world_.kernel.queue_length(cpu);
  if (here >= limits_[node]) return full(index);
  if (request.legs > 0) request.leg[request.legs - 1].connected = true;
  const auto bytes = static_cast<std::uint64_t>(this->world_.config.workload.request_bytes);
  machine.stats->request(this->now(), 0, bytes, 0, here + 1);
  this->span_begins(request, this->row(), "serve", node);
  const bool measures = !mean_ns_.empty();
  if (measures) {
    if (index >= came_.size()) came_.resize(index + 1);
    came_[index] = this->now();
  }
  // The end of measured work is heard of at once, so that the machine's state is what it says then.
  const bool trip = request.legs > 0 && !measures;
  if (this->world_.watch != nullptr) [[unlikely]] {
    this->world_.watch->at_server(index, node, this->now(), here >= limits_[node] - config_.backlog,
                                  request.work_s / machine.speed);
  }
  const Duration way_back = trip ? this->world_.config.network.lan_latency : Duration{};
  this->world_.kernel.exec(cpu, request.work_s, this->token(0, index), way_back);
}

template <class K>
void Servers<K>::full(std::uint32_t index) {
  if (config_.when_full == WhenFull::refuse)
    return this->world_.transport->unanswered(index, Power::stopped, algorithms::Result::refused);
  answer_error(index);
}

// At once, with status 500 or 503.
template <class K>
void Servers<K>::answer_error(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  if (request.legs > 0) request.leg[request.legs - 1].connected = true;
  request.outcome = RequestOutcome::server_error;
  this->world_.transport->answer(index);
}

template <class K>
void Servers<K>::answered(std::uint32_t node, std::uint32_t index) {
  const std::int64_t took_ns = (this->now() - came_[index]) / picoseconds(1000);
  std::int64_t& mean_ns = mean_ns_[node];
  mean_ns = mean_ns == 0 ? took_ns : mean_ns + (took_ns - mean_ns) / 8;
  if (this->world_.kernel.queue_length(this->machines_[node].cpu()) == 0) {
    this->fell_idle(node);
  }
}

template <class K>
algorithms::Report Servers<K>::state(std::uint32_t node) const {
  algorithms::Report report;
  report.in_flight = this->world_.kernel.queue_length(this->machines_[node].cpu());
  report.load = std::min(1.0, static_cast<double>(report.in_flight) / slots_[node]);
  if (!mean_ns_.empty()) report.latency = picoseconds(1000 * mean_ns_[node]);
  return report;
}

template <class K>
void Servers<K>::on(int, kernel::Token token, kernel::Outcome outcome) {
  Request& request = this->world_.requests[token.index];
  Machine& machine = this->machines_[request.server];
  this->span_ends(request, this->row());
  if (outcome == kernel::Outcome::failed) {
    return this->world_.transport->unanswered(token.index, machine.power,
                                              algorithms::Result::reset);
  }
  machine.stats->work(this->now(), request.work_s / machine.speed);
  if (this->world_.watch != nullptr) this->world_.watch->served(token.index, this->now());
  const bool measures = !mean_ns_.empty();
  if (measures) answered(request.server, token.index);
  if (request.counted) return this->world_.transport->drop(token.index);
  if (measures) return this->world_.transport->answer(token.index);
  this->world_.transport->answered(token.index);
}

LBSIM_FOR_EACH_KERNEL(Servers)

}  // namespace lbsim
