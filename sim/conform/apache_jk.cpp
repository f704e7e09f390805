#include <algorithm>
#include <array>

#include "algorithms/apache/factory.hpp"
#include "algorithms/apache/jk_balancer.hpp"
#include "conform/apache_trace.hpp"

namespace lbsim::conform {

using namespace algorithms::apache;
using algorithms::Attempt;
using algorithms::Pick;
using algorithms::Result;
using algorithms::ServerId;

namespace {

JkActivation read_activation(const Field& activation) {
  return std::array{JkActivation::active, JkActivation::disabled,
                    JkActivation::stopped}[activation.one_of({"A", "D", "S"})];
}

int read_weight(const Field& weight) { return static_cast<int>(weight.integer(1, INT32_MAX)); }

std::vector<JkMember> read_members(const Field& servers) {
  std::vector<JkMember> members;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    const Field server = servers[i];
    JkMember member;
    member.name = server.at("name").string();
    member.lbfactor = static_cast<std::uint64_t>(read_weight(server.at("weight")));
    member.route = server.find("route").string_or("");
    member.domain = server.find("domain").string_or("");
    member.redirect = server.find("redirect").string_or("");
    member.distance = static_cast<int>(server.find("distance").integer_or(0, 0, INT32_MAX));
    if (server.has("activation")) member.activation = read_activation(server.at("activation"));
    members.push_back(member);
  }
  return members;
}

JkConfig read_config(const Field& trace) {
  JkConfig config;
  config.method = jk_method(trace.at("algorithm").string());
  const Field settings = trace.at("config");
  if (settings.has("maintain")) {
    config.maintain = from_seconds(settings.at("maintain").seconds());
  }
  if (settings.has("recover_time")) {
    config.recover_time = from_seconds(settings.at("recover_time").seconds());
  }
  return config;
}

// Of the server, from 0.
std::size_t read_process(const Field& event) {
  constexpr std::int64_t kMostProcesses = 65536;
  return static_cast<std::size_t>(event.find("child").integer_or(0, 0, kMostProcesses));
}

std::size_t count_processes(const Field& events) {
  std::size_t last = 0;
  for (std::size_t i = 0; i < events.size(); ++i) last = std::max(last, read_process(events[i]));
  return last + 1;
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

class JkReplay : public ApacheReplay {
 public:
  explicit JkReplay(const Field& trace)
      : ApacheReplay(trace),
        balancer_(read_members(trace.at("servers")), read_config(trace),
                  count_processes(trace.at("events"))) {
    // It runs on whole seconds of a wall clock that the trace does not show, but shows the runs.
    balancer_.set_automatic_maintenance(false);
  }

 private:
  algorithms::Upstream& balancer() override { return balancer_; }
  void request(const Field& event) override;
  bool change(const Field& event, const std::string& action) override;
  void compare_at_end(const Field& values) override;

  void end(const Field& event, Attempt& attempt);
  std::vector<ServerId> ids(const Field& names) const;

  JkBalancer balancer_;
};

void JkReplay::request(const Field& event) {
  const std::string before = balancer_.describe();
  if (event.has("child")) balancer_.set_process(read_process(event));
  Attempt attempt;
  std::vector<ServerId> tried;
  TriedMembers noting(balancer_, tried);
  const bool served = ask_until_accepted(noting, event, attempt) == Pick::server;
  if (served && !holds(event, attempt)) end(event, attempt);
  std::string expected;
  std::string got;
  for (const std::string& server : event.at("selections").strings()) expected += server + ' ';
  for (const ServerId server : tried) got += name(server) + ' ';
  const Field picked = event.at("picked");
  expected += "-> " + (picked.null() ? std::string("none") : picked.string());
  got += "-> " + (served ? name(attempt.server) : std::string("none"));
  if (event.has("value")) {
    expected += " value " + std::to_string(event.at("value").integer());
    got += " value " + (served ? std::to_string(balancer_.member(attempt.server).value) : "");
  }
  replay_.compare(event.path(), expected, got, before);
}

void JkReplay::end(const Field& event, Attempt& attempt) {
  balancer_.end(attempt, Result::ok, now());
  if (!event.has("transferred")) return;
  balancer_.count_bytes(attempt.server,
                        static_cast<std::uint64_t>(event.at("transferred").integer(0)),
                        static_cast<std::uint64_t>(event.at("read").integer(0)));
}

std::vector<ServerId> JkReplay::ids(const Field& names) const {
  std::vector<ServerId> result;
  for (std::size_t i = 0; i < names.size(); ++i) result.push_back(id(names[i]));
  return result;
}

bool JkReplay::change(const Field& event, const std::string& action) {
  if (action == "maintain") {
    JkMaintenance maintenance;
    maintenance.exponent = static_cast<unsigned>(event.at("exponent").integer(0, 1'000'000));
    maintenance.recovered = ids(event.at("recovered"));
    maintenance.escalated = ids(event.at("escalated"));
    balancer_.maintain(maintenance, now());
    return true;
  }
  if (action != "set") return false;
  const ServerId server = id(event.at("server"));
  if (event.has("activation")) {
    balancer_.set_activation(server, read_activation(event.at("activation")));
  }
  if (event.has("weight")) balancer_.set_weight(server, read_weight(event.at("weight")), now());
  return true;
}

void JkReplay::compare_at_end(const Field& values) {
  std::string expected;
  std::string got;
  const auto text = [](auto value, auto elected) {
    return "value " + std::to_string(value) + " elected " + std::to_string(elected) + ' ';
  };
  for (ServerId server = 0; server < server_count(); ++server) {
    const Field recorded = values.at(name(server));
    expected += text(recorded.at("value").integer(), recorded.at("elected").integer());
    got += text(balancer_.member(server).value, balancer_.member(server).elected);
  }
  if (expected != got) replay_.differs(values.path(), expected, got, balancer_.describe());
}

}  // namespace

Replay replay_jk(const Field& trace) { return JkReplay(trace).run(); }

}  // namespace lbsim::conform
