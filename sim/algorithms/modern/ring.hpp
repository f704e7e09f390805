// The circle of consistent hashing: each member has points in proportion to its weight, at hashes
// of its name, and a key belongs to the first point at or after it.
//
// Points stay where they are while members fail and come back, so only keys of those that left are
// served elsewhere: by the owner of the next point that may be taken.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "algorithms/pool/keys.hpp"
#include "algorithms/pool/spec.hpp"

namespace lbsim::algorithms::modern {

class RingHash : public pool::Rule {
 public:
  explicit RingHash(const pool::Setting& setting);

  ServerId pick(const pool::Query& query) final;
  void changed() final;

 private:
  using Point = std::pair<std::uint64_t, ServerId>;  // hash, owner

  void build();

  pool::HashKey key_;
  std::uint64_t points_per_weight_;
  std::vector<std::uint32_t> weights_;  // from which the points were made
  std::vector<Point> points_;           // by hash, then owner
};

std::vector<ParameterSpec> ring_parameters();

}  // namespace lbsim::algorithms::modern
