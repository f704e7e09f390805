// The circle of nginx's consistent hash (ketama, as Cache::Memcached::Fast has it): 160 points per
// unit of weight, made of the text of the server's address.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "algorithms/nginx/library.hpp"
#include "algorithms/nginx/peers.hpp"

namespace lbsim::algorithms::nginx {

class Ring {
 public:
  using Servers = std::vector<std::pair<std::string, std::int32_t>>;  // address, weight

  explicit Ring(const Servers& servers);

  std::uint32_t size() const { return static_cast<std::uint32_t>(hashes_.size()); }

  // Number of the first point at or after `hash`; size() if there is none.
  std::uint32_t point_at(std::uint32_t hash) const {
    std::uint32_t point = first_in_slice_[hash >> shift_];
    while (point < size() && hashes_[point] < hash) ++point;
    return point;
  }

  // The first server with the address that owns the point. Numbers go round.
  PeerIndex owner(std::uint32_t point) const {
    return owners_[point < size() ? point : point % size()];
  }

 private:
  void cut_into_slices();

  std::vector<std::uint32_t> hashes_;  // ascending
  std::vector<PeerIndex> owners_;
  std::vector<std::uint32_t> first_in_slice_;  // by the high bits of a hash: where to start looking
  std::uint32_t shift_ = 0;
};

using RingLibrary = Library<Ring::Servers, Ring>;

}  // namespace lbsim::algorithms::nginx
