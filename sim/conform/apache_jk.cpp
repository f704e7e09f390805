#include <algorithm>

#include "algorithms/apache/factory.hpp"
#include "algorithms/apache/jk_balancer.hpp"
#include "conform/apache_trace.hpp"

namespace lbsim::conform {

using namespace algorithms::apache;
using algorithms::Attempt;
using algorithms::Pick;
using algorithms::Result;
using algorithms::ServerId;
using nlohmann::json;

namespace {

JkActivation read_activation(const json& object, const std::string& where) {
  const std::string text = read_text(object, where, "activation");
  if (text == "A") return JkActivation::active;
  if (text == "D") return JkActivation::disabled;
  if (text == "S") return JkActivation::stopped;
  reject_field(where + ".activation", text + " is not A, D or S");
}

std::vector<JkMember> read_members(const json& servers) {
  std::vector<JkMember> members;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    const std::string where = "servers[" + std::to_string(i) + "]";
    const json& server = servers[i];
    JkMember member;
    member.name = read_text(server, where, "name");
    const std::int64_t weight = read_integer(server, where, "weight");
    if (weight <= 0) reject_field(where + ".weight", "is not positive");
    member.lbfactor = static_cast<std::uint64_t>(weight);
    if (server.contains("route")) member.route = read_text(server, where, "route");
    if (server.contains("domain")) member.domain = read_text(server, where, "domain");
    if (server.contains("redirect")) member.redirect = read_text(server, where, "redirect");
    if (server.contains("distance")) {
      member.distance = static_cast<int>(read_integer(server, where, "distance"));
    }
    if (server.contains("activation")) member.activation = read_activation(server, where);
    members.push_back(member);
  }
  return members;
}

JkConfig read_config(const json& trace) {
  JkConfig config;
  config.method = jk_method(read_text(trace, "trace", "algorithm"));
  const json& settings = field(trace, "trace", "config");
  if (settings.contains("maintain")) {
    config.maintain = from_seconds(read_seconds(settings, "config", "maintain"));
  }
  if (settings.contains("recover_time")) {
    config.recover_time = from_seconds(read_seconds(settings, "config", "recover_time"));
  }
  return config;
}

std::size_t count_processes(const json& trace) {
  const json& events = field(trace, "trace", "events");
  if (!events.is_array()) reject_field("trace.events", "is not a list");
  std::int64_t last = 0;
  for (const json& event : events) {
    if (event.contains("child")) last = std::max(last, read_integer(event, "events", "child"));
  }
  return static_cast<std::size_t>(last) + 1;
}

// Notes every member tried on the way to the one that answers.
class TriedMembers : public algorithms::Upstream {
 public:
  TriedMembers(JkBalancer& balancer, std::vector<ServerId>& tried)
      : balancer_(balancer), tried_(tried) {}

  Pick begin(const algorithms::Request& request, Attempt& attempt, Time now) override {
    return noted(balancer_.begin(request, attempt, now), attempt);
  }
  Pick next(const algorithms::Request& request, Attempt& attempt, Result why, Time now) override {
    return noted(balancer_.next(request, attempt, why, now), attempt);
  }
  void end(Attempt&, Result, Time) override {}
  void abandon(std::uint64_t, Time) override {}
  void set_health(ServerId, bool, Time) override {}
  void set_admin(ServerId, algorithms::AdminState, Time) override {}
  void set_weight(ServerId, int, Time) override {}
  std::size_t size() const override { return balancer_.size(); }
  std::string describe() const override { return balancer_.describe(); }

 private:
  Pick noted(Pick pick, const Attempt& attempt) {
    if (pick == Pick::server) tried_.push_back(attempt.server);
    return pick;
  }

  JkBalancer& balancer_;
  std::vector<ServerId>& tried_;
};

class JkReplay {
 public:
  explicit JkReplay(const json& trace)
      : trace_(trace),
        servers_(trace),
        balancer_(read_members(trace["servers"]), read_config(trace), count_processes(trace)) {
    // It runs on whole seconds of a wall clock that the trace does not show, but shows the runs.
    balancer_.set_automatic_maintenance(false);
  }

  Replay run();

 private:
  void request(const json& event, const std::string& where);
  void apply(const json& event, const std::string& where);
  std::vector<ServerId> ids(const json& event, const std::string& where,
                            const std::string& name) const;
  void compare_values_at_the_end();

