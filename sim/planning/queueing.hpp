// Results of queueing theory that need no simulation. Rates are in one unit of time; a server's
// rate is what it serves while it works.
#pragma once

#include <vector>

namespace lbsim::planning {

// M/M/c/K: the share of requests that find `capacity` in the system (working and waiting) and are
// refused. `offered` is the rate of arrivals over a server's. Erlang B where capacity == servers
// (Kleinrock, Queueing Systems 1, 1975, sections 3.5 and 3.6).
double share_refused(int servers, int capacity, double offered);

// G/M/1: the root in (0, 1) of sigma = A*(mu (1 - sigma)): the share of requests that wait
// (Kleinrock, section 6.4). Arrivals are every `phases`-th of a Poisson stream of rate `stream`.
double sigma_of_every_nth(int phases, double stream, double server_rate);
// The same for arrivals `gap` apart.
double sigma_of_even(double gap, double server_rate);

// Requests of rate `arrivals` split at random over M/M/1 servers.
double mean_sojourn_of_split(const std::vector<double>& server_rates,
                             const std::vector<double>& shares, double arrivals);
// The shares that make that mean least: p_i a = mu_i - sqrt(mu_i) (sum mu - a) / sum sqrt(mu), over
// those servers for which it is above 0 (Bell and Stidham, Management Science 29, 1983).
std::vector<double> best_shares(const std::vector<double>& server_rates, double arrivals);

// The less loaded of `choices` random servers, in the limit of many: the share of servers with at
// least `length` requests, at the load rho (Mitzenmacher, IEEE TPDS 12, 2001, theorem 1).
double share_at_least(int choices, double rho, int length);
// Mean sojourn there, in mean service times.
double mean_sojourn_of_choices(int choices, double rho);

}  // namespace lbsim::planning
