// What all devices of a site share: the kernel, the records in flight, the counters; and what a
// device is. Devices are written once, as templates over the kernel, and instantiated for both.
//
// The walk of a request:
//   Clients -> (SYN) connection-level tiers: directors, TCP proxies -> the tier that accepts
//   Clients -> (request) the same tiers -> request-level proxies, each adding a Leg -> servers
//   servers -> response() of each leg, innermost first -> Clients::deliver -> body over shared
//   links
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "devices/config.hpp"
#include "devices/records.hpp"
#include "kernel/kernel.hpp"
#include "metrics/recorder.hpp"
#include "metrics/request_watch.hpp"

namespace lbsim {

template <class K>
class Clients;
template <class K>
class Transport;
template <class K>
struct World;

inline constexpr int kEventKinds =
    16;  // of one component; Token::kind = component * kEventKinds + kind

// Anything that asks the kernel to be called back.
template <class K>
class Component {
 public:
  virtual ~Component() = default;
  virtual void on(int kind, kernel::Token token, kernel::Outcome outcome) = 0;

 protected:
  explicit Component(World<K>& world);

  kernel::Token token(int kind, std::uint32_t index, std::uint32_t generation = 0) const {
    kernel::Token t;
    t.index = index;
    t.generation = generation & Slab<Request>::kGenerationMask;
    t.kind = static_cast<std::uint32_t>(id_ * kEventKinds + kind) & 0x3ff;
    return t;
  }
  Time now() const;

  // Of the request's way, if it is one of those that are traced.
  void span_begins(const Request& request, int row, const char* name, std::uint32_t node) const {
    if (request.traced != 0) [[unlikely]] {
      world_.recorder.trace()->begin(request.traced, row, name, now(),
                                     static_cast<std::int32_t>(node));
    }
  }
  void span_ends(const Request& request, int row) const {
    if (request.traced != 0) [[unlikely]]
      world_.recorder.trace()->end(request.traced, row, now());
  }

  World<K>& world_;

 private:
  int id_;
};

// At what a tier looks. Connection-level tiers (directors, TCP proxies) come before request-level
// ones (HTTP proxies), servers last; names are resolved before all of them.
enum class Level : std::uint8_t { connection, request, server };

enum class Power : std::uint8_t {
  up,
  stopped,  // the process ended: its port answers with resets
  crashed,  // the machine is gone: silence
};

// A machine of a tier: its CPU stations (one a worker, or one for all cores), its card, its
// counters. One cache line, and one more that only faults and new connections read.
struct alignas(64) Machine {
  Power power = Power::up;    // as others find it
  Power process = Power::up;  // whatever its network does
  bool linked = true;
  bool errors = false;     // it answers with nothing else
  std::uint8_t epoch = 0;  // raised whenever it goes down: what it knew of connections is lost
  bool has_nic = false;
  std::uint32_t first_cpu = 0;
  std::uint32_t cpus = 0;
  std::uint32_t connections = 0;  // client connections open
  double speed = 1.0;             // now
  NodeStats* stats = nullptr;
  kernel::LinkId nic_in{};
  kernel::LinkId nic_out{};
  double nic_bytes_per_s = 0;
  double full_speed = 1.0;

  kernel::NodeId cpu(std::uint32_t i = 0) const { return kernel::NodeId{first_cpu + i}; }
};
static_assert(sizeof(Machine) == 64);

template <class K>
class Tier : public Component<K> {
 public:
  const std::string& name() const { return name_; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(machines_.size()); }
  Machine& machine(std::uint32_t node) { return machines_[node]; }

  virtual Level level() const = 0;
  // The tier behind is there now: make what depends on it.
  virtual void connect() {}

  // How many addresses clients may be told: one for a VIP, else one for each machine.
  virtual std::uint32_t addresses() const { return size(); }

