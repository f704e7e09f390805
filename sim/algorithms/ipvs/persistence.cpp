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
  if (free_records_.empty()) {
    free_records_.push_back(static_cast<std::uint32_t>(records_.size()));
    records_.emplace_back();
  }
  set_link(slot, free_records_.back());
  free_records_.pop_back();
  record(slot) = {network, config_.timeout_s * kTicksPerSecond, 0, false, false};
  by_network_[network] = slot;
  return slot;
}

void Persistence::set_link(std::uint32_t slot, std::uint32_t link) {
  if (slot >= links_.size()) links_.resize(slot + slot / 2 + 1);
  links_[slot] = link;
}

void Persistence::forget(std::uint32_t slot) {
  Template& forgotten = record(slot);
  by_network_.erase(forgotten.network);
  forgotten.forgotten = true;
}

void Persistence::touch(std::uint32_t slot, std::uint32_t connection) {
  Template& used = record(slot);
  if (connection != 0) {
    set_link(connection, slot);
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
  table_.at(links_[connection]).state = static_cast<unsigned>(State::assured) & 15;
}

void Persistence::connection_ended(std::uint32_t connection) {
  --record(links_[connection]).connections;
}

void Persistence::template_fired(std::uint32_t slot) {
  Template& fired = record(slot);
  if (fired.connections > 0) {
    fired.timeout = 60 * kTicksPerSecond;
    table_.arm(slot, fired.timeout);
    return;
  }
  if (!fired.forgotten) by_network_.erase(fired.network);
  free_records_.push_back(links_[slot]);
  table_.close(slot);
}

bool Persistence::client_of(std::uint32_t slot, std::uint32_t& client) {
  const Template& found = record(slot);
  client = found.network;
  return !found.forgotten;
}

}  // namespace lbsim::algorithms::ipvs
