#include <algorithm>
#include <cmath>

#include "algorithms/apache/factory.hpp"
#include "algorithms/apache/proxy_balancer.hpp"
#include "conform/apache_trace.hpp"

namespace lbsim::conform {

using namespace algorithms::apache;
using algorithms::Attempt;
using algorithms::Pick;
using algorithms::ServerId;
using nlohmann::json;

namespace {

void set_flag(ProxyMember& member, char flag, bool on, const std::string& where) {
  switch (flag) {
    case 'H':
      member.standby = on;
      break;
    case 'R':
      member.spare = on;
      break;
    case 'D':
      member.disabled = on;
      break;
    case 'S':
      member.stopped = on;
      break;
    case 'N':
      member.draining = on;
      break;
    case 'I':
      member.ignores_errors = on;
      break;
    default:
      reject_field(where, std::string("has an unknown flag ") + flag);
  }
}

std::int64_t lbfactor_of(double loadfactor) { return std::llround(loadfactor * 100); }

std::vector<ProxyMember> read_members(const json& servers) {
  std::vector<ProxyMember> members;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    const std::string where = "servers[" + std::to_string(i) + "]";
    const json& server = servers[i];
    ProxyMember member;
    member.name = read_text(server, where, "name");
    member.lbfactor = lbfactor_of(read_real(server, where, "weight"));
    if (member.lbfactor <= 0) reject_field(where + ".weight", "is not positive");
    member.retry =
        from_seconds(server.contains("retry") ? read_seconds(server, where, "retry") : 600);
    if (server.contains("route")) member.route = read_text(server, where, "route");
    if (server.contains("redirect")) member.redirect = read_text(server, where, "redirect");
    if (server.contains("lbset")) {
      member.lbset = static_cast<int>(read_integer(server, where, "lbset"));
    }
    bool on = true;
    for (const char c : server.contains("flags") ? read_text(server, where, "flags") : "") {
      if (c == '+' || c == '-') {
        on = c == '+';
      } else if (c != ' ') {
        set_flag(member, c, on, where + ".flags");
      }
    }
    members.push_back(member);
  }
  return members;
}

bool is_on(const json& config, const std::string& name, bool fallback) {
  if (!config.contains(name)) return fallback;
  if (config[name].is_boolean()) return config[name].get<bool>();
  return read_text(config, "config", name) == "On";
}

ProxyConfig read_config(const json& config) {
  ProxyConfig result;
  if (config.contains("stickysession")) {
    const std::string text = read_text(config, "config", "stickysession");
    const std::size_t bar = text.find('|');
    result.sticky_cookie = text.substr(0, bar);
    result.sticky_path = bar == std::string::npos ? text : text.substr(bar + 1);
  }
  result.semicolon_ends_path = is_on(config, "scolonpathdelim", false);
  result.no_failover = is_on(config, "nofailover", false);
  result.force_recovery = is_on(config, "forcerecovery", true);
  if (config.contains("failonstatus")) {
    const json& statuses = config["failonstatus"];
    result.fail_on_status = parse_statuses(
        statuses.is_number() ? statuses.dump() : read_text(config, "config", "failonstatus"));
  }
  return result;
}

class ProxyReplay {
 public:
  explicit ProxyReplay(const json& trace)
      : trace_(trace),
        servers_(trace),
        balancer_(read_members(trace["servers"]), read_config(field(trace, "trace", "config")),
                  make_proxy_method(read_text(trace, "trace", "algorithm"))) {
    balancer_.keep_steps();
    if (!trace.contains("initial")) return;
    for (ServerId server = 0; server < servers_.size(); ++server) {
      const json& values = field(trace["initial"], "initial", servers_.name(server));
      balancer_.settings(server).lbstatus = read_integer(values, "initial", "lbstatus");
    }
  }

  Replay run();

 private:
  void request(const json& event, const std::string& where);
  void apply(const json& event, const std::string& where);
  std::string expected_of(const json& event, const std::string& where) const;
  std::string steps() const;
  void compare_values_at_the_end();

