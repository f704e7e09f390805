#include "devices/transport.hpp"

#include "devices/clients.hpp"
#include "devices/kernels.hpp"

namespace lbsim {
namespace {

constexpr int kRoundsMax = 12;
constexpr int kSynRetriesMax = 6;  // Linux net.ipv4.tcp_syn_retries

}  // namespace

int slow_start_rounds(std::uint32_t segments, std::uint32_t window) {
  int rounds = 0;
  for (std::uint64_t sent = window, flight = window; sent < segments; ++rounds) {
    flight *= 2;
    sent += flight;
  }
  return rounds;
}

template <class K>
Transport<K>::Transport(World<K>& world) : Component<K>(world) {
  world.transport = this;
  const NetworkConfig& network = world.config.network;
  const double uplink = network.uplink_bytes_per_s;
  if (uplink > 0) {
    uplink_in_ = world.kernel.add_link({uplink, kernel::Sharing::shared});
    uplink_out_ = world.kernel.add_link({uplink, kernel::Sharing::shared});
    uplink_ = &world.recorder.add_node("uplink", "uplink", "link", 1, uplink);
  }
  for (const ClientGroupConfig& group : world.config.clients) {
    Wire wire;
    wire.signal = world.kernel.add_lane();
    wire.request = uplink > 0 ? world.kernel.add_lane() : wire.signal;
    wire.handshake = group.kept_alive ? world.kernel.add_lane() : wire.signal;
    const int tls = group.kept_alive ? 0 : network.tls_round_trips;
    wire.established = tls > 0 ? world.kernel.add_lane() : wire.handshake;
    wire.latency = group.latency;
    wire.handshake_delay = group.kept_alive ? Duration{} : group.latency;
    wire.established_delay = wire.handshake_delay + 2 * tls * group.latency;
    wire.request_delay = group.latency;
    if (uplink > 0)
      wire.request_delay += from_seconds(world.config.workload.request_bytes / uplink);
    wires_.push_back(std::move(wire));
  }
}

template <class K>
void Transport<K>::connect_routes() {
  const auto servers = static_cast<std::uint32_t>(this->world_.tiers.size() - 1);
  routes_ = std::make_unique<Routes<K>>(this->world_, servers, false, uplink_out_);
  from_proxies_.resize(servers);
  for (std::uint32_t t = 0; t < servers; ++t) {
    const auto* proxy = std::get_if<ProxyTierConfig>(&this->world_.config.tiers[t].device);
    if (proxy == nullptr || !proxy->layer7.any()) continue;
    from_proxies_[t] = std::make_unique<Routes<K>>(this->world_, t, false, uplink_out_);
    if (!proxy->layer7.redirects() || direct_ != nullptr) continue;
    direct_ = std::make_unique<Routes<K>>(this->world_, servers, true, uplink_out_);
  }
}

template <class K>
kernel::RouteId Transport<K>::short_route(const Request& request,
                                          const Connection& connection) const {
  const Routes<K>& from =
      request.origin == kDirect ? *direct_ : *from_proxies_[request.origin - std::size_t{1}];
  return from.of(request, connection);
}

template <class K>
void Transport<K>::signal(std::uint32_t connection, Kind kind) {
  const Wire& wire = wires_[group_of(this->world_.connections[connection])];
  this->world_.kernel.post(
      wire.handshake, this->now() + wire.handshake_delay,
      this->token(kind, connection, this->world_.connections[connection].generation));
}

template <class K>
void Transport<K>::open(std::uint32_t session, int slot, std::uint32_t request) {
  const std::uint32_t index = this->world_.connections.allocate();
  Connection& connection = this->world_.connections[index];
  connection.session = session;
  connection.slot = static_cast<std::uint8_t>(slot);
  connection.request = request;
  connection.window = static_cast<std::uint16_t>(this->world_.config.network.initial_window);
  Session& owner = this->world_.sessions[session];
  owner.connections[slot] = index;
  owner.in_use |= static_cast<std::uint8_t>(1u << slot);
  this->world_.requests[request].connection = index;
  this->span_begins(this->world_.requests[request], RequestTrace::kNetwork, "connect", kNone);
  signal(index, kSyn);
}

template <class K>
void Transport<K>::accept(std::uint32_t index, int tier, std::uint32_t node, std::uint32_t worker) {
  Connection& connection = this->world_.connections[index];
  connection.end_tier = static_cast<std::uint8_t>(tier);
  connection.end_node = static_cast<std::uint16_t>(node);
  connection.end_epoch = this->world_.tiers[static_cast<std::size_t>(tier)]->machine(node).epoch;
  connection.end_worker = static_cast<std::uint16_t>(worker);
  connection.accepted = true;
  const Wire& wire = wires_[group_of(connection)];
  this->world_.kernel.post(wire.established, this->now() + wire.established_delay,
                           this->token(kEstablished, index, connection.generation));
}

template <class K>
void Transport<K>::refuse(std::uint32_t index, RequestOutcome outcome) {
  Connection& connection = this->world_.connections[index];
  if (connection.hops > 0) {
    Tier<K>& tier = *this->world_.tiers[connection.hop[connection.hops - 1].tier];
    if (tier.syn_failed(index, algorithms::Result::refused)) return;
  }
  connection.refusal = outcome;
  signal(index, kRefused);
}

template <class K>
void Transport<K>::drop_syn(std::uint32_t index) {
  Connection& connection = this->world_.connections[index];
  if (connection.hops > 0) {
    Tier<K>& tier = *this->world_.tiers[connection.hop[connection.hops - 1].tier];
    if (tier.syn_failed(index, algorithms::Result::timeout)) return;
  }
  // RFC 6298: the first retransmission after 1 s, then twice as long each time.
  if (connection.syn_tries >= kSynRetriesMax) return;
  const Duration wait = seconds(std::int64_t{1} << connection.syn_tries);
  ++connection.syn_tries;
  this->world_.kernel.after(wait, this->token(kSynAgain, index, connection.generation));
}

template <class K>
void Transport<K>::established(std::uint32_t index) {
  Connection& connection = this->world_.connections[index];
  this->span_ends(this->world_.requests[connection.request], RequestTrace::kNetwork);
  send(connection.request);
}

template <class K>
void Transport<K>::refused(std::uint32_t index) {
  const std::uint32_t request = this->world_.connections[index].request;
  const RequestOutcome outcome = this->world_.connections[index].refusal;
  close(index);
  this->world_.requests[request].connection = kNone;
  this->world_.clients->finished(request, outcome);
}

template <class K>
void Transport<K>::send(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  Connection& connection = this->world_.connections[request.connection];
  connection.established = true;
  connection.request = index;
  if (uplink_ != nullptr) {
    uplink_->request(this->now());
    uplink_->bytes(this->now(),
                   static_cast<std::uint64_t>(this->world_.config.workload.request_bytes), 0);
  }
  if (connection.hops > 0) this->world_.tiers[connection.hop[0].tier]->expect(connection.hop[0]);
  this->span_begins(request, RequestTrace::kNetwork, "request", kNone);
  const Wire& wire = wires_[request.group];
  this->world_.kernel.post(wire.request, this->now() + wire.request_delay,
                           this->token(kArrive, index));
}

template <class K>
void Transport<K>::pass_on(std::uint32_t request) {
  ++this->world_.requests[request].hop;
  arrive(request);
}

template <class K>
void Transport<K>::arrive(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  if (request.counted) return drop(index);
  const Connection& connection = this->world_.connections[request.connection];
  if (request.hop < connection.hops) {
    const Hop& hop = connection.hop[request.hop];
    this->world_.tiers[hop.tier]->request(index, hop.node);
    return;
  }
  Tier<K>& end = *this->world_.tiers[connection.end_tier];
  const Machine& machine = end.machine(connection.end_node);
  if (machine.power == Power::crashed) return end.unreachable(index);
  // A machine that has been down knows nothing of the connection and resets it.
  if (machine.epoch != connection.end_epoch) return fail(index, RequestOutcome::connection_lost);
  end.request(index, connection.end_node);
}

template <class K>
void Transport<K>::answer(std::uint32_t index) {
  if (this->world_.requests[index].legs > 0) {
    this->world_.post_lan(this->token(kAnswer, index));
  } else {
    deliver(index);
  }
}

template <class K>
void Transport<K>::answered(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  if (request.counted) return drop(index);
  if (request.legs == 0) return deliver(index);
  this->world_.tiers[request.leg[request.legs - 1].tier]->response(index);
}

template <class K>
void Transport<K>::deliver(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  if (request.counted) return drop(index);
  Connection& connection = this->world_.connections[request.connection];
  const auto mss = static_cast<std::uint32_t>(this->world_.config.network.segment_bytes);
  const std::uint32_t segments = (request.response_bytes + mss - 1) / mss;
  for (int h = 0; h < connection.hops; ++h) {
    Tier<K>& tier = *this->world_.tiers[connection.hop[h].tier];
    const bool needs_way_back = tier.carries_responses() || segments > connection.window;
    if (needs_way_back && !tier.hop_alive(connection.hop[h])) return tier.stall(index);
  }
  const int rounds = std::min(slow_start_rounds(segments, connection.window), kRoundsMax);
  if (rounds == 0) return send_body(index);
  connection.window = static_cast<std::uint16_t>(
      std::min<std::uint32_t>(std::uint32_t{connection.window} << rounds, 4096));
  Wire& wire = wires_[request.group];
  this->world_.kernel.post(lane_of_rounds(wire, rounds), this->now() + 2 * rounds * wire.latency,
                           this->token(kBody, index));
}

template <class K>
kernel::LaneId Transport<K>::lane_of_rounds(Wire& wire, int rounds) {
  const auto i = static_cast<std::size_t>(rounds) - 1;
  while (wire.rounds.size() <= i) wire.rounds.push_back(this->world_.kernel.add_lane());
  return wire.rounds[i];
}

template <class K>
void Transport<K>::send_body(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  if (request.counted) return drop(index);
  const Connection& connection = this->world_.connections[request.connection];
  this->span_begins(request, RequestTrace::kNetwork, "response", kNone);
  request.carried = false;
  const kernel::RouteId route =
      request.origin == 0 ? routes_->of(request, connection) : short_route(request, connection);
  request.transfer = this->world_.kernel.send(route, std::max(1.0, double(request.response_bytes)),
                                              this->token(kDelivered, index));
}

template <class K>
void Transport<K>::count_response_bytes(const Request& request, const Connection& connection,
                                        std::uint64_t bytes) {
  const Time t = this->now();
  if (uplink_ != nullptr) uplink_->bytes(t, 0, bytes);
  const auto add = [&](std::uint32_t tier, std::uint32_t node, std::uint64_t in) {
    this->world_.tiers[tier]->machine(node).stats->bytes(t, in, bytes);
  };
  const bool by_server = request.origin == 0 || request.origin == kDirect;
  const int passed = by_server ? request.legs_passed : request.legs_passed - 1;
  for (int i = 0; i < passed; ++i) add(request.leg[i].tier, request.leg[i].node, bytes);
  for (int h = 0; h < connection.hops; ++h) {
    const Hop& hop = connection.hop[h];
    const Tier<K>& tier = *this->world_.tiers[hop.tier];
    if (tier.carries_responses()) add(hop.tier, hop.node, tier.two_armed() ? 0 : bytes);
  }
  if (!by_server) return add(request.leg[passed].tier, request.leg[passed].node, 0);
  add(static_cast<std::uint32_t>(this->world_.tiers.size() - 1), request.server, 0);
}

template <class K>
void Transport<K>::delivered(std::uint32_t index, kernel::Outcome outcome) {
  Request& request = this->world_.requests[index];
  request.transfer = {};
  if (outcome == kernel::Outcome::failed) return;  // stalled: only the deadline ends it
  count_response_bytes(request, this->world_.connections[request.connection],
                       request.response_bytes);
  this->world_.clients->finished(index, request.outcome);
}

template <class K>
void Transport<K>::fail(std::uint32_t index, RequestOutcome outcome) {
  Request& request = this->world_.requests[index];
  if (request.counted) return drop(index);
  abandon_legs(index);  // of proxies before the one that gives up
  request.outcome = outcome;
  request.carried = true;
  const Wire& wire = wires_[request.group];
  this->world_.kernel.post(wire.signal, this->now() + wire.latency, this->token(kError, index));
}

template <class K>
void Transport<K>::unanswered(std::uint32_t index, Power power, algorithms::Result why) {
  Request& request = this->world_.requests[index];
  if (request.counted) return drop(index);
  if (request.legs > 0) {
    Tier<K>& sender = *this->world_.tiers[request.leg[request.legs - 1].tier];
    return power == Power::crashed ? sender.silent(index) : sender.try_failed(index, why);
  }
  if (power == Power::crashed) return strand(index);
  fail(index, why == algorithms::Result::refused ? RequestOutcome::refused
                                                 : RequestOutcome::connection_lost);
}

template <class K>
void Transport<K>::strand(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  if (request.counted) return drop(index);
  request.carried = false;
}

template <class K>
void Transport<K>::give_up(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  request.counted = true;
  const bool on_its_way = request.legs == 0;  // what `transfer` names is then the response's body
  abandon_legs(index);
  const std::uint32_t connection = request.connection;
  request.connection = kNone;
  bool carried = request.carried;
  if (request.transfer) {
    const kernel::Cancelled left = this->world_.kernel.cancel(request.transfer);
    if (on_its_way && left.found && connection != kNone) {
      const auto came = std::max(0.0, request.response_bytes - left.remaining);
      count_response_bytes(request, this->world_.connections[connection],
                           static_cast<std::uint64_t>(came));
    }
    carried = false;
  }
  if (connection != kNone) {
    if (!this->world_.connections[connection].established) carried = false;
    close(connection);
  }
  if (!carried) drop(index);
}

template <class K>
void Transport<K>::leave_tiers(Connection& connection) {
  for (int h = connection.hops; h-- > 0;) {
    this->world_.tiers[connection.hop[h].tier]->closed(connection, &connection.hop[h]);
  }
  if (connection.accepted) this->world_.tiers[connection.end_tier]->closed(connection, nullptr);
}

template <class K>
void Transport<K>::close(std::uint32_t index) {
  Connection& connection = this->world_.connections[index];
  leave_tiers(connection);
  Session& owner = this->world_.sessions[connection.session];
  const auto others = static_cast<std::uint8_t>(~(1u << connection.slot));
  owner.in_use &= others;
  owner.idle &= others;
  this->world_.connections.release(index);
}

template <class K>
void Transport<K>::on(int kind, kernel::Token token, kernel::Outcome outcome) {
  switch (kind) {
    case kSyn: {
      if (gone(token)) return;
      const Session& session = this->world_.sessions[this->world_.connections[token.index].session];
      if (session.direct != kNone) [[unlikely]]
        return this->world_.tiers.back()->syn(token.index, session.direct);
      return this->world_.tiers.front()->syn(token.index, session.address);
    }
    case kSynAgain:
      if (!gone(token)) signal(token.index, kSyn);
      return;
    case kEstablished:
      if (!gone(token)) established(token.index);
      return;
    case kRefused:
      if (!gone(token)) refused(token.index);
      return;
    case kArrive:
      this->span_ends(this->world_.requests[token.index], RequestTrace::kNetwork);
      return arrive(token.index);
    case kAnswer:
      return answered(token.index);
    case kBody:
      return send_body(token.index);
    case kDelivered:
      return delivered(token.index, outcome);
    case kError: {
      Request& request = this->world_.requests[token.index];
      if (request.counted) return drop(token.index);
      if (request.redirected) return this->world_.clients->redirected(token.index);
      return this->world_.clients->finished(token.index, request.outcome);
    }
    default:
      LBSIM_CHECK(!"an event of this component");
  }
}

LBSIM_FOR_EACH_KERNEL(Transport)

}  // namespace lbsim
