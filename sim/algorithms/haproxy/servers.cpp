#include "algorithms/haproxy/servers.hpp"

#include <algorithm>
#include <numeric>

namespace lbsim::algorithms::haproxy {
namespace {

constexpr std::uint32_t kWeightSteps = 16;

Server make_server(const ServerConfig& config, std::size_t position) {
  Server server;
  server.backup = config.backup;
  server.admin = config.down ? AdminState::maintenance : AdminState::ready;
  server.running = !config.down;
  server.configured_weight = server.user_weight = config.weight;
  server.min_conns = config.min_conns > 0 ? config.min_conns : config.max_conns;
  server.max_conns = std::max(config.max_conns, server.min_conns);
  server.slow_start_s = config.slow_start_s;
  server.id = config.id > 0 ? config.id : static_cast<int>(position) + 1;
  return server;
}

}  // namespace

Servers::Servers(const std::vector<ServerConfig>& servers, WeightScale scale, bool all_backups,
                 int full_conns)
    : scale_(scale),
      all_backups_(all_backups),
      full_conns_(static_cast<std::uint32_t>(full_conns)) {
  int divisor = 0;
  for (const ServerConfig& config : servers) {
    servers_.push_back(make_server(config, servers_.size()));
    divisor = std::gcd(divisor, config.weight);
  }
  if (divisor > 0) divisor_ = static_cast<std::uint32_t>(divisor);
  for (ServerId s = 0; s < size(); ++s) refresh(s);
}

std::uint32_t Servers::effective_weight(const Server& server) const {
  const auto weight = static_cast<std::uint32_t>(server.user_weight);
  if (scale_ == WeightScale::fixed) return (weight + divisor_ - 1) / divisor_;
  if (!server.starting) return weight * kWeightSteps;
  const auto whole = static_cast<std::uint32_t>(server.slow_start_s);
  const auto elapsed = static_cast<std::uint32_t>(now_s - server.changed_s);
  return weight * ((kWeightSteps * elapsed + whole) / whole);
}

bool Servers::refresh(ServerId s) {
  Server& server = servers_[s];
  if (server.starting && now_s >= server.changed_s + server.slow_start_s) server.starting = false;
  const std::uint32_t weight = effective_weight(server);
  const bool usable = server.running && server.admin == AdminState::ready && weight > 0;
  if (weight == server.weight && usable == server.usable) return false;
  count(server, -1);
  server.weight = weight;
  server.usable = usable;
  count(server, 1);
  elect();
  return true;
}

void Servers::count(const Server& server, int sign) {
  if (!server.usable) return;
  Group& group = groups_[server.backup ? 1 : 0];
  group.count += static_cast<std::uint32_t>(sign);
  group.weight += server.weight * static_cast<std::uint32_t>(sign);
}

void Servers::elect() {
  first_backup_ = kNoServer;
  const Group& group = groups_[groups_[0].count > 0 ? 0 : 1];
  usable_count_ = group.count;
  total_weight_ = group.weight;
  if (groups_[0].count == 0 && groups_[1].count == 0) {
    serving_ = Serving::none;
    return;
  }
  serving_ = groups_[0].count > 0 ? Serving::active : Serving::backups;
  if (all_backups_ || groups_[1].count == 0) return;
  ServerId s = 0;
  while (!servers_[s].usable || !servers_[s].backup) ++s;
  first_backup_ = s;
  if (serving_ == Serving::active) return;
  serving_ = Serving::first_backup;
  usable_count_ = 1;
  total_weight_ = servers_[s].weight;
}

bool Servers::in_serving_group(ServerId s) const {
  if (!servers_[s].backup) return true;
  return groups_[0].count == 0 && (all_backups_ || s == first_backup_);
}

std::uint32_t Servers::limit(ServerId s) const {
  const Server& server = servers_[s];
  auto slots = static_cast<std::uint32_t>(server.max_conns);
  if (server.min_conns != server.max_conns && backend_sessions < full_conns_) {
    slots = std::max(static_cast<std::uint32_t>(server.min_conns),
                     backend_sessions * slots / full_conns_);
  }
  if (server.starting && now_s < server.changed_s + server.slow_start_s) {
    const auto percent =
        static_cast<std::uint32_t>(100 * (now_s - server.changed_s) / server.slow_start_s);
    slots = std::max(1U, slots * percent / 100);
  }
  return slots;
}

}  // namespace lbsim::algorithms::haproxy
