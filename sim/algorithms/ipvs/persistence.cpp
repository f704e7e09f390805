#include "algorithms/ipvs/persistence.hpp"

namespace lbsim::algorithms::ipvs {

Persistence::Persistence(const PersistenceConfig& config, ConnectionTable& table)
    : config_(config), table_(table) {}

std::uint32_t Persistence::find(std::uint32_t client) const {
  const auto found = by_network_.find(client & config_.netmask);
  return found == by_network_.end() ? 0 : found->second;
}

std::uint32_t Persistence::create(std::uint32_t client, ServerId server) {
  const std::uint32_t network = client & config_.netmask;
  const std::uint32_t slot = table_.open(server, State::none).slot;
  templates_[slot] = {network, config_.timeout_s * kTicksPerSecond, 0, false, false};
  by_network_[network] = slot;
  return slot;
}

void Persistence::forget(std::uint32_t slot) {
  Template& forgotten = templates_.at(slot);
  by_network_.erase(forgotten.network);
  forgotten.forgotten = true;
}

void Persistence::touch(std::uint32_t slot, std::uint32_t connection) {
  Template& used = templates_.at(slot);
  if (connection != 0) {
    if (connection >= controller_.size()) controller_.resize(connection + connection / 2 + 1);
    controller_[connection] = slot;
    ++used.connections;
  }
  if (used.armed) {
    table_.rearm(slot, used.timeout);
  } else {
    table_.arm(slot, used.timeout);
    used.armed = true;
  }
}

void Persistence::assure(std::uint32_t connection) {
  const std::uint32_t slot = controller_[connection];
  if (slot != 0) table_.at(slot).state = static_cast<unsigned>(State::assured) & 15;
}

void Persistence::connection_ended(std::uint32_t connection) {
  const std::uint32_t slot = controller_[connection];
  controller_[connection] = 0;
  if (slot != 0) --templates_.at(slot).connections;
}

void Persistence::template_fired(std::uint32_t slot) {
  Template& fired = templates_.at(slot);
  if (fired.connections > 0) {
    fired.timeout = 60 * kTicksPerSecond;
    table_.arm(slot, fired.timeout);
    return;
  }
  if (!fired.forgotten) by_network_.erase(fired.network);
  templates_.erase(slot);
  table_.close(slot);
}

bool Persistence::client_of(std::uint32_t slot, std::uint32_t& client) const {
  const Template& found = templates_.at(slot);
  client = found.network;
  return !found.forgotten;
}

}  // namespace lbsim::algorithms::ipvs
