#include "devices/http_proxies.hpp"

#include "devices/gate.hpp"
#include "devices/kernels.hpp"
#include "devices/transport.hpp"

namespace lbsim {
namespace {

RequestOutcome outcome_of(algorithms::Result why) {
  switch (why) {
    case algorithms::Result::timeout:
      return RequestOutcome::timeout;  // 504
    case algorithms::Result::reset:
      return RequestOutcome::server_error;  // 502
    default:
      return RequestOutcome::no_server;  // 502, 503
  }
}

}  // namespace

template <class K>
HttpProxies<K>::HttpProxies(World<K>& world, const TierConfig& config, int index)
    : Proxies<K>(world, config, index) {
  if (this->config_.layer7.any()) {
    gate_ = std::make_unique<Gate<K>>(world, *this, this->config_, this->name_);
  }
}

template <class K>
HttpProxies<K>::~HttpProxies() = default;

template <class K>
void HttpProxies<K>::syn(std::uint32_t connection, std::uint32_t address) {
  const std::uint32_t node = this->machine_for_syn(connection, address);
  if (node == kNone) return;
  this->world_.transport->accept(connection, this->index_, node, random_worker());
}

// With SO_REUSEPORT the kernel spreads connections over the workers by a hash of the addresses.
template <class K>
std::uint16_t HttpProxies<K>::random_worker() {
  return static_cast<std::uint16_t>(
      this->accept_random_.below(static_cast<std::uint64_t>(this->config_.workers)));
}

template <class K>
void HttpProxies<K>::connect() {
  Proxies<K>::connect();
  const auto workers = static_cast<std::size_t>(this->config_.count * this->config_.workers);
  idle_.reset(workers, this->next->size(), static_cast<std::uint32_t>(this->config_.keepalive));
  if (this->config_.notices_closed)
    this->next->add_watcher([this](std::uint32_t member) { member_changed(member); });
}

template <class K>
void HttpProxies<K>::closed(Connection& connection, Hop*) {
  Machine& machine = this->machines_[connection.end_node];
  if (machine.epoch == connection.end_epoch) --machine.connections;
}

template <class K>
void HttpProxies<K>::request(std::uint32_t index, std::uint32_t node) {
  Request& request = this->world_.requests[index];
  Machine& machine = this->machines_[node];
  if (machine.power != Power::up) {  // asked by another proxy: clients' connections end earlier
    return this->world_.transport->unanswered(index, machine.power, algorithms::Result::refused);
  }
  if (request.legs > 0) {
    request.leg[request.legs - 1].connected = true;
  } else if (!this->is_addressed(node)) {
    return this->lose_address(index);
  }
  this->span_begins(request, this->row(), "proxy", node);
  Leg& leg = request.leg[request.legs];
  leg = Leg{};
  leg.tier = static_cast<std::uint8_t>(this->index_);
  leg.node = static_cast<std::uint16_t>(node);
  leg.epoch = machine.epoch;
  double work = gate_ != nullptr ? gate_->read_work() : request_work(request);
  if (request.legs > 0) {
    leg.worker = random_worker();
  } else {
    Connection& connection = this->world_.connections[request.connection];
    leg.worker = connection.end_worker;
    if (connection.fresh) work += to_seconds(this->config_.accept_cpu);
    if (connection.fresh && gate_ != nullptr) {
      work += gate_->handshake_work(this->world_.sessions[request.session], node);
    }
    connection.fresh = false;
  }
  const kernel::NodeId cpu = machine.cpu(leg.worker);
  machine.stats->request(this->now(), work, 0, 0, this->world_.kernel.queue_length(cpu) + 1);
  this->world_.kernel.exec(cpu, work, this->token(kRead, index));
}

template <class K>
double HttpProxies<K>::request_work(const Request& request) const {
  return to_seconds(this->config_.request_cpu) +
         to_seconds(this->config_.kilobyte_cpu) * 1e-3 * request.response_bytes;
}

template <class K>
algorithms::Request HttpProxies<K>::seen(std::uint32_t index) const {
  const Request& request = this->world_.requests[index];
  algorithms::Request seen;
  seen.ticket = static_cast<std::uint64_t>(request.generation) << 32 | index;
  seen.client = this->world_.sessions[request.session].client;
  return seen;
}

template <class K>
void HttpProxies<K>::pick(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  Leg& leg = innermost(request);
  algorithms::Upstream& pool = this->pool(leg);
  const std::uint32_t node = leg.node;
  const std::uint32_t worker = leg.worker;
  const algorithms::Pick pick = pool.begin(seen(index), leg.attempt, this->now());
  after_pick(index, pick, algorithms::Result::refused);
  this->after_call(pool, node, worker);
}

template <class K>
void HttpProxies<K>::after_pick(std::uint32_t index, algorithms::Pick pick,
                                algorithms::Result why) {
  Request& request = this->world_.requests[index];
  switch (pick) {
    case algorithms::Pick::server:
      return try_server(index);
    case algorithms::Pick::queued:
      request.carried = false;
      request.transfer =
          this->world_.kernel.after(this->queue_timeout(), this->token(kQueuedTooLong, index));
      return;
    case algorithms::Pick::none:
      break;
  }
  if (innermost(request).gate != 0 && gate_->rescues(index)) return;
  leave(index, false);
  this->world_.transport->fail(index, outcome_of(why));
}

template <class K>
void HttpProxies<K>::try_server(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  Leg& leg = innermost(request);
  this->count_pick(leg);
  this->world_.recorder.attempt();
  ++leg.tries;
  this->span_begins(request, this->row(), "try", leg.node);
  leg.sent = this->now();
  leg.connected = idle_.take(worker_index(leg), this->machine_of(leg), this->now());
  if (leg.connected) return this->world_.post_lan(this->token(kToServer, index));
  const double work = to_seconds(this->config_.connect_cpu);
  Machine& machine = this->machines_[leg.node];
  machine.stats->work(this->now(), work);
  // The handshake takes a round trip; a SYN is answered by the system, so any machine that is up or
  // was just stopped answers within it.
  this->world_.kernel.exec(machine.cpu(leg.worker), work, this->token(kToServer, index),
                           3 * this->world_.config.network.lan_latency);
}

template <class K>
void HttpProxies<K>::end_leg(Leg& leg, algorithms::Result result) {
  algorithms::Upstream& pool = this->pool(leg);
  pool.end(leg.attempt, result, this->now());
  this->after_call(pool, leg.node, leg.worker);
}

template <class K>
void HttpProxies<K>::response(std::uint32_t index) {
  if (!still_there(index)) return;
  Request& request = this->world_.requests[index];
  request.legs_passed = std::max(request.legs_passed, request.legs);
  this->span_ends(request, this->row());  // the try
  Leg& leg = innermost(request);
  idle_.keep(worker_index(leg), this->machine_of(leg), this->now());
  if (request.outcome == RequestOutcome::server_error ||
      request.outcome == RequestOutcome::rate_limited) {
    return error_answered(index);
  }
  this->span_ends(request, this->row());
  this->pool(leg).count_bytes(
      leg.attempt.server, static_cast<std::uint64_t>(this->world_.config.workload.request_bytes),
      request.response_bytes);
  end_leg(leg, algorithms::Result::ok);
  if (leg.gate != 0) [[unlikely]]
    gate_->left(index, true);
  --request.legs;
  if (request.legs == 0 && !this->is_addressed(leg.node)) return this->lose_address(index);
  this->world_.transport->answer(index);
}

// A response of status 503, of a server or of a limit in a proxy behind. Only nginx may try another
// server then (proxy_next_upstream http_503).
template <class K>
void HttpProxies<K>::error_answered(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  Leg& leg = innermost(request);
  if (this->config_.method_family() == "nginx") {
    const algorithms::Pick pick = this->pool(leg).next(
        seen(index), leg.attempt, algorithms::Result::server_error, this->now());
    if (pick == algorithms::Pick::server) {
      request.outcome = RequestOutcome::ok;
      return after_pick(index, pick, algorithms::Result::server_error);
    }
  } else {
    end_leg(leg, algorithms::Result::server_error);
  }
  if (leg.gate != 0 && gate_->rescues(index)) return;
  this->span_ends(request, this->row());
  leave(index, false);
  this->world_.transport->answer(index);
}

template <class K>
void HttpProxies<K>::leave(std::uint32_t index, bool answered) {
  Request& request = this->world_.requests[index];
  if (innermost(request).gate != 0) [[unlikely]]
    gate_->left(index, answered);
  --request.legs;
}

// A server that stops closes its connections; a round of the LAN later nobody keeps them.
template <class K>
void HttpProxies<K>::member_changed(std::uint32_t member) {
  if (this->next->machine(member).power != Power::stopped) return;
  this->world_.post_lan(this->token(kIdleClosed, member));
}

template <class K>
bool HttpProxies<K>::lost(std::uint32_t index) {
  const Power power = this->machines_[innermost(this->world_.requests[index]).node].power;
  leave(index, false);
  this->world_.transport->unanswered(index, power, algorithms::Result::reset);
  return false;
}

template <class K>
void HttpProxies<K>::try_failed(std::uint32_t index, algorithms::Result why) {
  this->world_.post_lan(this->token(why == algorithms::Result::refused ? kRefused : kReset, index));
}

template <class K>
void HttpProxies<K>::silent(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  Leg& leg = innermost(request);
  const Duration timeout =
      leg.connected ? this->config_.read_timeout : this->config_.connect_timeout;
  const Duration left = std::max(leg.sent + timeout - this->now(), Duration{0});
  request.carried = false;
  request.transfer = this->world_.kernel.after(left, this->token(kTimedOut, index));
}

template <class K>
void HttpProxies<K>::next_try(std::uint32_t index, algorithms::Result why) {
  Request& request = this->world_.requests[index];
  if (request.counted) return this->world_.transport->drop(index);
  request.carried = true;
  if (!still_there(index)) return;
  this->span_ends(request, this->row());
  Leg& leg = innermost(request);
  // HAProxy tries again only where no connection came about (configuration manual, "retries").
  if (this->config_.method_family() == "haproxy" && leg.connected) {
    end_leg(leg, why);
    return after_pick(index, algorithms::Pick::none, why);
  }
  algorithms::Upstream& pool = this->pool(leg);
  const std::uint32_t node = leg.node;
  const std::uint32_t worker = leg.worker;
  const algorithms::ServerId failed = leg.attempt.server;
  const algorithms::Pick pick = pool.next(seen(index), leg.attempt, why, this->now());
  if (pick == algorithms::Pick::server && leg.attempt.server == failed) {
    wait_before_retry(index);
  } else {
    after_pick(index, pick, why);
  }
  this->after_call(pool, node, worker);
}

// A proxy that tries the same server again (nginx does not) waits first.
template <class K>
void HttpProxies<K>::wait_before_retry(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  request.carried = false;
  request.transfer = this->world_.kernel.after(this->retry_wait(), this->token(kRetry, index));
}

template <class K>
void HttpProxies<K>::start_queued(algorithms::Upstream& pool, std::uint32_t, std::uint32_t) {
  const std::vector<algorithms::Started> started = std::move(pool.started());
  pool.started().clear();
  for (const algorithms::Started& s : started) {
    const auto index = static_cast<std::uint32_t>(s.ticket);
    Request& request = this->world_.requests[index];
    this->world_.kernel.cancel(request.transfer);
    request.transfer = {};
    request.carried = true;
    innermost(request).attempt.server = s.server;
    if (s.server == algorithms::kNoServer) {  // all that it could wait for are down
      after_pick(index, algorithms::Pick::none, algorithms::Result::refused);
    } else {
      leave_queue_for_server(index);
    }
  }
}

template <class K>
void HttpProxies<K>::leave_queue_for_server(std::uint32_t index) {
  const double work = to_seconds(this->config_.queue_cpu);
  if (work == 0) return try_server(index);
  Request& request = this->world_.requests[index];
  Leg& leg = innermost(request);
  Machine& machine = this->machines_[leg.node];
  machine.stats->work(this->now(), work);
  request.carried = false;
  request.transfer =
      this->world_.kernel.exec(machine.cpu(leg.worker), work, this->token(kRetry, index));
}

template <class K>
void HttpProxies<K>::leave_queue(const Leg& leg, std::uint32_t index) {
  const std::uint64_t generation = this->world_.requests[index].generation;
  this->pool(leg).abandon(generation << 32 | index, this->now());
}

template <class K>
void HttpProxies<K>::queued_too_long(std::uint32_t index) {
  Request& request = this->world_.requests[index];
  request.transfer = {};
  request.carried = true;
  if (!still_there(index)) return;
  leave_queue(innermost(request), index);
  after_pick(index, algorithms::Pick::none, algorithms::Result::refused);
}

template <class K>
void HttpProxies<K>::abandoned(Leg& leg, std::uint32_t index) {
  const bool inside = leg.gate % 2 != 0;  // Gate::kInside
  if (leg.gate != 0) gate_->left(this->world_.requests[index], leg, false);
  if (inside || this->machines_[leg.node].epoch != leg.epoch) return;
  if (leg.attempt.server == algorithms::kNoServer) return leave_queue(leg, index);
  end_leg(leg, algorithms::Result::cancelled);
}

template <class K>
void HttpProxies<K>::on(int kind, kernel::Token token, kernel::Outcome outcome) {
  const std::uint32_t index = token.index;
  if (kind == kIdleClosed) return idle_.drop(index);
  Request& request = this->world_.requests[index];
  if (kind == kTimedOut) {
    request.transfer = {};
    return next_try(index, algorithms::Result::timeout);
  }
  if (kind == kQueuedTooLong) return queued_too_long(index);
  if (kind == kRetry) {
    request.transfer = {};
    request.carried = true;
    if (still_there(index)) try_server(index);
    return;
  }
  if (request.counted) return this->world_.transport->drop(index);
  switch (kind) {
    case kRead:
      if (outcome == kernel::Outcome::failed) {
        ++request.legs;
        still_there(index);
        return;
      }
      if (gate_ != nullptr) return gate_->read(index);
      ++request.legs;
      return pick(index);
    case kToServer:
      if (!still_there(index)) return;
      return this->next->request(index, this->machine_of(innermost(request)));
    case kRefused:
      return next_try(index, algorithms::Result::refused);
    case kReset:
      return next_try(index, algorithms::Result::reset);
    default:
      LBSIM_CHECK(!"an event of this component");
  }
}

LBSIM_FOR_EACH_KERNEL(HttpProxies)

}  // namespace lbsim
