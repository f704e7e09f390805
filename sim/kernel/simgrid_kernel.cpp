// What SimGrid leaves open, in the words of kernel.hpp: FIFO queues, failures, and the order of
// events that share a date.
//
// Every event passes through one queue ordered by (picosecond, number of the model's call). SimGrid
// is run up to the first date in it, so whatever finishes on the way enters the queue in time; a
// completion at a real date is delivered on the next picosecond, and SimGrid's clock stands there
// when the model reacts. So both kernels start everything on the same grid.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/check.hpp"
#include "kernel/simgrid.hpp"

namespace lbsim::kernel {
namespace {

constexpr double kPsPerS = 1e12;

double date_of(Time at) { return static_cast<double>(to_ps(at)) / kPsPerS; }

// SimGrid's dates are sums of rounded doubles. One that is meant to be a whole picosecond may lie a
// few units in the last place above it, and must not be rounded up to the next.
Time grid_time(double date_s) {
  const double ps = date_s * kPsPerS;
  const double ulp = std::nextafter(ps, std::numeric_limits<double>::infinity()) - ps;
  return Time{Duration{static_cast<std::int64_t>(std::ceil(ps - 0.02 - 4 * ulp))}};
}

std::uint32_t index_of(auto id) { return static_cast<std::uint32_t>(id); }

}  // namespace

// --- the site ---

NodeId SimgridKernel::add_node(NodeSpec spec) {
  LBSIM_CHECK(!sealed_ && spec.cores > 0 && spec.speed >= 0);
  Node node;
  node.spec = spec;
  if (spec.discipline == Discipline::ps) {
    node.hosts.push_back(engine_.add_host(spec.cores));
  } else {
    // A host of its own for each worker, so that its date is not recomputed, and rounded, whenever
    // another worker starts or ends.
    for (int i = 0; i < spec.cores; ++i) node.hosts.push_back(engine_.add_host(1));
    for (int i = spec.cores; i > 0; --i)
      node.idle_workers.push_back(static_cast<std::uint32_t>(i - 1));
  }
  nodes_.push_back(std::move(node));
  return NodeId{static_cast<std::uint32_t>(nodes_.size() - 1)};
}

LinkId SimgridKernel::add_link(LinkSpec spec) {
  LBSIM_CHECK(!sealed_);
  Link link;
  link.shared = spec.sharing == Sharing::shared;
  LBSIM_CHECK(!link.shared || spec.bytes_per_s > 0);
  if (link.shared) link.engine_link = engine_.add_link(spec.bytes_per_s);
  links_.push_back(link);
  return LinkId{static_cast<std::uint32_t>(links_.size() - 1)};
}

RouteId SimgridKernel::add_route(NodeId from, NodeId to, std::span<const LinkId> links,
                                 Duration latency) {
  LBSIM_CHECK(!sealed_ && latency > Duration{});
  Route route{.from = index_of(from), .to = index_of(to), .links = {}, .engine_route = 0};
  std::vector<std::uint32_t> shared;
  for (const LinkId id : links) {
    const Link& link = links_.at(index_of(id));
    route.links.push_back(index_of(id));
    if (link.shared) shared.push_back(link.engine_link);
  }
  route.engine_route = engine_.add_route(shared, date_of(Time{latency}));
  routes_.push_back(std::move(route));
  return RouteId{static_cast<std::uint32_t>(routes_.size() - 1)};
}

LaneId SimgridKernel::add_lane() {
  lanes_.push_back(kTimeZero);
  return LaneId{static_cast<std::uint32_t>(lanes_.size() - 1)};
}

// --- what the model starts ---

Handle SimgridKernel::open(Kind kind, std::uint32_t place, Token token, double left) {
  LBSIM_CHECK(sealed_);
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(records_.size()));
    records_.emplace_back();
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  Record& record = records_[slot];
  record.kind = kind;
  record.phase = Phase::waiting;
  record.outcome = Outcome::ok;
  record.on_worker = false;
  record.place = place;
  record.worker = 0;
  record.then = {};
  record.call = calls_++;
  record.token = token;
  record.left = left;
  return {slot, record.generation};
}

void SimgridKernel::close(std::uint32_t slot) {
  Record& record = records_[slot];
  record.kind = Kind::none;
  if (++record.generation == 0) record.generation = 1;
  free_.push_back(slot);
}

void SimgridKernel::end_at(std::uint32_t slot, Time at, Outcome outcome) {
  Record& record = records_[slot];
  record.phase = Phase::ending;
  record.outcome = outcome;
  events_.push({at, record.call, record.token, {slot, record.generation}});
}

void SimgridKernel::post(LaneId lane, Time at, Token token) {
  Time& last = lanes_[index_of(lane)];
  LBSIM_CHECK(at >= now_ && at >= last);
  last = at;
  events_.push({at, calls_++, token, {}});
}

