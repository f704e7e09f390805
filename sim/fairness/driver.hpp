// Drives one pool as a proxy would: begins and ends requests, tries again when a server refuses,
// and brings the pool the reports that it asks for.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "fairness/subject.hpp"

namespace lbsim::fairness {

using algorithms::Attempt;
using algorithms::kNoServer;
using algorithms::Request;

class Driver {
 public:
  Driver(const Subject& subject, const PoolConfig& config);

  // kNoServer: the request got none, and is over.
  ServerId begin(const Request& request, Attempt& attempt, Time now);
  void end(Attempt& attempt, Time now, Duration took = {});

  // A request that is over at once.
  ServerId ask(const Request& request, Time now) {
    Attempt attempt;
    const ServerId server = begin(request, attempt, now);
    if (server != kNoServer) end(attempt, now);
    return server;
  }

  // Connections to the server are refused, or no more.
  void set_refusing(ServerId server, bool refusing) { refusing_[server] = refusing; }
  std::uint64_t refused() const { return refused_; }  // tries, so far

  Upstream& pool() { return *pool_; }
  std::uint32_t in_flight(ServerId server) const { return load_[server].in_flight; }

  // Of all picks, in order; kNoServer for those without.
  std::uint64_t digest() const { return digest_; }

 private:
  struct Load {
    std::uint32_t in_flight = 0;
    Duration latency{};
  };

  void note(ServerId server) { digest_ = (digest_ ^ server) * 0x100000001b3ull; }
  void report(ServerId server, Time now);
  void report_all(Time now);
  void answer_probes(Time now);

  std::unique_ptr<Upstream> pool_;
  algorithms::ReportWishes wishes_;
  Time next_report_ = kNever;
  std::vector<Load> load_;
  std::vector<bool> refusing_;
  std::uint64_t tickets_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t digest_ = 0xcbf29ce484222325ull;
};

}  // namespace lbsim::fairness
