// Puts subjects through their scenarios and keeps what a comparison needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "fairness/scenario.hpp"

namespace lbsim::fairness {

enum class Kind : std::uint8_t {
  fixed,    // nothing is drawn: one number, or one for each server
  batches,  // one number for each batch
  shares,   // mean and variance of each server's share, over many batches
};

struct Value {
  Kind kind = Kind::fixed;
  std::vector<double> numbers;    // by server, batch, or server
  std::vector<double> variances;  // of kind shares: by server
  std::size_t batches = 0;        // of kind shares

  bool operator==(const Value&) const = default;
  double mean() const;
};

using Metrics = std::map<std::string, Value>;
using Pools = std::map<std::string, Metrics>;

struct Effort {
  std::size_t batches = 12;
  std::size_t share_factor = 1;  // times the batches for shares that a scenario asks for; 0: none
  double picks = 1;              // times the picks that a scenario asks for, where they are drawn
};

inline constexpr Effort kCheckEffort{};
// A baseline is measured more finely, as it is measured once.
inline constexpr Effort kBaselineEffort{20, 4, 1};

// What is asked and told meanwhile; each may be empty.
struct Watch {
  std::function<void(const Subject&, const Scenario&)> begins;
  std::function<void(const Subject&)> done;
  std::function<bool()> stops;  // asked between batches; if true, Stopped is thrown
};
struct Stopped {};

// The same subject, effort and seed give the same numbers.
Metrics measure(const Subject& subject, const Scenario& scenario, const Traits& traits,
                const Effort& effort, std::uint64_t seed, const Watch& watch = {});
// In all scenarios that mean something for the subject.
Pools measure(const Subject& subject, const Effort& effort, std::uint64_t seed,
              const Watch& watch = {});

using Measurements = std::map<std::string, Pools>;  // by Subject::name

// Each subject on one thread, several at once; `watch` is called from all of them, by one at a time
// except for `stops`.
Measurements measure_all(const std::vector<Subject>& subjects, const Effort& effort,
                         std::uint64_t seed, const Watch& watch = {});

}  // namespace lbsim::fairness