Handle SimgridKernel::after(Duration delay, Token token) {
  LBSIM_CHECK(delay >= Duration{});
  const Handle handle = open(Kind::timer, 0, token, 0);
  records_[handle.slot].due = now_ + delay;
  end_at(handle.slot, now_ + delay, Outcome::ok);
  return handle;
}

bool SimgridKernel::is_passable(const Route& route) const {
  return nodes_[route.from].up && nodes_[route.to].up &&
         std::ranges::all_of(route.links, [this](std::uint32_t l) { return links_[l].up; });
}

// SimGrid aborts on a transfer to a dead host, so none reaches it.
Handle SimgridKernel::send(RouteId id, double bytes, Token token) {
  LBSIM_CHECK(bytes > 0);
  const Route& route = routes_[index_of(id)];
  const Handle handle = open(Kind::transfer, index_of(id), token, bytes);
  if (!is_passable(route)) {
    end_at(handle.slot, now_, Outcome::failed);
    return handle;
  }
  const double whole = std::max(1.0, std::round(bytes));
  engine_.start_transfer(handle.slot, route.engine_route, static_cast<std::uint64_t>(whole));
  records_[handle.slot].phase = Phase::running;
  ++in_engine_;
  return handle;
}

Handle SimgridKernel::exec(NodeId id, double work_s, Token token, Duration then) {
  LBSIM_CHECK(work_s >= 0 && then >= Duration{});
  Node& node = nodes_[index_of(id)];
  const Handle handle = open(Kind::job, index_of(id), token, work_s);
  records_[handle.slot].then = then;
  if (!node.up) {
    end_at(handle.slot, now_, Outcome::failed);
    return handle;
  }
  ++node.jobs;
  if (node.spec.discipline == Discipline::ps) {
    records_[handle.slot].on_worker = true;
    start_work(handle.slot);
  } else {
    node.queue.push_back(handle);
    start_next(node);
  }
  return handle;
}

// --- jobs ---

void SimgridKernel::start_work(std::uint32_t slot) {
  Record& record = records_[slot];
  const Node& node = nodes_[record.place];
  record.phase = Phase::waiting;
  if (node.spec.speed <= 0) return;  // until set_node_speed
  if (record.left <= 0) {
    finish_work(slot, now_);
    return leave_worker(slot);
  }
  // A FIFO job's end is known when it starts, so it is on the grid; a shared one's is not.
  const double alone_s = record.left / node.spec.speed;
  const double core_ps = node.spec.discipline == Discipline::fifo
                             ? static_cast<double>(from_seconds(alone_s).count())
                             : alone_s * kPsPerS;
  engine_.start_work(slot, node.hosts[record.worker], core_ps);
  record.phase = Phase::running;
  ++in_engine_;
}

void SimgridKernel::start_next(Node& node) {
  while (!node.queue.empty() && !node.idle_workers.empty()) {
    const Handle next = node.queue.front();
    node.queue.pop_front();
    Record& record = records_[next.slot];
    if (record.generation != next.generation) continue;
    record.worker = node.idle_workers.back();
    record.on_worker = true;
    node.idle_workers.pop_back();
    start_work(next.slot);
  }
}

void SimgridKernel::finish_work(std::uint32_t slot, Time at) {
  records_[slot].left = 0;
  --nodes_[records_[slot].place].jobs;
  end_at(slot, at, Outcome::ok);
}

// A job has ended and the node lives: its worker takes the next one.
void SimgridKernel::leave_worker(std::uint32_t slot) {
  Record& record = records_[slot];
  Node& node = nodes_[record.place];
  if (node.spec.discipline == Discipline::ps || !record.on_worker) return;
  record.on_worker = false;
  node.idle_workers.push_back(record.worker);
  start_next(node);
}

// Takes an activity away from SimGrid; what remains, in the model's units.
double SimgridKernel::take_back(std::uint32_t slot) {
  Record& record = records_[slot];
  --in_engine_;
  record.phase = Phase::waiting;
  record.left = engine_.cancel(slot);
  if (record.kind == Kind::job) record.left *= nodes_[record.place].spec.speed / kPsPerS;
  return record.left;
}

Cancelled SimgridKernel::cancel(Handle handle) {
  if (handle.slot >= records_.size() || records_[handle.slot].generation != handle.generation)
    return {};
  Record& record = records_[handle.slot];
  Cancelled result{true, record.left};
  if (record.kind == Kind::timer) result.remaining = to_seconds(record.due - now_);
  if (record.phase == Phase::running) result.remaining = take_back(handle.slot);
  const bool at_node = record.kind == Kind::job && record.outcome == Outcome::ok &&
                       record.phase != Phase::over && nodes_[record.place].up;
  if (at_node) {
    if (record.phase != Phase::ending) --nodes_[record.place].jobs;
    leave_worker(handle.slot);
  }
  close(handle.slot);
  return result;
}

