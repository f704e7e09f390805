// The reference kernel: SimGrid's CM02 network and CAS01 processors, driven through the kernel
// concept (kernel.hpp). Slower than NativeKernel by one or two orders of magnitude and independent
// of it.
//
// One per process: SimGrid's clock and engine are static and survive their objects. A second one
// throws InputError. Transfers carry whole bytes, as SimGrid's do. Its clock is a double: it
// resolves a picosecond until about 1,000 s of simulated time, fifteen at a day.
#pragma once

#include <cstdint>
#include <deque>
#include <queue>
#include <span>
#include <vector>

#include "core/time.hpp"
#include "kernel/kernel.hpp"
#include "kernel/simgrid_engine.hpp"

namespace lbsim::kernel {

// A kernel's Sink behind virtual calls, so that the kernel need not be a template.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void start() = 0;
  virtual void on(Token token, Outcome outcome) = 0;
};

class SimgridKernel {
 public:
  // Nodes, links and routes are added before run(); SimGrid's platform is sealed then.
  NodeId add_node(NodeSpec spec);
  LinkId add_link(LinkSpec spec);
  RouteId add_route(NodeId from, NodeId to, std::span<const LinkId> links, Duration latency);
  LaneId add_lane();

  void post(LaneId lane, Time at, Token token);
  Handle after(Duration delay, Token token);
  Handle send(RouteId route, double bytes, Token token);
  Handle exec(NodeId node, double work_s, Token token, Duration then = {});
  Cancelled cancel(Handle handle);

  void set_node_up(NodeId node, bool up);
  void set_node_speed(NodeId node, double speed);
  void set_link_up(LinkId link, bool up);
  void set_link_bandwidth(LinkId link, double bytes_per_s);

  Time now() const { return now_; }
  bool is_up(NodeId node) const { return nodes_[static_cast<std::uint32_t>(node)].up; }
  std::uint32_t queue_length(NodeId node) const {
    return nodes_[static_cast<std::uint32_t>(node)].jobs;
  }
  void stop() { stopped_ = true; }

  // Calls sink.start(), then sink.on(token, outcome) until nothing is left to happen or stop().
  template <class Sink>
  void run(Sink& sink) {
    struct Forward final : EventSink {
      explicit Forward(Sink& to) : to_(to) {}
      void start() override { to_.start(); }
      void on(Token token, Outcome outcome) override { to_.on(token, outcome); }
      Sink& to_;
    };
    Forward forward(sink);
    run_events(forward);
  }

 private:
  enum class Kind : std::uint8_t { none, timer, transfer, job };

  enum class Phase : std::uint8_t {
    waiting,  // a job in its node's queue or on a node of speed 0
    running,  // SimGrid has it
    ending,   // its event is in the queue: every timer, what SimGrid finished, what failed
    over,     // a job that has left its node; the model hears of it when its delay has passed
  };

  struct Record {
    std::uint32_t generation = 1;
    Kind kind = Kind::none;
    Phase phase = Phase::waiting;
    Outcome outcome = Outcome::ok;
    bool on_worker = false;   // a job that occupies one
    std::uint32_t place = 0;  // route or node
    std::uint32_t worker = 0;
    std::uint64_t call = 0;  // number of the model's call
    Token token;
    double left = 0;  // work at speed 1 or bytes, while SimGrid does not have it
    Time due;         // of a timer
    Duration then{};  // of a job
  };

  struct Event {
    Time at;
    std::uint64_t call;
    Token token;
    Handle handle;  // none for a lane's event
  };

  struct Later {
    bool operator()(const Event& a, const Event& b) const {
      return a.at != b.at ? a.at > b.at : a.call > b.call;
    }
  };

  struct Node {
    NodeSpec spec;
    bool up = true;
    std::uint32_t jobs = 0;
    std::vector<std::uint32_t> hosts;         // fifo: one of one core per worker; ps: one
    std::vector<std::uint32_t> idle_workers;  // fifo
    std::deque<Handle> queue;                 // fifo; handles of cancelled jobs are passed over
  };

  struct Link {
    bool up = true;
    bool shared = true;
    std::uint32_t engine_link = 0;
  };

  struct Route {
    std::uint32_t from;
    std::uint32_t to;
    std::vector<std::uint32_t> links;
    std::uint32_t engine_route;
  };

  void run_events(EventSink& sink);
  bool advance_to_next();
  void deliver(const Event& event, EventSink& sink);

  Handle open(Kind kind, std::uint32_t place, Token token, double left);
  void close(std::uint32_t slot);
  void end_at(std::uint32_t slot, Time at, Outcome outcome);
  void fail(std::uint32_t slot);
  template <class Hit>
  void fail_where(Hit hit);
  bool is_passable(const Route& route) const;

  void start_work(std::uint32_t slot);
  void start_next(Node& node);
  void finish_work(std::uint32_t slot, Time at);
  void leave_worker(std::uint32_t slot);
  double take_back(std::uint32_t slot);

  SimgridEngine engine_;
  Time now_{};
  std::uint64_t calls_ = 0;
  bool sealed_ = false;
  bool stopped_ = false;
  std::uint32_t in_engine_ = 0;
  std::vector<Node> nodes_;
  std::vector<Link> links_;
  std::vector<Route> routes_;
  std::vector<Time> lanes_;  // the last date posted
  std::vector<Record> records_;
  std::vector<std::uint32_t> free_;
  std::priority_queue<Event, std::vector<Event>, Later> events_;
};

static_assert(Kernel<SimgridKernel>);

}  // namespace lbsim::kernel