  // A SYN of `connection` arrives. The tier passes it on, accepts it, refuses it, or drops it.
  virtual void syn(std::uint32_t connection, std::uint32_t node) = 0;
  // A request arrives at `node`.
  virtual void request(std::uint32_t request, std::uint32_t node) = 0;
  // The response to the innermost leg, which is this tier's, has arrived.
  virtual void response(std::uint32_t) {}
  // The try of the innermost leg, which is this tier's, failed.
  virtual void try_failed(std::uint32_t, algorithms::Result) {}
  // The client of a request gave up; `leg` is this tier's.
  virtual void abandoned(Leg&, std::uint32_t) {}
  // A connection that passes this tier at `hop`, or ends here (hop == nullptr), was closed.
  virtual void closed(Connection& connection, Hop* hop) = 0;
  // Do responses come back through this tier?
  virtual bool carries_responses() const { return true; }
  // Has each machine one card to the clients and one to the tier behind? Its counters are then of
  // the first; the other has the same bytes the other way.
  virtual bool two_armed() const { return false; }
  // Is the way through this hop still there for a response that needs ACKs from the client?
  virtual bool hop_alive(const Hop&) const { return true; }
  // A request will come over this hop: fetch what it will need.
  virtual void expect(const Hop&) const {}
  // The request waits here until the tier's address is held again.
  virtual void stall(std::uint32_t) {}
  // A request or its response cannot reach a machine of this tier that its connection needs.
  virtual void unreachable(std::uint32_t request);
  // The SYN that this tier passed on at its hop was refused or not answered. True: it deals with
  // it.
  virtual bool syn_failed(std::uint32_t, algorithms::Result) { return false; }
  // The machine that this tier's innermost leg waits for went silent.
  virtual void silent(std::uint32_t) {}
  // What a machine that is up says of itself.
  virtual algorithms::Report state(std::uint32_t node) const;
  // Somebody will ask for state(): measure what it takes.
  virtual void measure() {}
  // `machine(node).power` has just changed; running work has ended.
  virtual void power_changed(std::uint32_t) {}
  // The tier's virtual address has just moved, or nobody hears it any more; the machine that held
  // it before is not asked.
  virtual void address_moved() {}
  // A fault of keepalived or between its machines befalls one of a tier with a virtual address.
  virtual void keepalived(std::uint32_t, FaultKind) {}

  // Whoever must hear when a machine of this tier goes down, comes back, or begins or ends to
  // answer with errors.
  void add_watcher(std::function<void(std::uint32_t)> watcher) {
    watchers_.push_back(std::move(watcher));
  }
  // Whoever must hear when a machine of this tier has nothing left to do. Servers tell.
  void add_idle_watcher(std::function<void(std::uint32_t)> watcher) {
    idle_watchers_.push_back(std::move(watcher));
  }
  void set_power(std::uint32_t node, Power power);
  // Pulls or plugs the network cable: the machine works on, unheard.
  void set_linked(std::uint32_t node, bool linked);
  // From now on the machine answers with errors only, or no more.
  void set_errors(std::uint32_t node, bool errors) {
    machines_[node].errors = errors;
    for (const auto& watcher : watchers_) watcher(node);
  }

  Tier* next = nullptr;  // the tier behind

 protected:
  Tier(World<K>& world, std::string name, int index)
      : Component<K>(world), name_(std::move(name)), index_(index) {}

  void add_machine(const char* kind, int cpus, kernel::NodeSpec spec, const NicConfig& nic);

  void fell_idle(std::uint32_t node) {
    for (const auto& watcher : idle_watchers_) watcher(node);
  }

  int row() const { return RequestTrace::kTiers + index_; }  // of a traced request

  std::string name_;
  int index_;
  std::vector<Machine> machines_;

 private:
  void change_reach(std::uint32_t node);

  std::vector<std::function<void(std::uint32_t)>> watchers_;
  std::vector<std::function<void(std::uint32_t)>> idle_watchers_;
};

template <class K>
struct World {
  World(K& k, const SiteConfig& c, Recorder& r, RequestWatch* w = nullptr)
      : kernel(k), config(c), recorder(r), watch(w) {
    lan = kernel.add_lane();
  }

