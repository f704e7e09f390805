// dnsdist's policies for choosing the server that gets a query. Servers are sorted by their `order`
// (stable); only live ones take part.
//   roundrobin        a counter modulo the number of live servers; weights ignored
//   firstAvailable    the first
//   leastOutstanding  fewest open queries, then order (then, in the real one, measured latency)
//   wrandom           probability weight / total live weight
//   whashed           hash of the name modulo the total live weight, walked in order
//   chashed           `weight` points hash("id-k") per server on a ring; first point >= hash of the
//   name
// Source: dnsdist documentation, "Loadbalancing and Server Policies"; behaviour of dnsdist 1.7.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "algorithms/dns/authority.hpp"
#include "core/random.hpp"

namespace lbsim::algorithms::dns {

enum class DnsdistPolicy : std::uint8_t {
  round_robin,
  first_available,
  least_outstanding,
  weighted_random,
  weighted_hashed,
  consistent_hashed
};

struct DnsdistServer {
  int order = 1;
  std::string id;  // UUID; chashed's points depend on it
};

// Its answers name the one chosen server, or none if no server lives.
class Dnsdist : public Authority {
 public:
  // `servers` by RecordIndex. `perturbation` is the hashes' start (setWHashedPertubation).
  Dnsdist(const RecordTable& table, const std::vector<DnsdistServer>& servers, DnsdistPolicy policy,
          std::uint32_t perturbation, std::uint64_t counter, Random& random);

  // Opens a query at the server; `finished` closes it.
  Answer answer(const Query& query, Time now) override;
  void finished(RecordIndex server);
  std::uint32_t outstanding(RecordIndex server) const { return outstanding_[server]; }

  std::string describe() const override;

 private:
  struct Point {
    std::uint32_t hash;
    RecordIndex server;
  };

  Order live() const;
  RecordIndex pick(const Order& live, const Query& query);
  RecordIndex least_outstanding(const Order& live) const;
  RecordIndex at_weight(const Order& live, std::uint64_t point) const;
  RecordIndex on_ring(std::uint32_t hash) const;
  std::uint64_t total_weight(const Order& live) const;

  DnsdistPolicy policy_;
  std::uint32_t perturbation_;
  std::uint64_t counter_;
  Random* random_;
  Order sorted_;                            // by the servers' order
  std::vector<int> order_;                  // by RecordIndex
  std::vector<std::uint32_t> outstanding_;  // by RecordIndex
  std::vector<Point> ring_;                 // by hash
};

}  // namespace lbsim::algorithms::dns
