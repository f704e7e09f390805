// A pool of servers and the rules that pick one of them, as a proxy sees it: an nginx upstream
// block, an HAProxy backend, an Apache balancer, a hardware pool. One object is one process's (or
// one shared zone's) state. It knows nothing of the simulator: the same code could sit in a real
// balancer.
//
// Life of a request:  begin -> (next)* -> end.   `begin` picks; each failed try is reported by
// `next`, which picks again where the rules allow; `end` closes the attempt at the server last
// picked. A request that `begin` put in a queue comes back in `started()` of a later call, or is
// given up with `abandon`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"

namespace lbsim::algorithms {

using ServerId = std::uint32_t;  // position in the pool, in configuration order
inline constexpr ServerId kNoServer = ~ServerId{0};

// IPv4 in the last four bytes with `v6` false, or IPv6. Network byte order.
struct Address {
  std::uint8_t bytes[16] = {};
  bool v6 = false;

  static Address v4(std::uint32_t host_order);
  std::uint32_t v4_host_order() const;
};

// What a balancer may look at. Views need to live only during the call. Absent: data() == nullptr
// (a header that is there and empty has data() != nullptr).
struct Request {
  std::uint64_t ticket = 0;  // the caller's name for it; comes back in started()
  Address client;
  std::uint16_t client_port = 0;
  std::string_view target;  // request target as received: "/a/b?c=d"
  std::string_view host;
  std::string_view header;  // the header that the method is configured to look at
  std::string_view cookie;  // value of the Cookie header
  std::int32_t priority = 0;
};

// The caller keeps one per request, between begin and end.
struct Attempt {
  ServerId server = kNoServer;
  std::uint32_t memory = 0;  // the pool's own: tried servers and the like. 0: nothing
};

enum class Pick : std::uint8_t {
  server,  // attempt.server holds it
  queued,  // waits; comes back in started(), or is abandoned
  none,    // no server: the balancer answers with an error at once
};

// How a try went, as the balancer sees it.
enum class Result : std::uint8_t {
  ok,            // a complete response
  refused,       // no connection: reset or unreachable
  timeout,       // connect or read timeout
  reset,         // connection lost after the request was sent
  server_error,  // a response with status 5xx
  cancelled,     // the client went away
};

// What somebody decided about a server from outside the pool: health checks, an operator.
enum class AdminState : std::uint8_t { ready, drain, maintenance };

struct Started {
  std::uint64_t ticket = 0;
  ServerId server = kNoServer;
};

// What a server says of itself: in answer to a probe, at its own intervals, or when it falls idle.
struct Report {
  std::uint32_t in_flight = 0;  // requests at the server, working and waiting
  Duration latency{};           // of its latest requests, as it measured them; zero: not known
  double load = 0;              // share of its capacity in use, 0..1
};

// Reports that a pool asks its surroundings for. Most ask for none.
struct ReportWishes {
  Duration interval{};  // each server reports at this interval; zero: never by itself
  bool idle = false;    // a server reports when it falls idle
  bool probes = false;  // the pool asks for reports itself, by probes()

  bool any() const { return idle || probes || interval > Duration::zero(); }
};

class Upstream {
 public:
  virtual ~Upstream() = default;

  virtual Pick begin(const Request& request, Attempt& attempt, Time now) = 0;

  // The try at attempt.server failed with `why` before anything was passed to the client. Picks
  // another server, or ends the attempt and returns none (nothing further to call).
  virtual Pick next(const Request& request, Attempt& attempt, Result why, Time now) = 0;

  // The header of the response from attempt.server has arrived; its body is still on the way. A
  // caller that sees both at once calls `end` alone.
  virtual void header(Attempt&, Time) {}

  // The response from attempt.server is over.
  virtual void end(Attempt& attempt, Result result, Time now) = 0;

  // Bytes of a request and of its response, when they are over; for pools that look at traffic.
  virtual void count_bytes(ServerId, std::uint64_t /*sent*/, std::uint64_t /*received*/) {}

  // Gives up a queued request.
  virtual void abandon(std::uint64_t ticket, Time now) = 0;

  // Verdict of an active health check. Pools without active checks never get this.
  virtual void set_health(ServerId server, bool up, Time now) = 0;
  virtual void set_admin(ServerId server, AdminState state, Time now) = 0;
  virtual void set_weight(ServerId server, int weight, Time now) = 0;

  virtual ReportWishes report_wishes() const { return {}; }
  // A report has arrived; by now the server may be in another state.
  virtual void report(ServerId, const Report&, Time) {}
  // Servers whose report the pool wants now, if its wishes say that it does so at all. The caller
  // asks each over the network, and clears.
  std::vector<ServerId>& probes() { return probes_; }

  // Requests that left a queue because of calls since the last clear, in order. The caller clears.
  std::vector<Started>& started() { return started_; }

  virtual std::size_t size() const = 0;
  // One line per server of the state that decides the next pick; for traces that fail.
  virtual std::string describe() const = 0;

 protected:
  std::vector<Started> started_;
  std::vector<ServerId> probes_;
};

}  // namespace lbsim::algorithms
