// What a request-level proxy may do with a request besides picking one of all servers behind it.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "algorithms/cache/response_cache.hpp"
#include "algorithms/limits/leaky_bucket.hpp"
#include "algorithms/rules/rule_set.hpp"
#include "core/time.hpp"

namespace lbsim {

// Some of the machines behind, balanced for themselves: an upstream block, a backend.
struct NamedPoolConfig {
  std::string name;
  std::vector<std::string> groups;  // of the servers behind
  std::string method;
  std::map<std::string, std::string> parameters;
};

// What becomes of a request that a rule decides on: exactly one of the three.
struct RuleConfig {
  std::string name;
  algorithms::rules::Condition when;
  std::string pool;       // a named pool has it
  int status = 0;         // it is answered with this status
  bool redirect = false;  // it is answered with 302 to the address of a machine behind
};

// How much of some requests a machine takes: by rate, or by how many it works on at once.
struct LimitConfig {
  std::string name;
  algorithms::rules::Condition when;
  bool per_address = false;  // else of all clients together
  std::optional<algorithms::limits::LeakyBucketConfig> requests;
  std::uint32_t connections = 0;  // 0: no limit of these
};

// Each machine keeps responses that have an object.
struct ProxyCacheConfig {
  algorithms::cache::CacheConfig keep;
  Duration lock_timeout = seconds(5);  // who has waited so long for a fetch of another, fetches
  bool stale_on_error = false;         // an old response rather than an error
};

// Which handshakes find that the client was here before.
enum class TlsTickets : std::uint8_t {
  none,
  machine,  // of a machine, for itself: its ticket key or its session cache
  shared,   // all machines have the same ticket key
};

struct TlsConfig {
  Duration full_cpu{};
  Duration resumed_cpu{};
  TlsTickets tickets = TlsTickets::machine;
  double returning = 0;  // share of sessions whose browser has a ticket of an earlier visit
};

struct Layer7Config {
  std::vector<std::string> groups;  // that have what no rule sends elsewhere; empty: all machines
  std::vector<NamedPoolConfig> pools;
  std::vector<RuleConfig> rules;
  std::vector<LimitConfig> limits;
  std::optional<ProxyCacheConfig> cache;
  std::optional<TlsConfig> tls;
  Duration answer_cpu{};  // for a request that the proxy reads and answers itself

  // Whether anything of this concerns a request before a server is picked for it.
  bool any() const {
    return !rules.empty() || !limits.empty() || cache.has_value() || tls.has_value();
  }
  bool redirects() const {
    return std::any_of(rules.begin(), rules.end(), [](const auto& rule) { return rule.redirect; });
  }
};

}  // namespace lbsim
