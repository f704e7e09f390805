#include "algorithms/ipvs/service.hpp"

#include "algorithms/parameters.hpp"
#include "core/check.hpp"

namespace lbsim::algorithms::ipvs {
namespace {

void check_flags(const std::vector<std::string>& flags) {
  for (const std::string& flag : flags) {
    if (flag == "sh-port" || flag == "sh-fallback" || flag == "mh-port" || flag == "mh-fallback") {
      continue;
    }
    reject("flags", "no scheduler flag '" + flag + "'",
                  "sh-port, sh-fallback, mh-port or mh-fallback");
  }
}

}  // namespace

Service::Service(const ServiceConfig& config)
    : config_(config),
      clock_(config.jiffies0),
      table_(clock_.tick(kTimeZero), config.persistence.has_value()) {
  if (config_.persistence) persistence_.emplace(*config_.persistence, table_);
  set_timeouts(config_.timeouts);
  set_scheduler(config_.scheduler, config_.flags, kTimeZero);
}

void Service::set_scheduler(const std::string& name, const std::vector<std::string>& flags,
                            Time now) {
  advance(now);
  check_flags(flags);
  const SchedulerSetup setup{.servers = servers_,
                             .flags = flags,
                             .lblc_expiration_s = config_.sysctl.lblc_expiration_s,
                             .lblcr_expiration_s = config_.sysctl.lblcr_expiration_s,
                             .now = table_.now(),
                             .seed = config_.seed};
  std::unique_ptr<Scheduler> next = make_scheduler(name, setup);
  if (next == nullptr) {
    reject("scheduler", "no IPVS scheduler '" + name + "'",
                  "rr, wrr, lc, wlc, lblc, lblcr, dh, sh, mh, sed, nq, fo, ovf or twos");
  }
  scheduler_ = std::move(next);
  config_.scheduler = name;
  config_.flags = flags;
  list_changed();
}

void Service::set_timeouts(const Timeouts& timeouts) {
  const auto set = [](std::uint32_t& kept, std::uint32_t wanted) {
    if (wanted != 0) kept = wanted;
  };
  set(config_.timeouts.tcp_s, timeouts.tcp_s);
  set(config_.timeouts.tcpfin_s, timeouts.tcpfin_s);
  set(config_.timeouts.udp_s, timeouts.udp_s);
  for (int i = static_cast<int>(State::syn_recv); i < kStates; ++i) {
    timeout_ticks_[i] = config_.timeouts.of_s(static_cast<State>(i)) * kTicksPerSecond;
  }
}

ServerId Service::add(const RealServer& server, Time now) {
  advance(now);
  const ServerId id = servers_.add(server);
  scheduler_->added();
  list_changed();
  return id;
}

void Service::edit(ServerId id, std::int32_t weight, std::optional<std::uint32_t> upper,
                   std::optional<std::uint32_t> lower, Time now) {
  advance(now);
  servers_.edit(id, weight, upper, lower);
  scheduler_->edited(id);
}

void Service::remove(ServerId id, Time now) {
  advance(now);
  const std::size_t position = servers_.remove(id);
  scheduler_->removed(position);
  list_changed();
}

void Service::list_changed() { follows_load_ = scheduler_->follows_load(); }

void Service::load_changed(ServerId id) {
  if (follows_load_) scheduler_->load_changed(id);
}

// Enters a connection into the counters or takes it out. Both may turn the overload mark.
void Service::count(ServerId id, State state, int by) {
  Destination& server = servers_[id];
  (is_active(state) ? server.active : server.inactive) += static_cast<std::uint32_t>(by);
  server.update_overload();
  load_changed(id);
}

void Service::advance(Tick now) {
  table_.advance(now, [this](std::uint32_t slot) { expire(slot); });
}

void Service::expire(std::uint32_t slot) {
  const Entry& entry = table_.at(slot);
  const auto state = static_cast<State>(entry.state);
  if (is_template(state)) {
    persistence_->template_fired(slot);
    return;
  }
  if (persistence_) persistence_->connection_ended(slot);
  if (config_.track_tuples) tuples_.erase(slot);
  const auto server = static_cast<ServerId>(entry.server);
  table_.close(slot);
  count(server, state, -1);
}

Service::Opened Service::open(const Flow& flow, Time now) {
  advance(clock_.tick(now));
  if (config_.track_tuples && !config_.one_packet) {
    const std::uint32_t known = tuples_.find(flow);
    if (known != 0) {
      if (!is_new_connection(table_.at(known))) return reuse(known);
      table_.rearm(known, 0);  // it still counts during the pick
    }
  }
  std::uint32_t controller = 0;
  const ServerId server =
      persistence_ ? pick_persistent(flow, controller) : scheduler_->pick(flow, table_.now());
  if (server == kNoServer) return {};
  if (config_.one_packet) {
    if (controller != 0) persistence_->touch(controller, 0);
    return {server, {}};
  }
  const State state = config_.protocol == Protocol::tcp ? State::syn_recv : State::udp;
  const Connection connection = table_.open(server, state);
  if (persistence_) persistence_->touch(controller, connection.slot);
  table_.arm(connection.slot, ticks_of(state));
  if (config_.track_tuples) tuples_.insert(connection.slot, flow);
  count(server, state, +1);
  return {server, connection};
}

// Whether a SYN from the same address and port is a new connection to be scheduled anew: the old
// one is over as far as this director could see. Bit 1 (value 2) adds FIN_WAIT where that is the
// last state there is.
bool Service::is_new_connection(const Entry& entry) const {
  if (config_.protocol != Protocol::tcp || config_.sysctl.conn_reuse_mode == 0) return false;
  const auto state = static_cast<State>(entry.state);
  if (state == State::time_wait || state == State::close) return true;
  return (config_.sysctl.conn_reuse_mode & 2) != 0 && config_.mode != Mode::nat &&
         state == State::fin_wait;
}

Service::Opened Service::reuse(std::uint32_t slot) {
  const Connection connection = table_.handle(slot);
  const auto server = static_cast<ServerId>(table_.at(slot).server);
  const Packet what = config_.protocol == Protocol::tcp ? Packet::client_syn : Packet::client_data;
  if (deliver(connection, what) != Verdict::forwarded) return {.dropped = true};
  return {server, connection};
}

// Only a client without a template makes the scheduler run.
ServerId Service::pick_persistent(const Flow& flow, std::uint32_t& controller) {
  controller = persistence_->find(flow.client);
  if (controller != 0) {
    const auto id = static_cast<ServerId>(table_.at(controller).server);
    const Destination& server = servers_[id];
    const bool quiesced = config_.sysctl.expire_quiescent_template && server.weight == 0;
    if (server.listed && !quiesced) return id;
    persistence_->forget(controller);
    controller = 0;
  }
  const ServerId id = scheduler_->pick(flow, table_.now());
  if (id != kNoServer) controller = persistence_->create(flow.client, id);
  return id;
}

Service::Verdict Service::packet(Connection connection, Packet what, Time now) {
  advance(clock_.tick(now));
  return deliver(connection, what);
}

Service::Verdict Service::deliver(Connection connection, Packet what) {
  Entry* entry = table_.find(connection);
  if (entry == nullptr) return Verdict::no_entry;
  if (from_server(what) && config_.mode != Mode::nat) return Verdict::forwarded;
  if (!servers_[static_cast<ServerId>(entry->server)].listed) {
    if (config_.sysctl.expire_nodest_conn) table_.rearm(connection.slot, 0);
    return Verdict::dropped;
  }
  move(connection.slot, *entry, what);
  return Verdict::forwarded;
}

void Service::move(std::uint32_t slot, Entry& entry, Packet what) {
  const auto before = static_cast<State>(entry.state);
  const State after = next_state(config_.mode, before, what);
  if (persistence_) {
    const bool answered = after == State::udp ? from_server(what) : after == State::established;
    if (answered) persistence_->assure(slot);
  }
  table_.rearm(slot, ticks_of(after));
  if (after == before) return;
  entry.state = static_cast<unsigned>(after) & 15;
  if (is_active(before) == is_active(after)) return;
  const auto id = static_cast<ServerId>(entry.server);
  Destination& server = servers_[id];
  const std::uint32_t activated = is_active(after) ? 1 : ~std::uint32_t{0};  // +1 or -1
  server.active += activated;
  server.inactive -= activated;
  load_changed(id);
}

std::vector<Service::Listed> Service::entries(Time now) {
  LBSIM_CHECK(config_.track_tuples);
  advance(now);
  std::vector<Listed> listed;
  table_.for_each([&](std::uint32_t slot) {
    const auto state = static_cast<State>(table_.at(slot).state);
    Listed entry{0, 0, state, table_.left_s(slot)};
    if (is_template(state)) {
      if (!persistence_->client_of(slot, entry.client)) return;
    } else {
      entry.client = tuples_.flow(slot).client;
      entry.client_port = tuples_.flow(slot).client_port;
    }
    listed.push_back(entry);
  });
  return listed;
}

std::string Service::describe() const {
  std::string text = config_.scheduler + ": " + scheduler_->describe();
  for (const ServerId id : servers_.order()) {
    const Destination& server = servers_[id];
    text += "\n" + servers_.config(id).name + " weight " + std::to_string(server.weight) +
            " active " + std::to_string(server.active) + " inactive " +
            std::to_string(server.inactive) + (server.overloaded ? " overloaded" : "");
  }
  return text;
}

}  // namespace lbsim::algorithms::ipvs
