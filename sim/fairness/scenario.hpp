// What a pool is put through, and what is measured. One playing of a scenario with one seed is a
// batch; batches with different seeds are independent.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "fairness/subject.hpp"

namespace lbsim::fairness {

// What a subject's picks depend on, beside weights and turns.
struct Traits {
  bool drawn = false;       // on the pool's seed
  bool keyed = false;       // on who asks for what
  bool load_aware = false;  // on requests that have not ended
};

// By asking a pool of 16 servers a few hundred times.
Traits traits_of(const Subject& subject);

struct Batch {
  std::vector<std::pair<std::string, double>> metrics;
  std::vector<double> shares;  // of the picks, by server; empty where there are too many servers
  std::uint64_t digest = 0;    // of all picks: equal for all seeds if nothing is drawn
};

struct Scenario {
  std::string pool;  // "weighted-16", "leave-16"
  std::function<Batch(const Subject&, const Traits&, std::uint64_t seed, std::size_t picks)> play;
  // Picks of a batch when nothing is drawn (one batch), and when something is.
  std::size_t picks_fixed = 0;
  std::size_t picks_drawn = 0;
  std::size_t share_batches = 0;  // batches in which only shares are of interest; 0: no shares
  std::size_t share_picks = 0;    // picks in each of them
  std::size_t picks_trial = 0;    // in which it shows if anything is drawn; 0: picks_fixed
};

// Those that mean something for the subject.
std::vector<Scenario> scenarios_for(const Subject& subject, const Traits& traits);

// One file each.
std::vector<Scenario> steady_scenarios(const Subject& subject, const Traits& traits);
std::vector<Scenario> change_scenarios(const Subject& subject, const Traits& traits);
std::vector<Scenario> session_scenarios(const Subject& subject, const Traits& traits);
std::vector<Scenario> held_scenarios(const Subject& subject, const Traits& traits);
std::vector<Scenario> loaded_scenarios(const Subject& subject, const Traits& traits);

}  // namespace lbsim::fairness