// --- changes ---

void SimgridKernel::fail(std::uint32_t slot) {
  if (records_[slot].phase == Phase::running) take_back(slot);
  end_at(slot, now_, Outcome::failed);
}

// Faults are rare: a walk over all that is under way is cheaper than lists kept for each node and
// link.
template <class Hit>
void SimgridKernel::fail_where(Hit hit) {
  for (std::uint32_t slot = 0; slot < records_.size(); ++slot) {
    if (records_[slot].outcome == Outcome::ok && hit(records_[slot])) fail(slot);
  }
}

void SimgridKernel::set_node_up(NodeId id, bool up) {
  const std::uint32_t index = index_of(id);
  Node& node = nodes_[index];
  if (node.up == up) return;
  node.up = up;
  if (up) return;
  fail_where([this, index](const Record& record) {
    if (record.kind == Kind::job) return record.place == index && record.phase != Phase::over;
    if (record.kind != Kind::transfer) return false;
    return routes_[record.place].from == index || routes_[record.place].to == index;
  });
  node.jobs = 0;
  node.queue.clear();
  node.idle_workers.clear();
  if (node.spec.discipline == Discipline::ps) return;
  for (std::size_t i = node.hosts.size(); i > 0; --i) {
    node.idle_workers.push_back(static_cast<std::uint32_t>(i - 1));
  }
}

// A sealed host's speed is fixed in SimGrid; the work on it is rescaled instead.
void SimgridKernel::set_node_speed(NodeId id, double speed) {
  LBSIM_CHECK(speed >= 0);
  const std::uint32_t index = index_of(id);
  std::vector<std::uint32_t> on_worker;
  for (std::uint32_t slot = 0; slot < records_.size(); ++slot) {
    const Record& record = records_[slot];
    if (record.kind != Kind::job || record.place != index || !record.on_worker) continue;
    if (record.phase == Phase::ending || record.phase == Phase::over) continue;
    if (record.phase == Phase::running) take_back(slot);
    on_worker.push_back(slot);
  }
  nodes_[index].spec.speed = speed;
  for (const std::uint32_t slot : on_worker) start_work(slot);
}

void SimgridKernel::set_link_up(LinkId id, bool up) {
  Link& link = links_[index_of(id)];
  if (link.up == up) return;
  link.up = up;
  if (up) return;
  fail_where([this, id](const Record& record) {
    return record.kind == Kind::transfer &&
           std::ranges::count(routes_[record.place].links, index_of(id)) > 0;
  });
}

void SimgridKernel::set_link_bandwidth(LinkId id, double bytes_per_s) {
  LBSIM_CHECK(bytes_per_s > 0);
  const Link& link = links_[index_of(id)];
  if (link.shared) engine_.set_bandwidth(link.engine_link, bytes_per_s);
}

// --- time ---

// Moves SimGrid's clock to the date of the first event. False when there is none to come.
bool SimgridKernel::advance_to_next() {
  while (events_.empty() || date_of(events_.top().at) > engine_.clock_s()) {
    if (events_.empty() && in_engine_ == 0) return false;
    const double date = events_.empty() ? SimgridEngine::kForever : date_of(events_.top().at);
    const double before = engine_.clock_s();
    const std::vector<std::uint32_t>& finished = engine_.advance(date);
    LBSIM_CHECK(!finished.empty() || engine_.clock_s() > before);
    const Time at = std::max(now_, grid_time(engine_.clock_s()));
    for (const std::uint32_t slot : finished) {
      --in_engine_;
      if (records_[slot].kind == Kind::job) {
        finish_work(slot, at);
      } else {
        records_[slot].left = 0;
        end_at(slot, at, Outcome::ok);
      }
    }
  }
  return true;
}

void SimgridKernel::deliver(const Event& event, EventSink& sink) {
  now_ = event.at;
  if (!event.handle) return sink.on(event.token, Outcome::ok);
  Record& record = records_[event.handle.slot];
  if (record.generation != event.handle.generation) return;  // cancelled, or failed before its end
  const Outcome outcome = record.outcome;
  if (record.kind == Kind::job && outcome == Outcome::ok && record.phase == Phase::ending) {
    leave_worker(event.handle.slot);
    if (record.then > Duration{}) {
      record.phase = Phase::over;
      return events_.push({event.at + record.then, event.call, event.token, event.handle});
    }
  }
  close(event.handle.slot);
  sink.on(event.token, outcome);
}

void SimgridKernel::run_events(EventSink& sink) {
  if (!sealed_) engine_.seal();
  sealed_ = true;
  stopped_ = false;
  sink.start();
  while (!stopped_ && advance_to_next()) {
    const Event event = events_.top();
    events_.pop();
    deliver(event, sink);
  }
}

}  // namespace lbsim::kernel
