// Which connection has which addresses and ports: found by hash. Only for services that are asked
// to track tuples; a caller that keeps its Connection handles needs none of this.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "algorithms/ipvs/scheduler.hpp"

namespace lbsim::algorithms::ipvs {

class TupleIndex {
 public:
  // The connection opened last by this client to this address; 0 if there is none.
  std::uint32_t find(const Flow& flow) const {
    const auto found = slots_.find(key(flow));
    return found == slots_.end() ? 0 : found->second;
  }

  // An older connection of the same tuple is no longer found.
  void insert(std::uint32_t slot, const Flow& flow) {
    if (slot >= flows_.size()) flows_.resize(slot + slot / 2 + 1);
    flows_[slot] = flow;
    slots_[key(flow)] = slot;
  }

  void erase(std::uint32_t slot) {
    const auto found = slots_.find(key(flows_[slot]));
    if (found != slots_.end() && found->second == slot) slots_.erase(found);
  }

  const Flow& flow(std::uint32_t slot) const { return flows_[slot]; }

 private:
  struct Key {
    std::uint64_t client;
    std::uint64_t service;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const {
      const std::uint64_t mixed = (key.client ^ (key.service << 13)) * 0x9E3779B97F4A7C15u;
      return static_cast<std::size_t>(mixed ^ (mixed >> 32));
    }
  };

  static Key key(const Flow& flow) {
    return {std::uint64_t{flow.client} << 16 | flow.client_port,
            std::uint64_t{flow.vip} << 16 | flow.vport};
  }

  std::unordered_map<Key, std::uint32_t, Hash> slots_;
  std::vector<Flow> flows_;  // by slot
};

}  // namespace lbsim::algorithms::ipvs
