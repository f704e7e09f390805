// Replays recorded IPVS traces: plays client, servers and administrator to a Service, and compares
// its picks, counters, list order and connection table with the kernel's.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "algorithms/ipvs/service.hpp"
#include "algorithms/parameters.hpp"
#include "conform/ipvs_trace.hpp"
#include "conform/replay.hpp"

namespace lbsim::conform {
namespace ipvs {
namespace {

namespace lvs = algorithms::ipvs;
using algorithms::kNoServer;
using algorithms::ServerId;
using lvs::Packet;

// An entry's age is known to a tick or two only, as the recording does not say when within an
// action a packet passed; shown in whole seconds that can make one second of difference.
constexpr std::int64_t kEntryToleranceS = 1;

std::string counts_text(const std::vector<Counts>& counts) {
  std::string text;
  for (const Counts& one : counts) {
    if (!text.empty()) text += ' ';
    text += one ? fmt::format("[{}, {}]", one->first, one->second) : "-";
  }
  return text;
}

std::string order_text(const std::vector<std::string>& order) {
  std::string text;
  for (const std::string& name : order) text += (text.empty() ? "" : " ") + name;
  return text;
}

std::string entries_text(const std::vector<EntryLine>& entries) {
  std::string text;
  for (const EntryLine& entry : entries) {
    if (!text.empty()) text += ", ";
    text += fmt::format("{}:{} {} {}", entry.client, entry.port, entry.state, entry.left_s);
  }
  return text;
}

void sort_entries(std::vector<EntryLine>& entries) {
  std::sort(entries.begin(), entries.end(), [](const EntryLine& a, const EntryLine& b) {
    return std::tie(a.client, a.port, a.left_s) < std::tie(b.client, b.port, b.left_s);
  });
}

bool same_entries(const std::vector<EntryLine>& a, const std::vector<EntryLine>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const EntryLine& x, const EntryLine& y) {
                      return x.client == y.client && x.port == y.port && x.state == y.state &&
                             std::abs(x.left_s - y.left_s) <= kEntryToleranceS;
                    });
}

// What passes the director when a connection is closed.
std::vector<Packet> packets_of(Closing how) {
  switch (how) {
    case Closing::client:
      return {Packet::client_fin, Packet::server_fin, Packet::client_data};
    case Closing::server:
      return {Packet::server_fin, Packet::client_fin, Packet::server_data};
    case Closing::rst:
      return {Packet::client_rst};
    case Closing::server_rst:
      return {Packet::server_rst};
    case Closing::client_half:
      return {Packet::client_fin, Packet::server_data};
    case Closing::server_half:
      return {Packet::server_fin, Packet::client_data};
  }
  return {};
}

class Player {
 public:
  Player(const Trace& trace, Replay& replay)
      : trace_(trace), replay_(replay), service_(trace.service) {
    for (const lvs::RealServer& server : trace.servers) {
      ids_[server.name] = service_.add(server, kTimeZero);
    }
  }

  void run() {
    step_ = "before the first event";
    if (trace_.order_at_start) compare_order(*trace_.order_at_start);
    for (std::size_t i = 0; i < trace_.events.size(); ++i) {
      const Event& event = trace_.events[i];
      step_ = "events[" + std::to_string(i) + "]";
      repeat_syn_acks(event.at);
      service_.advance(event.at);
      before_ = service_.describe();
      play(event);
      if (event.order) compare_order(*event.order);
      if (event.counts) compare_counts(*event.counts);
    }
    step_ = "after the last event";
    if (trace_.order_at_end) compare_order(*trace_.order_at_end);
    if (trace_.final_counts) compare_counts(*trace_.final_counts);
  }

 private:
  // A server repeats an unanswered SYN+ACK after 1 s, then after twice the time, five times in all.
  struct HalfOpen {
    lvs::Connection connection;
    lvs::Tick due;
    int repeats;
  };

  void play(const Event& event);
  void play_open(const Event& event);
  void play_syn(const Event& event);
  void play_add(const Event& event);
  void repeat_syn_acks(Time until);

  ServerId id_of(const std::string& name, bool listed) const;
  lvs::Service::Opened compare_pick(const Event& event);
  void compare_order(const std::vector<std::string>& expected);
  void compare_counts(const std::vector<Counts>& expected);
  void compare_entries(std::vector<EntryLine> expected, Time now);

