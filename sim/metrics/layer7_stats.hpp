// What the request-level proxies of a tier decided, besides which server has a request.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lbsim {

struct RuleCount {
  std::string name;
  std::uint64_t requests = 0;
};

struct LimitCount {
  std::string name;
  std::uint64_t passed = 0;
  std::uint64_t delayed = 0;  // of those that passed
  std::uint64_t rejected = 0;
};

struct CacheCount {
  bool there = false;
  std::uint64_t hits = 0;
  std::uint64_t stale = 0;   // answered with what was too old
  std::uint64_t misses = 0;  // fetched from behind
  std::uint64_t waited = 0;  // of all, for a fetch of another
  std::uint64_t evicted = 0;

  double hit_ratio() const {
    const double all = static_cast<double>(hits + stale + misses);
    return all > 0 ? static_cast<double>(hits + stale) / all : 0;
  }
};

struct Layer7Stats {
  std::string tier;
  std::vector<RuleCount> rules;
  std::uint64_t redirects = 0;
  std::vector<LimitCount> limits;
  CacheCount cache;
  std::uint64_t handshakes_full = 0;
  std::uint64_t handshakes_resumed = 0;
};

}  // namespace lbsim
