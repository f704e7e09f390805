#include "fairness/ipvs_upstream.hpp"

#include "algorithms/ipvs/service.hpp"
#include "fairness/clients.hpp"

namespace lbsim::fairness {
namespace {

using namespace algorithms;
using ipvs::Packet;

ipvs::ServiceConfig service_config(const std::string& scheduler, const PoolConfig& pool) {
  ipvs::ServiceConfig config;
  config.scheduler = scheduler;
  config.mode = ipvs::Mode::dr;
  config.seed = pool.seed;
  for (const auto& [name, value] : pool.parameters) {
    if (name == kIpvsPersistence) {
      config.persistence = ipvs::PersistenceConfig{};
      config.persistence->timeout_s = static_cast<std::uint32_t>(std::stoul(value));
    } else if (value == "true") {
      config.flags.push_back(name);
    }
  }
  return config;
}

class IpvsUpstream final : public Upstream {
 public:
  IpvsUpstream(const std::string& scheduler, const PoolConfig& pool)
      : service_(service_config(scheduler, pool)) {
    for (const ServerConfig& server : pool.servers) {
      ipvs::RealServer real;
      real.name = server.name;
      real.address = server_address(static_cast<ServerId>(servers_.size()));
      real.port = 80;
      real.weight = server.weight;
      real.upper = static_cast<std::uint32_t>(server.max_conns);
      servers_.push_back({real});
      service_.add(real, kTimeZero);
    }
  }

  Pick begin(const Request& request, Attempt& attempt, Time now) override {
    ipvs::Flow flow;
    flow.client = request.client.v4_host_order();
    flow.client_port = request.client_port;
    // Destination hashing is for directors in front of caches, where the addresses are many.
    flow.vip = text_hash(request.target);
    flow.vport = 80;
    const auto opened = service_.open(flow, now);
    if (opened.server == kNoServer) return Pick::none;
    service_.packet(opened.connection, Packet::client_data, now);
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(open_.size()));
      open_.emplace_back();
    }
    attempt = {opened.server, free_.back() + 1};
    open_[free_.back()] = opened.connection;
    free_.pop_back();
    return Pick::server;
  }

  // A director hears nothing of a connection that is refused; the client's RST ends the entry.
  Pick next(const Request&, Attempt& attempt, Result, Time now) override {
    close(attempt, Packet::client_rst, now);
    return Pick::none;
  }
  void end(Attempt& attempt, Result, Time now) override { close(attempt, Packet::client_fin, now); }
  void abandon(std::uint64_t, Time) override {}

  void set_health(ServerId server, bool up, Time now) override {
    servers_[server].up = up;
    list(server, now);
  }
  void set_admin(ServerId server, AdminState state, Time now) override {
    servers_[server].admin = state;
    list(server, now);
  }
  void set_weight(ServerId server, int weight, Time now) override {
    servers_[server].real.weight = weight;
    list(server, now);
  }

  std::size_t size() const override { return servers_.size(); }
  std::string describe() const override { return service_.describe(); }

 private:
  struct Member {
    ipvs::RealServer real;
    bool up = true;
    AdminState admin = AdminState::ready;
  };

  void close(Attempt& attempt, Packet how, Time now) {
    service_.packet(open_[attempt.memory - 1], how, now);
    free_.push_back(attempt.memory - 1);
    attempt = {};
  }

  // Brings the service's list to what is known of the server.
  void list(ServerId id, Time now) {
    const Member& member = servers_[id];
    const bool wanted = member.up && member.admin != AdminState::maintenance;
    ipvs::RealServer real = member.real;
    if (member.admin == AdminState::drain) real.weight = 0;
    const bool listed = service_.servers()[id].listed;
    if (wanted && !listed) service_.add(real, now);
    if (wanted && listed) service_.set_weight(id, real.weight, now);
    if (!wanted && listed) service_.remove(id, now);
  }

  ipvs::Service service_;
  std::vector<Member> servers_;
  std::vector<ipvs::Connection> open_;  // by Attempt::memory - 1
  std::vector<std::uint32_t> free_;
};

}  // namespace

std::unique_ptr<Upstream> make_ipvs_upstream(const std::string& scheduler,
                                             const PoolConfig& config) {
  return std::make_unique<IpvsUpstream>(scheduler, config);
}

}  // namespace lbsim::fairness