  const Trace& trace_;
  Replay& replay_;
  lvs::Service service_;
  std::map<std::string, ServerId> ids_;
  std::map<std::int64_t, lvs::Connection> connections_;
  std::vector<HalfOpen> half_open_;
  std::string step_, before_;
};

lvs::Service::Opened Player::compare_pick(const Event& event) {
  const lvs::Service::Opened opened = service_.open(event.flow, event.at);
  connections_[event.conn] = opened.connection;
  const std::string expected = event.picked.value_or("none");
  const std::string got =
      opened.server == kNoServer ? "none" : service_.servers().config(opened.server).name;
  replay_.compare(step_ + ".picked", expected, got, before_);
  return opened;
}

void Player::compare_order(const std::vector<std::string>& expected) {
  std::vector<std::string> got;
  for (const ServerId id : service_.servers().order()) {
    got.push_back(service_.servers().config(id).name);
  }
  if (got != expected) {
    replay_.differs(step_ + " list order", order_text(expected), order_text(got), before_);
  }
}

void Player::compare_counts(const std::vector<Counts>& expected) {
  std::vector<Counts> got;
  for (const lvs::RealServer& server : trace_.servers) {
    const lvs::Destination& destination = service_.servers()[ids_.at(server.name)];
    Counts counts;
    if (destination.listed) counts = {destination.active, destination.inactive};
    got.push_back(counts);
  }
  if (got != expected) {
    replay_.differs(step_ + " counters", counts_text(expected), counts_text(got), before_);
  }
}

void Player::compare_entries(std::vector<EntryLine> expected, Time now) {
  std::vector<EntryLine> got;
  for (const lvs::Service::Listed& entry : service_.entries(now)) {
    got.push_back({address_text(entry.client), entry.client_port, lvs::state_name(entry.state),
                   entry.left_s});
  }
  sort_entries(got);
  sort_entries(expected);
  if (!same_entries(expected, got)) {
    replay_.differs(step_ + " entries", entries_text(expected), entries_text(got), before_);
  }
}

ServerId Player::id_of(const std::string& name, bool listed) const {
  const auto found = ids_.find(name);
  if (found == ids_.end())
    algorithms::reject(step_ + ".server", fmt::format("no server '{}'", name));
  if (service_.servers()[found->second].listed != listed) {
    const char* message = listed ? "is not in the list" : "is in the list already";
    algorithms::reject(step_ + ".server", fmt::format("'{}' {}", name, message));
  }
  return found->second;
}

void Player::play_open(const Event& event) {
  const lvs::Service::Opened opened = compare_pick(event);
  if (trace_.service.protocol == lvs::Protocol::tcp) {
    service_.packet(opened.connection, Packet::server_syn_ack, event.at);
    service_.packet(opened.connection, Packet::client_data, event.at);
  }
  service_.packet(opened.connection, Packet::server_data, event.at);
}

void Player::play_syn(const Event& event) {
  const lvs::Service::Opened opened = compare_pick(event);
  if (!opened.connection) return;
  service_.packet(opened.connection, Packet::server_syn_ack, event.at);
  const lvs::Tick now = service_.clock().tick(event.at);
  half_open_.push_back({opened.connection, lvs::fire_tick_after(now, lvs::kTicksPerSecond), 1});
}

void Player::repeat_syn_acks(Time until) {
  constexpr int kRepeats = 5;
  const lvs::Tick last = service_.clock().tick(until);
  for (;;) {
    const auto first =
        std::min_element(half_open_.begin(), half_open_.end(),
                         [](const HalfOpen& a, const HalfOpen& b) { return a.due < b.due; });
    if (first == half_open_.end() || first->due > last) return;
    service_.packet(first->connection, Packet::server_syn_ack, service_.clock().time(first->due));
    if (first->repeats == kRepeats) {
      half_open_.erase(first);
    } else {
      first->due = lvs::fire_tick_after(first->due, lvs::kTicksPerSecond << first->repeats);
      ++first->repeats;
    }
  }
}

void Player::play_add(const Event& event) {
  lvs::RealServer server = service_.servers().config(id_of(event.server, false));
  server.weight = event.weight;
  server.upper = event.upper.value_or(0);
  server.lower = event.lower.value_or(0);
  service_.add(server, event.at);
}

void Player::play(const Event& event) {
  switch (event.action) {
    case Action::open:
      return play_open(event);
    case Action::syn:
      return play_syn(event);
    case Action::close:
      for (const Packet what : packets_of(event.how)) {
        service_.packet(connections_[event.conn], what, event.at);
      }
      return;
    case Action::add:
      return play_add(event);
    case Action::remove:
      return service_.remove(id_of(event.server, true), event.at);
    case Action::edit:
      return service_.edit(id_of(event.server, true), event.weight, event.upper, event.lower,
                           event.at);
    case Action::scheduler:
      return service_.set_scheduler(event.scheduler, {}, event.at);
    case Action::sleep:
      repeat_syn_acks(event.at + event.pause);
      return service_.advance(event.at + event.pause);
    case Action::timeouts:
      return service_.set_timeouts(event.timeouts);
    case Action::entries:
      return compare_entries(event.entries, event.at);
  }
}

}  // namespace
}  // namespace ipvs

Replay replay_ipvs(const nlohmann::json& json) {
  const ipvs::Trace trace = ipvs::read_trace(Field(json));
  Replay replay;
  ipvs::Player(trace, replay).run();
  return replay;
}

}  // namespace lbsim::conform
