// The only translation unit that reads SimGrid's headers. Facts below are of SimGrid 3.32.
#include <array>
#include <csignal>
#include <set>
#include <simgrid/s4u.hpp>
#include <string>

#include "core/check.hpp"
#include "core/error.hpp"
#include "kernel/simgrid_engine.hpp"

namespace lbsim::kernel {
namespace {

namespace s4u = simgrid::s4u;

// Far above any link and far below where a double loses the byte: links whose nominal bandwidth
// must never bind a flow.
constexpr double kUnlimitedBytesPerS = 1e15;
constexpr double kFlopPerS = 1e12;

// CM02 with its published constants; no traffic of acknowledgements on the way back; dates nearer
// than a picosecond are one date; nothing of SimGrid's own at exit, where it would trip over
// activities that a stopped run left behind.
std::array<std::string, 7> engine_arguments() {
  return {"lbsim",
          "--log=root.thresh:critical",
          "--cfg=network/model:CM02",
          "--cfg=network/crosstraffic:0",
          "--cfg=network/TCP-gamma:4194304",
          "--cfg=surf/precision:1e-12",
          "--cfg=debug/clean-atexit:0"};
}

// SimGrid takes SIGINT for itself; whoever handled it before goes on doing so.
s4u::Engine* make_engine() {
  if (s4u::Engine::has_instance()) {
    Diagnostic diagnostic;
    diagnostic.message = "SimGrid runs one simulation per process";
    diagnostic.hint = "start a process for each run with kernel simgrid";
    throw InputError(diagnostic);
  }
  struct sigaction on_interrupt;
  sigaction(SIGINT, nullptr, &on_interrupt);
  std::array<std::string, 7> arguments = engine_arguments();
  std::array<char*, 8> argv{};
  for (std::size_t i = 0; i < arguments.size(); ++i) argv[i] = arguments[i].data();
  int argc = static_cast<int>(arguments.size());
  auto* engine = new s4u::Engine(&argc, argv.data());  // as long as the process: see ~SimgridEngine
  sigaction(SIGINT, &on_interrupt, nullptr);
  return engine;
}

void* tag_of(std::uint32_t slot) {
  return reinterpret_cast<void*>(static_cast<std::uintptr_t>(slot) + 1);
}

}  // namespace

class SimgridEngine::Platform {
 public:
  Platform() : engine_(make_engine()), zone_(s4u::create_star_zone("lbsim")) {
    receiver_ = zone_->create_host("receiver", kFlopPerS)->seal();
    engine_->track_vetoed_activities(&halt_);
    s4u::Activity::on_completion_cb([this](const s4u::Activity& a) { note_completion(a); });
  }

  std::uint32_t add_host(int cores) {
    const std::string name = "host" + std::to_string(hosts_.size());
    hosts_.push_back(zone_->create_host(name, kFlopPerS)->set_core_count(cores)->seal());
    return static_cast<std::uint32_t>(hosts_.size() - 1);
  }

  // CM02 fixes a flow's own bound at its start, from the links' nominal bandwidths: a flow would
  // not speed up with a link that recovers. So the nominal bandwidth is out of reach, and the
  // capacity that flows share comes from the callback, which the solver asks each time.
  std::uint32_t add_link(double bytes_per_s) {
    const std::string name = "link" + std::to_string(links_.size());
    links_.push_back(
        {zone_->create_link(name, kUnlimitedBytesPerS), std::make_unique<double>(bytes_per_s)});
    links_.back().link->set_sharing_policy(
        s4u::Link::SharingPolicy::NONLINEAR,
        [capacity = links_.back().capacity.get()](double, int) { return *capacity; });
    links_.back().link->seal();
    return static_cast<std::uint32_t>(links_.size() - 1);
  }

  // A star zone keeps one list of links per host and no table of pairs: a sending host for each
  // route, one receiver for all. The latency is on a link of the route's own, which is shared
  // rather than FATPIPE because the solver's time for a FATPIPE grows with the square of its flows.
  std::uint32_t add_route(std::span<const std::uint32_t> links, double latency_s) {
    const std::string name = "route" + std::to_string(senders_.size());
    s4u::Host* sender = zone_->create_host(name, kFlopPerS)->seal();
    s4u::Link* latency =
        zone_->create_link(name + "_latency", kUnlimitedBytesPerS)->set_latency(latency_s)->seal();
    std::vector<s4u::LinkInRoute> way{s4u::LinkInRoute(latency)};
    for (const std::uint32_t link : links) way.emplace_back(links_[link].link);
    zone_->add_route(sender->get_netpoint(), nullptr, nullptr, nullptr, way, false);
    senders_.push_back(sender);
    return static_cast<std::uint32_t>(senders_.size() - 1);
  }

  void seal() { zone_->seal(), engine_->seal_platform(); }

