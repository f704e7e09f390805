#include "devices/clients.hpp"

#include <bit>

#include "devices/kernels.hpp"

namespace lbsim {
namespace {

// Cumulative distribution of Binomial(n, p).
std::vector<double> binomial_cdf(int n, double p) {
  std::vector<double> cdf;
  double sum = 0;
  double term = exact_exp(n * exact_log(1.0 - p));
  for (int k = 0; k <= n; ++k) {
    sum += term;
    cdf.push_back(sum);
    term *= static_cast<double>(n - k) / (k + 1) * p / (1.0 - p);
  }
  cdf.back() = 1.0;
  return cdf;
}

std::vector<double> group_shares(const std::vector<ClientGroupConfig>& groups) {
  std::vector<double> shares;
  for (const ClientGroupConfig& group : groups) shares.push_back(group.share);
  return shares;
}

}  // namespace

template <class K>
Clients<K>::Clients(World<K>& world, ArrivalSource& arrivals, NameService<K>& names,
                    Duration keepalive)
    : Component<K>(world),
      workload_(world.config.workload),
      arrivals_(arrivals),
      names_(names),
      keepalive_(keepalive),
      contents_(workload_, world.config.seed),
      tickets_(world.config.tiers),
      groups_(group_shares(world.config.clients)),
      continue_probability_(1.0 - 1.0 / workload_.pages_per_session),
      arrival_lane_(world.kernel.add_lane()),
      deadline_lane_(world.kernel.add_lane()),
      idle_lane_(world.kernel.add_lane()) {
  world.clients = this;
  for (const ContentClassConfig& c : workload_.content.classes) world.recorder.add_content(c.name);
  for (const ClientGroupConfig& group : world.config.clients) {
    resolvers_.emplace_back(zipf_weights(group.resolvers, group.resolver_zipf));
  }
  const double fetched = 1.0 - workload_.asset_cached;
  if (fetched > 0 && fetched < 1) assets_cdf_ = binomial_cdf(workload_.assets, fetched);
}

template <class K>
void Clients<K>::start() {
  schedule_arrival();
}

template <class K>
void Clients<K>::schedule_arrival() {
  more_arrivals_ = arrivals_.next(next_arrival_);
  if (more_arrivals_) {
    this->world_.kernel.post(arrival_lane_, next_arrival_.at, this->token(kArrival, 0));
  }
}

template <class K>
void Clients<K>::begin_session(const Arrival& arrival) {
  const std::uint32_t index = this->world_.sessions.allocate();
  Session& session = this->world_.sessions[index];
  session.random = SessionRandom(arrival.seed);
  // A logged client keeps its region and resolver from one request to the next.
  SessionRandom lasting =
      arrival.from_log ? SessionRandom(arrival.client.v4_host_order()) : session.random;
  session.group = static_cast<std::uint16_t>(groups_.pick(lasting.uniform()));
  session.resolver = resolvers_[session.group].pick(lasting.uniform());
  session.client = arrival.client;
  if (tickets_.any()) session.ticket = tickets_.draw(arrival.seed);
  if (contents_.has_traits()) session.traits = contents_.draw_traits(arrival.seed);
  if (arrival.from_log) {
    session.from_log = true;
    session.log_document = arrival.is_document;
    session.log_bytes = arrival.bytes;
    session.log_status = arrival.status;
    session.log_number = arrival.number;
    session.log_work_s = arrival.work_s;
  } else {
    // An address of the group's /16 in 10.0.0.0/8; the port tells its sessions apart.
    session.random = lasting;
    session.client =
        algorithms::Address::v4(0x0a000000u | (session.group & 0xffu) << 16 |
                                static_cast<std::uint32_t>(session.random.bits() >> 48));
  }
  begin_page(index);
}

template <class K>
std::uint16_t Clients<K>::draw_assets(SessionRandom& random) const {
  if (assets_cdf_.empty()) {
    return static_cast<std::uint16_t>(workload_.asset_cached < 1 ? workload_.assets : 0);
  }
  const double u = random.uniform();
  std::uint16_t k = 0;
  while (assets_cdf_[k] < u) ++k;
  return k;
}

template <class K>
void Clients<K>::begin_page(std::uint32_t index) {
  Session& session = this->world_.sessions[index];
  if (!session.from_log) this->world_.recorder.page_started();
  session.page_spoiled = false;
  session.documents_to_fetch = 1;
  session.assets_after_document = session.from_log ? 0 : draw_assets(session.random);
  if (session.address != kNone) return pump(index);
  session.held = new_request(index, true);
  session.documents_to_fetch = 0;
  this->span_begins(this->world_.requests[session.held], RequestTrace::kNames, "resolve", kNone);
  names_.resolve(index);
}

template <class K>
void Clients<K>::resolved(std::uint32_t index, std::uint32_t address) {
  Session& session = this->world_.sessions[index];
  const std::uint32_t request = session.held;
  session.held = kNone;
  session.address = address;
  this->span_ends(this->world_.requests[request], RequestTrace::kNames);
  if (address == kNone) return finished(request, RequestOutcome::dns);
  attach(request);
}

template <class K>
std::uint32_t Clients<K>::new_request(std::uint32_t index, bool is_document) {
  const std::uint32_t r = this->world_.requests.allocate();
  Request& request = this->world_.requests[r];
  Session& session = this->world_.sessions[index];
  request.session = index;
  request.group = session.group;
  request.asked = this->now();
  request.is_document = is_document;
  const bool is_page = session.from_log ? session.log_document : is_document;
  if (contents_.has_classes()) {
    draw_content(request, session, is_page);
  } else {
    const FetchConfig& fetch = is_page ? workload_.document : workload_.asset;
    request.work_s = session.log_work_s >= 0
                         ? session.log_work_s
                         : static_cast<float>(fetch.service.draw(session.random));
    const double bytes =
        session.from_log ? session.log_bytes : fetch.response_bytes.draw(session.random);
    request.response_bytes = static_cast<std::uint32_t>(std::min(bytes, 4e9));
  }
  if (session.direct != kNone) [[unlikely]]
    request.origin = kDirect;
  ++session.fetching;
  this->world_.recorder.generated();
  if (this->world_.recorder.trace()) [[unlikely]] {
    request.traced = this->world_.recorder.trace()->start(this->now());
  }
  const Time deadline = this->now() + workload_.deadline;
  if (deadlines_.empty()) {
    this->world_.kernel.post(deadline_lane_, deadline, this->token(kDeadline, 0));
  }
  deadlines_.push_back({deadline, r, request.generation});
  return r;
}

template <class K>
void Clients<K>::draw_content(Request& request, Session& session, bool is_page) const {
  const Contents::Fetch fetch = contents_.draw(is_page, session.random);
  request.content = fetch.content;
  request.object = fetch.object;
  request.work_s = session.log_work_s >= 0 ? session.log_work_s : fetch.work_s;
  const double bytes = session.from_log ? session.log_bytes : fetch.bytes;
  request.response_bytes = static_cast<std::uint32_t>(std::min(bytes, 4e9));
}

template <class K>
void Clients<K>::attach(std::uint32_t r) {
  Request& request = this->world_.requests[r];
  Session& session = this->world_.sessions[request.session];
  if (session.idle == 0) {
    const std::uint32_t unused = free_slots(session);
    LBSIM_CHECK(unused != 0);
    return this->world_.transport->open(request.session, std::countr_zero(unused), r);
  }
  const int slot = std::countr_zero(session.idle);
  session.idle &= static_cast<std::uint8_t>(session.idle - 1);
  request.connection = session.connections[slot];
  this->world_.transport->send(r);
}

template <class K>
void Clients<K>::pump(std::uint32_t index) {
  prefetch_connections(this->world_.sessions[index]);
  while (true) {
    Session& session = this->world_.sessions[index];
    if (session.documents_to_fetch + session.assets_to_fetch == 0) return;
    if (session.idle == 0 && free_slots(session) == 0) return;
    const bool is_document = session.documents_to_fetch > 0;
    --(is_document ? session.documents_to_fetch : session.assets_to_fetch);
    attach(new_request(index, is_document));
  }
}

// Of those that idled while the user thought.
template <class K>
void Clients<K>::prefetch_connections(const Session& session) const {
  for (unsigned idle = session.idle; idle != 0; idle &= idle - 1) {
    this->world_.connections.prefetch(session.connections[std::countr_zero(idle)]);
  }
}

template <class K>
void Clients<K>::count_end(std::uint32_t r, RequestOutcome outcome) {
  Request& request = this->world_.requests[r];
  Recorder& recorder = this->world_.recorder;
  recorder.ended(outcome, request.asked, this->now());
  if (contents_.has_classes()) {
    recorder.content_ended(request.content, outcome, request.asked, this->now());
  }
  if (request.traced != 0) [[unlikely]] {
    recorder.trace()->finish(request.traced, outcome, this->now());
    request.traced = 0;
  }
  if (this->world_.watch != nullptr) [[unlikely]] {
    this->world_.watch->ended(r, outcome, request.asked, this->now());
  }
  const Session& session = this->world_.sessions[request.session];
  if (session.from_log) {
    recorder.request(session.log_number, {request.asked, this->now(), outcome, request.server});
  }
}

template <class K>
void Clients<K>::finished(std::uint32_t r, RequestOutcome outcome) {
  Request& request = this->world_.requests[r];
  const std::uint32_t session = request.session;
  const bool was_document = request.is_document;
  if (outcome == RequestOutcome::ok && this->world_.sessions[session].log_status >= 500) {
    outcome = RequestOutcome::server_error;
  }
  count_end(r, outcome);
  const std::uint32_t c = request.connection;
  this->world_.requests.release(r);
  if (c != kNone) {
    Session& owner = this->world_.sessions[session];
    const bool dead = outcome == RequestOutcome::connection_lost ||
                      outcome == RequestOutcome::refused || owner.from_log ||
                      (owner.direct != kNone && !leads_to(c, owner));
    if (dead) {
      this->world_.transport->close(c);
    } else {
      Connection& connection = this->world_.connections[c];
      connection.request = kNone;
      owner.idle |= static_cast<std::uint8_t>(1u << connection.slot);
    }
  }
  settle(session, was_document, outcome);
}

// Whether the connection is one to the server that a redirection has sent the session to.
template <class K>
bool Clients<K>::leads_to(std::uint32_t index, const Session& session) const {
  const Connection& connection = this->world_.connections[index];
  return connection.hops == 0 && connection.end_tier + 1u == this->world_.tiers.size() &&
         connection.end_node == session.direct;
}

template <class K>
void Clients<K>::redirected(std::uint32_t r) {
  Request& request = this->world_.requests[r];
  Session& session = this->world_.sessions[request.session];
  session.direct = request.server;
  this->world_.transport->close(request.connection);
  while (session.idle != 0) {
    this->world_.transport->close(session.connections[std::countr_zero(session.idle)]);
  }
  request.connection = kNone;
  request.redirected = false;
  request.origin = kDirect;
  request.hop = 0;
  request.legs_passed = 0;
  attach(r);
}

// The session goes on after one of its requests has ended.
template <class K>
void Clients<K>::settle(std::uint32_t index, bool was_document, RequestOutcome outcome) {
  Session& session = this->world_.sessions[index];
  --session.fetching;
  if (outcome != RequestOutcome::ok) session.page_spoiled = true;
  if (was_document) {
    session.document_failed = outcome != RequestOutcome::ok;
    if (!session.document_failed) session.assets_to_fetch = session.assets_after_document;
  }
  if (session.assets_to_fetch > 0) return pump(index);
  if (session.fetching == 0) end_page(index);
}

template <class K>
void Clients<K>::end_page(std::uint32_t index) {
  Session& session = this->world_.sessions[index];
  if (session.from_log) return release(index);
  if (!session.page_spoiled) this->world_.recorder.page_complete();
  // A user whose page did not come leaves.
  const bool leaves = session.document_failed;
  const bool goes_on = session.random.uniform() < continue_probability_;
  if (leaves || !goes_on || window_over_) {
    this->world_.kernel.post(idle_lane_, this->now() + keepalive_,
                             this->token(kIdleEnd, index, session.generation));
    return;
  }
  const double think_s = to_seconds(workload_.think) * -exact_log(session.random.uniform());
  const Duration think = from_seconds(think_s);
  ++thinking_;
  session.close_before_next_page = think > keepalive_;
  this->world_.kernel.after(think, this->token(kThought, index, session.generation));
}

// Nearly all requests end long before their deadlines. So only the first is waited for; when it
// comes, those of requests that have ended meanwhile are passed over.
template <class K>
void Clients<K>::check_deadlines() {
  for (; !deadlines_.empty(); deadlines_.pop_front()) {
    const Deadline first = deadlines_.front();
    if (!this->world_.requests.is_current(first.request, first.generation)) continue;
    if (this->world_.requests[first.request].counted) continue;
    if (first.at > this->now()) {
      return this->world_.kernel.post(deadline_lane_, first.at, this->token(kDeadline, 0));
    }
    deadline(first.request);
  }
}

template <class K>
void Clients<K>::deadline(std::uint32_t r) {
  Request& request = this->world_.requests[r];
  const std::uint32_t session = request.session;
  const bool was_document = request.is_document;
  count_end(r, RequestOutcome::timeout);
  if (this->world_.sessions[session].held == r) {
    names_.forget(session);
    this->world_.sessions[session].held = kNone;
    request.carried = false;
  }
  this->world_.transport->give_up(r);
  settle(session, was_document, RequestOutcome::timeout);
}

template <class K>
void Clients<K>::close_connections(std::uint32_t index) {
  const Session& session = this->world_.sessions[index];
  prefetch_connections(session);
  while (session.in_use != 0) {
    this->world_.transport->close(session.connections[std::countr_zero(session.in_use)]);
  }
}

template <class K>
void Clients<K>::release(std::uint32_t index) {
  close_connections(index);
  this->world_.sessions.release(index);
}

template <class K>
void Clients<K>::on(int kind, kernel::Token token, kernel::Outcome) {
  switch (kind) {
    case kArrival: {
      const Arrival arrival = next_arrival_;
      schedule_arrival();
      return begin_session(arrival);
    }
    case kThought:
      --thinking_;
      if (this->world_.sessions[token.index].close_before_next_page) close_connections(token.index);
      if (window_over_) return release(token.index);
      return begin_page(token.index);
    case kIdleEnd:
      return release(token.index);
    case kDeadline:
      return check_deadlines();
    default:
      LBSIM_CHECK(!"an event of this component");
  }
}

LBSIM_FOR_EACH_KERNEL(Clients)

}  // namespace lbsim
