// A member of a mod_proxy_balancer: its configuration, what an administrator set, and the counters
// that all methods share. In Apache this is shared memory: one object serves all processes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "algorithms/upstream.hpp"
#include "core/time.hpp"

namespace lbsim::algorithms::apache {

struct ProxyMember {
  std::string name;
  std::string route;
  std::string redirect;         // route of the member to go to while this one is unusable
  std::int64_t lbfactor = 100;  // 100 * loadfactor
  int lbset = 0;
  Duration retry = seconds(60);

  bool standby = false;         // +H
  bool spare = false;           // +R
  bool disabled = false;        // +D
  bool stopped = false;         // +S
  bool draining = false;        // +N
  bool ignores_errors = false;  // +I
  bool check_failed = false;    // mod_proxy_hcheck
  bool in_error = false;
  Time error_time{};

  std::int64_t lbstatus = 0;
  std::uint64_t elected = 0;
  std::uint64_t busy = 0;
  std::uint64_t transferred = 0;  // bytes sent to it
  std::uint64_t read = 0;         // bytes received from it

  bool usable() const { return !disabled && !stopped && !in_error && !check_failed; }
};

// The part in which lbmethods differ. Members are offered in the order of the scan; the last one
// that was better is the pick.
class ProxyMethod {
 public:
  virtual ~ProxyMethod() = default;
  // Whether `member` beats `best`, the best one so far or null. May change the member's lbstatus.
  virtual bool is_better(ProxyMember& member, const ProxyMember* best) = 0;
  // The scan is over.
  virtual void picked(ProxyMember&) {}

  // A method that is not a comparison looks at all members itself, of all sets at once.
  virtual bool looks_at_all() const { return false; }
  virtual ServerId look(const std::vector<ProxyMember>&, Time) { return kNoServer; }

  virtual ReportWishes report_wishes() const { return {}; }
  virtual void report(ServerId, const Report&, Time) {}
};

}  // namespace lbsim::algorithms::apache