  const json& trace_;
  ApacheServers servers_;
  ProxyBalancer balancer_;
  std::map<std::string, Attempt> held_;
  Time now_ = kTimeZero;
  Replay replay_;
};

std::string pick_text(const std::string& server, std::int64_t busy, std::int64_t lbstatus) {
  return server + "(busy " + std::to_string(busy) + ", lbstatus " + std::to_string(lbstatus) + ") ";
}

std::string ProxyReplay::steps() const {
  std::string text;
  for (const ProxyStep& step : balancer_.steps()) {
    const std::string& server = servers_.name(step.server);
    switch (step.kind) {
      case ProxyStep::Kind::pick:
        text += pick_text(server, static_cast<std::int64_t>(step.busy), step.lbstatus);
        break;
      case ProxyStep::Kind::sticky:
        text += server + "(sticky) ";
        break;
      case ProxyStep::Kind::forced_recovery:
        text += server + "(forced recovery) ";
        break;
      case ProxyStep::Kind::retry:
        text += server + "(retry) ";
        break;
    }
  }
  return text;
}

std::string ProxyReplay::expected_of(const json& event, const std::string& where) const {
  std::string text;
  const json& selections = field(event, where, "selections");
  if (!selections.is_array()) reject_field(where + ".selections", "is not a list");
  for (const json& step : selections) {
    const std::string here = where + ".selections";
    if (step.contains("forced_recovery")) {
      text += read_text(step, here, "forced_recovery") + "(forced recovery) ";
    } else if (step.contains("retry")) {
      text += read_text(step, here, "retry") + "(retry) ";
    } else if (step.contains("sticky")) {
      text += read_text(step, here, "server") + "(sticky) ";
    } else {
      text += pick_text(read_text(step, here, "server"), read_integer(step, here, "busy"),
                        read_integer(step, here, "lbstatus"));
    }
  }
  const json& picked = field(event, where, "picked");
  return text + "-> " + (picked.is_null() ? "none" : read_text(event, where, "picked"));
}

void ProxyReplay::request(const json& event, const std::string& where) {
  const std::string before = balancer_.describe();
  const ApacheRequest request(event, where);
  Attempt attempt;
  balancer_.clear_steps();
  const bool served =
      ask_until_accepted(balancer_, servers_, request, attempt, now_) == Pick::server;
  const std::string got = steps() + "-> " + (served ? servers_.name(attempt.server) : "none");
  compare(replay_, where, expected_of(event, where), got, before);
  if (!served) return;
  if (event.contains("hold")) {
    held_[read_text(event, where, "hold")] = attempt;
    return;
  }
  if (event.contains("transferred")) {
    balancer_.count_bytes(attempt.server,
                          static_cast<std::uint64_t>(read_integer(event, where, "transferred")),
                          static_cast<std::uint64_t>(read_integer(event, where, "read")));
  }
  const std::int64_t status = event.contains("code") ? read_integer(event, where, "code") : 200;
  balancer_.end_with_status(attempt, static_cast<int>(status), now_);
}

void ProxyReplay::apply(const json& event, const std::string& where) {
  const std::string action = read_text(event, where, "action");
  if (action == "wait") return;
  if (action == "release") {
    const auto held = held_.find(read_text(event, where, "hold"));
    if (held == held_.end()) return;
    balancer_.end(held->second, algorithms::Result::ok, now_);
    held_.erase(held);
    return;
  }
  const std::string server = read_text(event, where, "server");
  if (action == "server_down" || action == "server_up") {
    servers_.set_up(server, action == "server_up");
    return;
  }
  if (action != "set") reject_field(where + ".action", action + " is not known");
  const ServerId id = servers_.id(server);
  for (const auto& [name, value] : event.items()) {
    if (name.size() == 1 && value.is_boolean() && name != "t") {
      set_flag(balancer_.settings(id), name[0], value.get<bool>(), where);
    }
  }
  if (event.contains("lbset")) {
    balancer_.settings(id).lbset = static_cast<int>(read_integer(event, where, "lbset"));
  }
  if (event.contains("lbfactor")) {
    balancer_.set_lbfactor(id, lbfactor_of(read_real(event, where, "lbfactor")));
  }
}

void ProxyReplay::compare_values_at_the_end() {
  std::string expected;
  std::string got;
  const bool counts_bytes = trace_["algorithm"] == "bytraffic";
  for (ServerId server = 0; server < servers_.size(); ++server) {
    const json& values = field(trace_["final"], "final", servers_.name(server));
    const ProxyMember& member = balancer_.member(server);
    const auto add = [&](const std::string& name, std::int64_t value) {
      if (!values.contains(name)) return;
      expected += name + ' ' + std::to_string(read_integer(values, "final", name)) + ' ';
      got += name + ' ' + std::to_string(value) + ' ';
    };
    add("lbstatus", member.lbstatus);
    add("elected", static_cast<std::int64_t>(member.elected));
    add("busy", static_cast<std::int64_t>(member.busy));
    if (!counts_bytes) continue;
    add("transferred", static_cast<std::int64_t>(member.transferred));
    add("read", static_cast<std::int64_t>(member.read));
  }
  compare_final(replay_, expected, got);
}

Replay ProxyReplay::run() {
  const json& events = field(trace_, "trace", "events");
  if (!events.is_array()) reject_field("trace.events", "is not a list");
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

Replay replay_proxy_balancer(const json& trace) { return ProxyReplay(trace).run(); }

}  // namespace lbsim::conform
