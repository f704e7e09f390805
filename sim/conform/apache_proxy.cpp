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

namespace {

// `from` is where the flag is given.
void set_flag(ProxyMember& member, char flag, bool on, const Field& from) {
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
      from.fail(std::string("has an unknown flag ") + flag);
  }
}

void set_flags(ProxyMember& member, const Field& flags) {
  bool on = true;
  for (const char c : flags.string_or("")) {
    if (c == '+' || c == '-') {
      on = c == '+';
    } else if (c != ' ') {
      set_flag(member, c, on, flags);
    }
  }
}

std::int64_t read_lbfactor(const Field& loadfactor) {
  const double given = loadfactor.number();
  if (!(given >= 0.01 && given <= 1e6)) loadfactor.fail("must be in 0.01..1000000");
  return std::llround(given * 100);
}

int read_lbset(const Field& lbset) { return static_cast<int>(lbset.integer(0, INT32_MAX)); }

std::vector<ProxyMember> read_proxy_members(const Field& servers) {
  std::vector<ProxyMember> members;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    const Field server = servers[i];
    ProxyMember member;
    member.name = server.at("name").string();
    member.lbfactor = read_lbfactor(server.at("weight"));
    member.retry = from_seconds(server.has("retry") ? server.at("retry").seconds() : 600);
    member.route = server.find("route").string_or("");
    member.redirect = server.find("redirect").string_or("");
    if (server.has("lbset")) member.lbset = read_lbset(server.at("lbset"));
    set_flags(member, server.find("flags"));
    members.push_back(member);
  }
  return members;
}

bool is_on(const Field& setting, bool fallback) {
  if (setting.absent()) return fallback;
  return setting.is_boolean() ? setting.boolean() : setting.one_of({"Off", "On"}) == 1;
}

ProxyConfig read_proxy_config(const Field& config) {
  ProxyConfig result;
  const std::string sticky = config.find("stickysession").string_or("");
  const std::size_t bar = sticky.find('|');
  result.sticky_cookie = sticky.substr(0, bar);
  result.sticky_path = bar == std::string::npos ? sticky : sticky.substr(bar + 1);
  result.semicolon_ends_path = is_on(config.find("scolonpathdelim"), false);
  result.no_failover = is_on(config.find("nofailover"), false);
  result.force_recovery = is_on(config.find("forcerecovery"), true);
  const Field statuses = config.find("failonstatus");
  if (!statuses.absent()) result.fail_on_status = parse_statuses(statuses.setting());
  return result;
}

class ProxyReplay : public ApacheReplay {
 public:
  explicit ProxyReplay(const Field& trace)
      : ApacheReplay(trace),
        balancer_(read_proxy_members(trace.at("servers")), read_proxy_config(trace.at("config")),
                  make_proxy_method(trace.at("algorithm").string())),
        counts_bytes_(trace.at("algorithm").string() == "bytraffic") {
    balancer_.keep_steps();
    if (!trace.has("initial")) return;
    for (ServerId server = 0; server < server_count(); ++server) {
      const Field values = trace.at("initial").at(name(server));
      balancer_.settings(server).lbstatus = values.at("lbstatus").integer();
    }
  }

 private:
  algorithms::Upstream& balancer() override { return balancer_; }
  void request(const Field& event) override;
  bool change(const Field& event, const std::string& action) override;
  void compare_at_end(const Field& values) override;

  void end(const Field& event, Attempt& attempt);
  std::string steps() const;

  ProxyBalancer balancer_;
  bool counts_bytes_;
};

std::string pick_text(const std::string& server, std::int64_t busy, std::int64_t lbstatus) {
  return server + "(busy " + std::to_string(busy) + ", lbstatus " + std::to_string(lbstatus) + ") ";
}

std::string ProxyReplay::steps() const {
  std::string text;
  for (const ProxyStep& step : balancer_.steps()) {
    const std::string& server = name(step.server);
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

std::string recorded_steps(const Field& selections) {
  std::string text;
  for (std::size_t i = 0; i < selections.size(); ++i) {
    const Field step = selections[i];
    if (step.has("forced_recovery")) {
      text += step.at("forced_recovery").string() + "(forced recovery) ";
    } else if (step.has("retry")) {
      text += step.at("retry").string() + "(retry) ";
    } else if (step.has("sticky")) {
      text += step.at("server").string() + "(sticky) ";
    } else {
      text += pick_text(step.at("server").string(), step.at("busy").integer(),
                        step.at("lbstatus").integer());
    }
  }
  return text;
}

void ProxyReplay::request(const Field& event) {
  const std::string before = balancer_.describe();
  Attempt attempt;
  balancer_.clear_steps();
  const bool served = ask_until_accepted(balancer_, event, attempt) == Pick::server;
  const Field picked = event.at("picked");
  const std::string expected =
      recorded_steps(event.at("selections")) + "-> " + (picked.null() ? "none" : picked.string());
  const std::string got = steps() + "-> " + (served ? name(attempt.server) : "none");
  replay_.compare(event.path(), expected, got, before);
  if (served && !holds(event, attempt)) end(event, attempt);
}

void ProxyReplay::end(const Field& event, Attempt& attempt) {
  if (event.has("transferred")) {
    balancer_.count_bytes(attempt.server,
                          static_cast<std::uint64_t>(event.at("transferred").integer(0)),
                          static_cast<std::uint64_t>(event.at("read").integer(0)));
  }
  const std::int64_t status = event.find("code").integer_or(200, 100, 999);
  balancer_.end_with_status(attempt, static_cast<int>(status), now());
}

bool ProxyReplay::change(const Field& event, const std::string& action) {
  if (action != "set") return false;
  const ServerId server = id(event.at("server"));
  for (const auto& [flag, value] : event.members()) {
    if (flag.size() == 1 && value.is_boolean()) {
      set_flag(balancer_.settings(server), flag[0], value.boolean(), value);
    }
  }
  if (event.has("lbset")) balancer_.settings(server).lbset = read_lbset(event.at("lbset"));
  if (event.has("lbfactor")) balancer_.set_lbfactor(server, read_lbfactor(event.at("lbfactor")));
  return true;
}

void ProxyReplay::compare_at_end(const Field& values) {
  std::string expected;
  std::string got;
  for (ServerId server = 0; server < server_count(); ++server) {
    const Field recorded = values.at(name(server));
    const ProxyMember& member = balancer_.member(server);
    const auto add = [&](const std::string& what, std::int64_t value) {
      if (!recorded.has(what)) return;
      expected += what + ' ' + std::to_string(recorded.at(what).integer()) + ' ';
      got += what + ' ' + std::to_string(value) + ' ';
    };
    add("lbstatus", member.lbstatus);
    add("elected", static_cast<std::int64_t>(member.elected));
    add("busy", static_cast<std::int64_t>(member.busy));
    if (!counts_bytes_) continue;
    add("transferred", static_cast<std::int64_t>(member.transferred));
    add("read", static_cast<std::int64_t>(member.read));
  }
  if (expected != got) replay_.differs(values.path(), expected, got, balancer_.describe());
}

}  // namespace

Replay replay_proxy_balancer(const Field& trace) { return ProxyReplay(trace).run(); }

}  // namespace lbsim::conform