  const json& trace_;
  ApacheServers servers_;
  JkBalancer balancer_;
  std::map<std::string, Attempt> held_;
  Time now_ = kTimeZero;
  Replay replay_;
};

void JkReplay::request(const json& event, const std::string& where) {
  const std::string before = balancer_.describe();
  if (event.contains("child")) {
    balancer_.set_process(static_cast<std::size_t>(read_integer(event, where, "child")));
  }
  const ApacheRequest request(event, where);
  Attempt attempt;
  std::vector<ServerId> tried;
  TriedMembers noting(balancer_, tried);
  const bool served = ask_until_accepted(noting, servers_, request, attempt, now_) == Pick::server;
  if (served && event.contains("hold")) {
    held_[read_text(event, where, "hold")] = attempt;
  } else if (served) {
    balancer_.end(attempt, Result::ok, now_);
    if (event.contains("transferred")) {
      balancer_.count_bytes(attempt.server,
                            static_cast<std::uint64_t>(read_integer(event, where, "transferred")),
                            static_cast<std::uint64_t>(read_integer(event, where, "read")));
    }
  }
  std::string expected;
  std::string got;
  for (const std::string& server : read_texts(event, where, "selections")) {
    expected += server + ' ';
  }
  for (const ServerId server : tried) got += servers_.name(server) + ' ';
  const json& picked = field(event, where, "picked");
  expected += "-> " + (picked.is_null() ? std::string("none") : read_text(event, where, "picked"));
  got += "-> " + (served ? servers_.name(attempt.server) : std::string("none"));
  if (event.contains("value")) {
    expected += " value " + std::to_string(read_integer(event, where, "value"));
    got += " value " + (served ? std::to_string(balancer_.member(attempt.server).value) : "");
  }
  compare(replay_, where, expected, got, before);
}

std::vector<ServerId> JkReplay::ids(const json& event, const std::string& where,
                                    const std::string& name) const {
  std::vector<ServerId> result;
  for (const std::string& server : read_texts(event, where, name)) {
    result.push_back(servers_.id(server));
  }
  return result;
}

void JkReplay::apply(const json& event, const std::string& where) {
  const std::string action = read_text(event, where, "action");
  if (action == "wait") return;
  if (action == "release") {
    const auto held = held_.find(read_text(event, where, "hold"));
    if (held == held_.end()) return;
    balancer_.end(held->second, Result::ok, now_);
    held_.erase(held);
    return;
  }
  if (action == "maintain") {
    JkMaintenance maintenance;
    maintenance.exponent = static_cast<unsigned>(read_integer(event, where, "exponent"));
    maintenance.recovered = ids(event, where, "recovered");
    maintenance.escalated = ids(event, where, "escalated");
    balancer_.maintain(maintenance, now_);
    return;
  }
  const std::string server = read_text(event, where, "server");
  if (action == "server_down" || action == "server_up") {
    servers_.set_up(server, action == "server_up");
    return;
  }
  if (action != "set") reject_field(where + ".action", action + " is not known");
  const ServerId id = servers_.id(server);
  if (event.contains("activation")) balancer_.set_activation(id, read_activation(event, where));
  if (event.contains("weight")) {
    balancer_.set_weight(id, static_cast<int>(read_integer(event, where, "weight")), now_);
  }
}

void JkReplay::compare_values_at_the_end() {
  std::string expected;
  std::string got;
  for (ServerId server = 0; server < servers_.size(); ++server) {
    const json& values = field(trace_["final"], "final", servers_.name(server));
    expected += "value " + std::to_string(read_integer(values, "final", "value")) + " elected " +
                std::to_string(read_integer(values, "final", "elected")) + ' ';
    got += "value " + std::to_string(balancer_.member(server).value) + " elected " +
           std::to_string(balancer_.member(server).elected) + ' ';
  }
  compare_final(replay_, expected, got);
}

Replay JkReplay::run() {
  const json& events = trace_["events"];
  for (std::size_t i = 0; i < events.size(); ++i) {
    const std::string where = "event " + std::to_string(i);
    now_ = apache_time(events[i], where, now_);
    if (read_text(events[i], where, "action") == "request") {
      request(events[i], where);
    } else {
      apply(events[i], where);
    }
  }
  if (trace_.contains("final")) compare_values_at_the_end();
  return replay_;
}

}  // namespace

Replay replay_jk(const json& trace) { return JkReplay(trace).run(); }

}  // namespace lbsim::conform