  void start_transfer(std::uint32_t slot, std::uint32_t route, std::uint64_t bytes) {
    s4u::CommPtr comm = s4u::Comm::sendto_init();
    comm->set_data(tag_of(slot));
    comm->set_payload_size(bytes);
    comm->set_source(senders_[route]);
    comm->set_destination(receiver_);  // starts it: a start() would abort
    keep(slot, comm);
  }

  void start_work(std::uint32_t slot, std::uint32_t host, double core_ps) {
    s4u::ExecPtr exec = s4u::Exec::init();
    exec->set_data(tag_of(slot));
    exec->set_flops_amount(core_ps);
    exec->set_host(hosts_[host]);
    exec->start();
    keep(slot, exec);
  }

  double cancel(std::uint32_t slot) {
    s4u::ActivityPtr activity = std::move(running_[slot]);
    LBSIM_CHECK(activity);
    const double remaining = activity->get_remaining();
    activity->set_data(nullptr);  // both of the completions that a cancel fires mean nothing
    activity->suspend();  // a cancel alone lets it hold its share until the next step is over
    activity->cancel();
    ended_.push_back(std::move(activity));
    return remaining;
  }

  void set_bandwidth(std::uint32_t link, double bytes_per_s) {
    *links_[link].capacity = bytes_per_s;
    links_[link].link->set_bandwidth(kUnlimitedBytesPerS);  // has the solver ask again
  }

  const std::vector<std::uint32_t>& advance(double date_s) {
    finished_.clear();
    halt_.clear();
    if (date_s == kForever) {
      engine_->run();
    } else {
      engine_->run_until(date_s);
    }
    ended_.clear();
    return finished_;
  }

  void abandon() {
    for (s4u::ActivityPtr& activity : running_) {
      if (activity) activity->set_data(nullptr), activity.detach();
    }
  }

 private:
  struct Link {
    s4u::Link* link;
    std::unique_ptr<double> capacity;  // where the solver's callback finds it
  };

  void keep(std::uint32_t slot, s4u::ActivityPtr activity) {
    if (slot >= running_.size()) running_.resize(slot + 1);
    LBSIM_CHECK(!running_[slot]);
    running_[slot] = std::move(activity);
  }

  // Engine::run returns at the end of a step in which an activity was vetoed. Nothing else makes it
  // return without a date and, unlike a timer's callback, it returns when all completions of that
  // date are known. So a completion is entered as a veto.
  void note_completion(const s4u::Activity& activity) {
    void* tag = activity.get_data<void>();
    if (!tag) return;
    const auto slot = static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(tag) - 1);
    running_[slot]->set_data(nullptr);
    halt_.insert(running_[slot].get());
    ended_.push_back(std::move(running_[slot]));  // SimGrid still uses it when this returns
    running_[slot] = nullptr;
    finished_.push_back(slot);
  }

  s4u::Engine* engine_;
  s4u::NetZone* zone_;
  s4u::Host* receiver_;
  std::vector<s4u::Host*> hosts_;
  std::vector<s4u::Host*> senders_;
  std::vector<Link> links_;
  std::vector<s4u::ActivityPtr> running_;  // by slot
  std::vector<s4u::ActivityPtr> ended_;    // until the step they ended in is over
  std::vector<std::uint32_t> finished_;
  std::set<s4u::Activity*> halt_;
};

SimgridEngine::SimgridEngine() : platform_(std::make_unique<Platform>()) {}

// The engine lives on: SimGrid's statics point into it, and closing it with activities in flight
// aborts.
SimgridEngine::~SimgridEngine() {
  platform_->abandon();
  static_cast<void>(platform_.release());
}

std::uint32_t SimgridEngine::add_host(int cores) { return platform_->add_host(cores); }
std::uint32_t SimgridEngine::add_link(double bytes_per_s) {
  return platform_->add_link(bytes_per_s);
}
std::uint32_t SimgridEngine::add_route(std::span<const std::uint32_t> links, double latency_s) {
  return platform_->add_route(links, latency_s);
}
void SimgridEngine::seal() { platform_->seal(); }
void SimgridEngine::start_transfer(std::uint32_t slot, std::uint32_t route, std::uint64_t bytes) {
  platform_->start_transfer(slot, route, bytes);
}
void SimgridEngine::start_work(std::uint32_t slot, std::uint32_t host, double core_ps) {
  platform_->start_work(slot, host, core_ps);
}
double SimgridEngine::cancel(std::uint32_t slot) { return platform_->cancel(slot); }
void SimgridEngine::set_bandwidth(std::uint32_t link, double bytes_per_s) {
  platform_->set_bandwidth(link, bytes_per_s);
}
double SimgridEngine::clock_s() const { return s4u::Engine::get_clock(); }
const std::vector<std::uint32_t>& SimgridEngine::advance(double date_s) {
  return platform_->advance(date_s);
}

}  // namespace lbsim::kernel
