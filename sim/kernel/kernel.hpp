// What a simulation kernel offers to the model. Two implement it: NativeKernel (native.hpp, for
// page-view scale) and SimgridKernel (simgrid.hpp, for flow-level network truth). The model is a
// template over the kernel and holds for both.
//
// Rules that both kernels keep:
//  (a) Every handle ends exactly once: ok, failed, or cancelled by the caller.
//  (b) Work or transfers towards something dead fail at `now`, never re-entrantly.
//  (c) Down fails running and waiting work, and transfers in flight at either end, latency phase
//      included. Repair starts empty.
//  (d) A change of speed or bandwidth rescales what remains.
//  (e) Order of completions is (time, number of the model's call). What a kernel re-arms inside
//      takes no number.
//  (f) A handle says "failed" to the model's bookkeeping. A peer learns of a silent crash only
//      through its own timeout; that is the model's business.
//
// Links share bandwidth as SimGrid's CM02 does: max-min fair, weighted by 1 / route latency, each
// flow capped at kTcpGamma / (2 * latency) bytes/s. A transfer is one latency, in which it uses no
// bandwidth, then its bytes.
#pragma once

#include <compare>
#include <cstdint>
#include <span>

#include "core/time.hpp"

namespace lbsim::kernel {

// What the model wants to hear back: which of its records, and why. 64 bits; `generation` is the
// model's own guard against records that have been reused since.
struct Token {
  std::uint32_t index = 0;
  std::uint32_t generation : 22 = 0;
  std::uint32_t kind : 10 = 0;
};
static_assert(sizeof(Token) == 8);

struct Handle {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;  // 0: refers to nothing
  explicit operator bool() const { return generation != 0; }
  auto operator<=>(const Handle&) const = default;
};

enum class NodeId : std::uint32_t {};
enum class LinkId : std::uint32_t {};
enum class RouteId : std::uint32_t {};
enum class LaneId : std::uint32_t {};

enum class Outcome : std::uint8_t { ok, failed };

enum class Discipline : std::uint8_t {
  fifo,  // `cores` workers, first come first served
  ps,    // processor sharing: n jobs on c cores each run at speed * min(1, c / n)
};

struct NodeSpec {
  double speed = 1.0;  // work seconds done per second by one core
  int cores = 1;
  Discipline discipline = Discipline::fifo;
};

enum class Sharing : std::uint8_t { shared, ideal };  // ideal: never a bottleneck

struct LinkSpec {
  double bytes_per_s = 0;
  Sharing sharing = Sharing::shared;
};

inline constexpr double kTcpGamma = 4194304.0;  // SimGrid's network/TCP-gamma, bytes

// What remains of something that was cancelled: seconds of work, bytes, or seconds of a timer.
// `found` is false when the handle had ended already.
struct Cancelled {
  bool found = false;
  double remaining = 0;
};

// The kernel concept. `Sink` has start() and on(Token, Outcome).
template <class K>
concept Kernel = requires(K k, const K ck, NodeSpec node, LinkSpec link, NodeId n, LinkId l,
                          RouteId r, LaneId lane, Duration d, Time t, double x, Token token,
                          Handle h, std::span<const LinkId> links) {
  { ck.now() } -> std::same_as<Time>;
  { k.add_node(node) } -> std::same_as<NodeId>;
  { k.add_link(link) } -> std::same_as<LinkId>;
  // A route from one node to another; latency > 0. Transfers on it fail when either end is down.
  { k.add_route(n, n, links, d) } -> std::same_as<RouteId>;
  // A lane takes events in the order of their times (each >= the last one posted): a constant
  // delay, a constant timeout, a stream of arrivals. Its events cannot be cancelled; guard them
  // with the token's generation. A kernel may make use of the order; the native one need not.
  { k.add_lane() } -> std::same_as<LaneId>;
  k.post(lane, t, token);
  { k.after(d, token) } -> std::same_as<Handle>;    // timer
  { k.send(r, x, token) } -> std::same_as<Handle>;  // transfer of x bytes, x > 0
  // x seconds of work at speed 1, x >= 0. The model hears of its end d >= 0 later (the trip to the
  // next machine); what ends or slows the node in that time does not concern the work any more.
  { k.exec(n, x, token, d) } -> std::same_as<Handle>;
  { k.cancel(h) } -> std::same_as<Cancelled>;
  k.set_node_up(n, true);  // crash or repair
  k.set_node_speed(n, x);
  k.set_link_up(l, true);  // transfers over a link that goes down fail
  k.set_link_bandwidth(l, x);
  { ck.is_up(n) } -> std::same_as<bool>;
  // Jobs at the node whose work is not over, running ones included.
  { k.queue_length(n) } -> std::same_as<std::uint32_t>;
  k.stop();  // run() returns after the current event
};

}  // namespace lbsim::kernel