  void dispatch(kernel::Token token, kernel::Outcome outcome) {
    components[token.kind / kEventKinds]->on(token.kind % kEventKinds, token, outcome);
  }
  // Arrives at another machine of the site after one trip.
  void post_lan(kernel::Token token) {
    kernel.post(lan, kernel.now() + config.network.lan_latency, token);
  }

  K& kernel;
  const SiteConfig& config;
  Recorder& recorder;
  RequestWatch* const watch;  // mostly null
  Slab<Session> sessions;
  Slab<Connection> connections;
  Slab<Request> requests;
  std::vector<Component<K>*> components;
  std::vector<std::unique_ptr<Tier<K>>> tiers;  // in the order of the walk
  Clients<K>* clients = nullptr;
  Transport<K>* transport = nullptr;
  kernel::LaneId lan{};
};

template <class K>
Component<K>::Component(World<K>& world)
    : world_(world), id_(static_cast<int>(world.components.size())) {
  world.components.push_back(this);
  LBSIM_CHECK(world.components.size() * kEventKinds <= 1024);
}

template <class K>
Time Component<K>::now() const {
  return world_.kernel.now();
}

template <class K>
algorithms::Report Tier<K>::state(std::uint32_t node) const {
  algorithms::Report report;
  double busy = 0;
  for (std::uint32_t i = 0; i < machines_[node].cpus; ++i) {
    const kernel::NodeId cpu = machines_[node].cpu(i);
    const std::uint32_t here = this->world_.kernel.queue_length(cpu);
    report.in_flight += here;
    busy += here > 0 ? 1 : 0;
  }
  report.load = busy / machines_[node].cpus;
  return report;
}

template <class K>
void Tier<K>::set_power(std::uint32_t node, Power power) {
  Machine& machine = machines_[node];
  if (power != Power::up && machine.process == Power::up) {
    ++machine.epoch;
    machine.connections = 0;
  }
  machine.process = power;
  for (std::uint32_t i = 0; i < machine.cpus; ++i) {
    this->world_.kernel.set_node_up(machine.cpu(i), power == Power::up);
  }
  change_reach(node);
}

template <class K>
void Tier<K>::set_linked(std::uint32_t node, bool linked) {
  machines_[node].linked = linked;
  change_reach(node);
}

template <class K>
void Tier<K>::change_reach(std::uint32_t node) {
  Machine& machine = machines_[node];
  machine.power = machine.linked ? machine.process : Power::crashed;
  if (machine.has_nic) {
    this->world_.kernel.set_link_up(machine.nic_in, machine.power != Power::crashed);
    this->world_.kernel.set_link_up(machine.nic_out, machine.power != Power::crashed);
  }
  power_changed(node);
  for (const auto& watcher : watchers_) watcher(node);
}

template <class K>
void Tier<K>::add_machine(const char* kind, int cpus, kernel::NodeSpec spec, const NicConfig& nic) {
  Machine machine;
  machine.cpus = static_cast<std::uint32_t>(cpus);
  for (int i = 0; i < cpus; ++i) {
    const kernel::NodeId cpu = this->world_.kernel.add_node(spec);
    if (i == 0) machine.first_cpu = static_cast<std::uint32_t>(cpu);
    LBSIM_CHECK(cpu == machine.cpu(static_cast<std::uint32_t>(i)));  // they are numbered in a row
  }
  machine.full_speed = machine.speed = spec.speed;
  machine.nic_bytes_per_s = nic.bytes_per_s;
  if (nic.bytes_per_s > 0) {
    machine.has_nic = true;
    machine.nic_in = this->world_.kernel.add_link({nic.bytes_per_s, kernel::Sharing::shared});
    machine.nic_out = this->world_.kernel.add_link({nic.bytes_per_s, kernel::Sharing::shared});
  }
  machine.stats = &this->world_.recorder.add_node(name_ + '.' + std::to_string(size() + 1), name_,
                                                  kind, cpus * spec.cores, nic.bytes_per_s);
  machines_.push_back(std::move(machine));
}

}  // namespace lbsim
