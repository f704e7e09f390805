// What is in flight: sessions, connections, requests. Records live in slabs and are named by index;
// whoever waits for one keeps its generation too.
#pragma once

#include <cstdint>

#include "algorithms/ipvs/connection_table.hpp"
#include "algorithms/upstream.hpp"
#include "core/slab.hpp"
#include "core/time.hpp"
#include "kernel/kernel.hpp"
#include "metrics/outcome.hpp"

namespace lbsim {

inline constexpr std::uint32_t kNone = ~std::uint32_t{0};
inline constexpr int kConnectionsPerSessionMax = 8;
inline constexpr int kHopsMax = 2;  // connection-level tiers in a row: directors, TCP proxies
inline constexpr int kLegsMax = 2;  // request-level proxies in a row
inline constexpr std::uint8_t kDirect = 255;  // Request::origin of one that was redirected

// A session's own random numbers (splitmix64: Steele et al., OOPSLA 2014): its k-th draw is the
// same in every topology and at every speed, so compared runs see the same pages, sizes and
// demands.
class SessionRandom {
 public:
  SessionRandom() = default;
  explicit SessionRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t bits() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  double uniform() { return (static_cast<double>(bits() >> 12) + 0.5) * 0x1p-52; }

 private:
  std::uint64_t state_ = 0;
};

// One user: pages one after the other, over a few kept-alive connections to one address. Users who
// think or whose connections idle out are by far the most records there are, and each of their
// pages finds them out of the cache: what every request needs comes first, in one cache line.
struct alignas(64) Session {
  std::uint32_t connections[kConnectionsPerSessionMax] = {};  // where in_use says so
  SessionRandom random;
  std::uint32_t generation = 0;
  std::uint16_t documents_to_fetch = 0;
  std::uint16_t assets_to_fetch = 0;
  std::uint16_t assets_after_document = 0;
  std::uint16_t fetching = 0;  // requests in flight
  std::uint16_t group = 0;
  std::uint8_t in_use = 0;            // bits of the slots in `connections` that hold one
  std::uint8_t idle = 0;              // of those whose connection waits for a request
  std::uint8_t page_spoiled : 1 = 0;  // some request of the page did not end well
  std::uint8_t document_failed : 1 = 0;
  std::uint8_t close_before_next_page : 1 = 0;  // its connections idle out while the user thinks
  std::uint8_t from_log : 1 = 0;                // one logged or recorded request, not pages
  std::uint8_t log_document : 1 = 0;
  std::uint16_t log_status = 0;
  std::uint32_t log_bytes = 0;
  algorithms::Address client;
  std::uint32_t resolver = 0;
  std::uint32_t address = kNone;  // node of the entry tier, once resolved
  std::uint32_t held = kNone;     // request that waits for the address
  std::uint32_t direct = kNone;   // server that a redirection has sent it to
  std::uint32_t log_number = 0;
  float log_work_s = -1;     // below 0: drawn
  std::uint16_t traits = 0;  // combination of header values
  std::uint16_t ticket = 0;  // of TLS: 1 + the machine that it is of; 0: none
};
static_assert(sizeof(Session) == 128);

// One connection-level tier that a client's connection passes.
struct Hop {
  std::uint8_t tier = 0;
  std::uint8_t epoch = 0;  // of the machine, or of the director's connection table
  std::uint16_t node = 0;
  // TCP proxy: its worker. Director: the one that made the entry, and whether the others know.
  std::uint16_t worker = 0;
  std::uint16_t entry_generation = 0;  // director: with entry_slot, in its connection table
  // TCP proxy: its pick. Director: the real server, and in attempt.memory the client's packets.
  algorithms::Attempt attempt;
  std::uint32_t entry_slot = 0;

  algorithms::ipvs::Connection entry() const { return {entry_slot, entry_generation}; }
  void set_entry(algorithms::ipvs::Connection entry) {
    entry_slot = entry.slot;
    entry_generation = static_cast<std::uint16_t>(entry.generation);
  }
};

// By far the most records after sessions, and out of the cache whenever one is used again: one
// cache line.
struct alignas(64) Connection {
  std::uint32_t generation = 0;
  std::uint32_t session = kNone;
  std::uint32_t request = kNone;  // the one that uses or waits for it
  bool established : 1 = false;
  bool accepted : 1 = false;  // by end_tier
  bool fresh : 1 = true;      // no request has used it yet
  std::uint8_t syn_tries : 5 = 0;
  std::uint8_t hops : 4 = 0;
  std::uint8_t slot : 4 = 0;                              // in Session::connections
  RequestOutcome refusal = RequestOutcome::ok;            // while a reset is on its way
  algorithms::Result failed_by = algorithms::Result::ok;  // how the last try of a TCP proxy failed
  std::uint16_t window = 0;                               // congestion window, segments
  std::uint8_t end_tier = 0;                              // the request-level tier that accepted it
  std::uint8_t end_epoch = 0;                             // of the machine then
  std::uint16_t end_node = 0;
  std::uint16_t end_worker = 0;
  Hop hop[kHopsMax];

  std::uint32_t index(const Slab<Session>& sessions) const {
    return sessions[session].connections[slot];
  }
};
static_assert(sizeof(Connection) == 64);

// A try by one request-level proxy.
struct Leg {
  std::uint8_t tier = 0;
  std::uint8_t epoch = 0;  // of the machine when the request came
  bool connected = false;  // to the server: kept alive, or its handshake is over
  std::uint8_t pool = 0;   // of the tier's pools; 0: that for all that no rule sends elsewhere
  std::uint16_t node = 0;
  std::uint16_t worker = 0;
  std::uint16_t tries = 0;
  std::uint16_t gate = 0;  // what the tier's Gate is to hear of its end; 0: nothing
  algorithms::Attempt attempt;
  std::uint32_t waits = 0;  // looks that found another one fetching the same
  Time sent{};              // to the server
};

// Two cache lines: all that concerns the request, and what proxies know of it.
struct alignas(64) Request {
  std::uint32_t generation = 0;
  std::uint32_t connection = kNone;
  std::uint32_t session = kNone;
  Time asked{};  // when the browser wanted it
  std::uint32_t response_bytes = 0;
  float work_s = 0;              // seconds of one core at speed 1
  std::uint32_t server = 0;      // node of the server tier
  kernel::Handle transfer;       // of the response body, when it is on its way
  std::uint8_t hop = 0;          // next connection-level tier to pass
  std::uint8_t legs = 0;         // open ones, innermost last
  std::uint8_t legs_passed = 0;  // that the response has come back through
  std::uint8_t origin =
      0;  // who answers: 0: a server behind all tiers; t + 1: the proxies of tier t
  std::uint16_t group = 0;
  bool is_document = false;
  bool counted = false;     // its outcome is known; only the record's end is awaited
  bool carried = true;      // some event or queue still holds the index
  bool redirected = false;  // its answer is a redirection to `server`
  RequestOutcome outcome = RequestOutcome::ok;
  std::uint8_t content = 0;  // class of contents that it is of
  std::uint32_t traced = 0;  // its number in the trace; 0: not traced
  std::uint32_t object = 0;  // of all classes' objects
  alignas(64) Leg leg[kLegsMax];
};
static_assert(sizeof(Request) == 128);

}  // namespace lbsim
