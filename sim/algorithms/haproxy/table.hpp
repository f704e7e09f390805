// Where hashes lead to servers: the two tables that `hash-type` chooses from. Both can also be
// walked, which is what static-rr does with its map and hashing methods do without their input.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "algorithms/haproxy/servers.hpp"

namespace lbsim::algorithms::haproxy {

class Table {
 public:
  virtual ~Table() = default;

  // The server that owns `hash`. Fullness does not matter. Only while a server is usable.
  virtual ServerId find(std::uint32_t hash, ServerId avoid) = 0;
  // The next server with a free slot, or kNoServer.
  virtual ServerId walk(ServerId avoid) = 0;
  virtual void server_changed(ServerId s, std::uint32_t old_weight, bool was_usable) = 0;
  virtual std::string describe() const = 0;
};

std::unique_ptr<Table> make_map(const Servers& servers);
// `balance_factor`: percent of the mean load that a server may have, 0 for no bound.
std::unique_ptr<Table> make_ring(const Servers& servers, int balance_factor);

}  // namespace lbsim::algorithms::haproxy
