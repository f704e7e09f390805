// How much of the time machines are up that fail and are repaired, independently of each other.
#pragma once

namespace lbsim::planning {

// Of one machine, from its mean time to failure and to repair in one unit: an alternating renewal
// process is up for that share of the time whatever the two laws are (Ross, Stochastic Processes,
// 2nd edition 1996, theorem 3.4.4).
double availability(double mean_time_to_failure, double mean_time_to_repair);

// That at least `needed` of `machines`, each up with that probability, are up.
double availability_of_group(double one, int machines, int needed);

}  // namespace lbsim::planning
