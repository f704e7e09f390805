#include "algorithms/pool/members.hpp"

#include <algorithm>
#include <map>

#include "core/check.hpp"

namespace lbsim::algorithms::pool {
namespace {

std::vector<std::string> unique_names(const std::vector<ServerConfig>& servers) {
  std::vector<std::string> names;
  std::map<std::string, int> uses;
  for (const ServerConfig& server : servers) {
    std::string name = !server.name.empty()      ? server.name
                       : !server.address.empty() ? server.address
                                                 : "server" + std::to_string(names.size() + 1);
    const int use = ++uses[name];
    if (use > 1) name += "#" + std::to_string(use);
    names.push_back(std::move(name));
  }
  return names;
}

std::uint32_t changed(std::uint32_t count, int change) {
  const std::int64_t after = static_cast<std::int64_t>(count) + change;
  LBSIM_CHECK(after >= 0);
  return static_cast<std::uint32_t>(after);
}

}  // namespace

Members::Members(const std::vector<ServerConfig>& servers, const std::vector<std::uint32_t>& groups,
                 std::uint32_t min_active)
    : members_(servers.size()), min_active_(min_active) {
  std::vector<std::string> names = unique_names(servers);
  for (ServerId s = 0; s < servers.size(); ++s) {
    Member& member = members_[s];
    member.name = std::move(names[s]);
    member.weight = static_cast<std::uint32_t>(servers[s].weight);
    member.conns_max = static_cast<std::uint32_t>(servers[s].max_conns);
    member.admin = servers[s].down ? AdminState::maintenance : AdminState::ready;
    member.group = groups[s];
    if (member.group >= groups_.size()) groups_.resize(member.group + 1);
    groups_[member.group].push_back(s);
  }
  elect();
}

void Members::set_up(ServerId s, bool up) {
  members_[s].up = up;
  elect();
}

void Members::set_admin(ServerId s, AdminState state) {
  members_[s].admin = state;
  elect();
}

void Members::set_weight(ServerId s, std::uint32_t weight) {
  members_[s].weight = weight;
  elect();
}

void Members::count_conns(ServerId s, int change) {
  Member& member = members_[s];
  const bool was_full = member.full();
  member.conns = changed(member.conns, change);
  if (!member.serving) return;
  serving_conns_ += static_cast<std::uint64_t>(static_cast<std::int64_t>(change));
  if (was_full != member.full()) full_count_ += member.full() ? 1u : ~0u;
}

void Members::count_sessions(ServerId s, int change) {
  members_[s].sessions = changed(members_[s].sessions, change);
}

void Members::elect() {
  serving_.clear();
  for (Member& member : members_) member.serving = false;
  for (const std::vector<ServerId>& group : groups_) {
    for (const ServerId s : group) {
      if (!members_[s].available()) continue;
      members_[s].serving = true;
      serving_.push_back(s);
    }
    if (serving_.size() >= min_active_) break;
  }
  std::sort(serving_.begin(), serving_.end());
  serving_weight_ = 0;
  serving_conns_ = 0;
  full_count_ = 0;
  for (const ServerId s : serving_) {
    serving_weight_ += members_[s].weight;
    serving_conns_ += members_[s].conns;
    full_count_ += members_[s].full() ? 1 : 0;
  }
}

std::string Members::describe(ServerId s) const {
  static constexpr const char* kAdmin[] = {"ready", "drain", "maintenance"};
  const Member& member = members_[s];
  std::string text = std::to_string(s) + " " + member.name;
  text += ": weight " + std::to_string(member.weight);
  text += ", in flight " + std::to_string(member.conns);
  text += member.up ? ", up, " : ", down, ";
  text += kAdmin[static_cast<std::size_t>(member.admin)];
  if (member.sessions != 0) text += ", clients " + std::to_string(member.sessions);
  if (member.serving) text += ", serving";
  return text;
}

}  // namespace lbsim::algorithms::pool
