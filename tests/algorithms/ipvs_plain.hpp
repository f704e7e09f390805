// The rules by which IPVS compares servers, written down plainly, and the scan that the kernel does
// with them. What the tournaments must pick, and what their cost is compared with.
#pragma once

#include "algorithms/ipvs/server_list.hpp"

namespace lbsim::algorithms::ipvs {

// a's value is below b's, for values that are fractions: numerator and weight. Weights have 16 bits
// and loads 41.
inline bool below(std::int64_t a, std::int64_t a_weight, std::int64_t b, std::int64_t b_weight) {
  return a * b_weight < b * a_weight;
}

inline std::int64_t plain_load(const Destination& d) {
  return 256 * std::int64_t{d.active} + d.inactive;
}

// Whether a is to be preferred to b.
inline bool lc_beats(const Destination& a, const Destination& b) {
  return plain_load(a) < plain_load(b);
}
inline bool wlc_beats(const Destination& a, const Destination& b) {
  return below(plain_load(a), a.weight, plain_load(b), b.weight);
}
inline bool sed_beats(const Destination& a, const Destination& b) {
  return below(std::int64_t{a.active} + 1, a.weight, std::int64_t{b.active} + 1, b.weight);
}
inline bool nq_beats(const Destination& a, const Destination& b) {
  if (a.active == 0 || b.active == 0) return a.active == 0 && b.active != 0;
  return sed_beats(a, b);
}
inline bool fo_beats(const Destination& a, const Destination& b) { return a.weight > b.weight; }

// From the front of the list; the first of equals. kNoServer: none is usable.
template <class Beats>
ServerId plain_scan(const ServerList& servers, Beats beats) {
  ServerId best = kNoServer;
  for (const ServerId id : servers.order()) {
    const Destination& server = servers[id];
    if (server.weight == 0 || server.overloaded) continue;
    if (best == kNoServer || beats(server, servers[best])) best = id;
  }
  return best;
}

}  // namespace lbsim::algorithms::ipvs
