// Picks along the recorded order: the algorithm of the catalog is told of every request and of
// every end in the order in which the balancer learned of them, and must pick what the balancer
// picked.
#pragma once

#include <cstddef>
#include <optional>

#include "algorithms/algorithm.hpp"
#include "validation/recorded_run.hpp"

namespace lbsim::validation {

// Picks that equal the recorded ones, of those before the first fault whose server was seen.
struct EqualPicks {
  std::size_t same = 0;
  std::size_t of = 0;
  std::optional<std::size_t> first_difference;  // number of the request
};

struct OrderedPicks {
  EqualPicks equal;
  // Runs with a queue: pairs of responses read within 2 us of each other whose slots were freed the
  // other way round. Each is needed to explain the picks after it.
  std::size_t swaps = 0;
};

// How the recorded balancer was configured.
algorithms::PoolConfig pool_of(const RecordedRun& run);
const algorithms::AlgorithmSpec& algorithm_of(const RecordedRun& run);

// Whether picks follow from what was recorded: the order is known, or does not matter, and so are
// random numbers.
bool picks_are_determined(const RecordedRun& run);

// Methods that look at no load: round robin, ip_hash.
bool is_blind(const RecordedRun& run);

// nginx seeds its random methods with the time and its process; HAProxy draws the same in every
// process.
bool is_of_unknown_seed(const RecordedRun& run);

// Of a request that was tried at more than one server.
enum class Which : std::uint8_t { first, last };

// `picked`: for each request its first or last server, kNoServer where nothing was picked. Of two
// requests that were sent within 100 us of each other either may have come first, so their picks
// may be exchanged if `pairs` says so.
EqualPicks count_equal(const RecordedRun& run, const std::vector<algorithms::ServerId>& picked,
                       Which which, bool pairs);

OrderedPicks replay_in_order(const RecordedRun& run);

}  // namespace lbsim::validation
