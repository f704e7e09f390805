// Users and their browsers: sessions of pages with think time between them, pages of a document and
// its assets, fetched over a few kept-alive connections, each fetch with a deadline.
#pragma once

#include <deque>

#include "core/alias_table.hpp"
#include "devices/contents.hpp"
#include "devices/transport.hpp"
#include "devices/world.hpp"
#include "workload/arrival.hpp"

namespace lbsim {

// Tells sessions which address to talk to.
template <class K>
class NameService {
 public:
  virtual ~NameService() = default;
  // Calls Clients::resolved(session) at once or later.
  virtual void resolve(std::uint32_t session) = 0;
  // The session goes away while it waits for resolve().
  virtual void forget(std::uint32_t session) = 0;
};

template <class K>
class Clients final : public Component<K> {
 public:
  // Idle connections are closed by the accepting tier after `keepalive`.
  Clients(World<K>& world, ArrivalSource& arrivals, NameService<K>& names, Duration keepalive);

  void start();
  // No more arrivals and nothing in flight.
  bool done() const {
    return !more_arrivals_ && this->world_.requests.live() == 0 && (window_over_ || thinking_ == 0);
  }
  // From now on nobody starts another page.
  void end_of_window() { window_over_ = true; }

  // The name service has an answer, or none (kNone).
  void resolved(std::uint32_t session, std::uint32_t address);
  // A request has ended for its user. The record may be gone afterwards.
  void finished(std::uint32_t request, RequestOutcome outcome);
  // The answer says to ask `request.server` itself, now and for the rest of the session.
  void redirected(std::uint32_t request);

  void on(int kind, kernel::Token token, kernel::Outcome outcome) override;

 private:
  enum Kind { kArrival, kThought, kIdleEnd, kDeadline };

  struct Deadline {
    Time at;
    std::uint32_t request;
    std::uint32_t generation;
  };

  void schedule_arrival();
  void begin_session(const Arrival& arrival);
  void begin_page(std::uint32_t session);
  void end_page(std::uint32_t session);
  void pump(std::uint32_t session);
  void prefetch_connections(const Session& session) const;
  std::uint32_t new_request(std::uint32_t session, bool is_document);
  void attach(std::uint32_t request);  // to an idle or a new connection
  // Of the slots that a browser uses, those that hold no connection.
  std::uint32_t free_slots(const Session& session) const {
    return ((1u << workload_.connections) - 1) & ~std::uint32_t{session.in_use};
  }
  bool leads_to(std::uint32_t connection, const Session& session) const;
  void settle(std::uint32_t session, bool was_document, RequestOutcome outcome);
  void check_deadlines();
  void deadline(std::uint32_t request);
  void count_end(std::uint32_t request, RequestOutcome outcome);
  void close_connections(std::uint32_t session);
  void release(std::uint32_t session);
  std::uint16_t draw_assets(SessionRandom& random) const;
  void draw_content(Request& request, Session& session, bool is_page) const;

  const WorkloadConfig& workload_;
  ArrivalSource& arrivals_;
  NameService<K>& names_;
  Duration keepalive_;
  Contents contents_;
  OldTickets tickets_;
  AliasTable groups_;
  std::vector<AliasTable> resolvers_;
  std::vector<double> assets_cdf_;
  double continue_probability_ = 0;  // that a session has another page
  Arrival next_arrival_;
  bool more_arrivals_ = true;
  bool window_over_ = false;
  std::uint32_t thinking_ = 0;
  kernel::LaneId arrival_lane_;
  std::deque<Deadline> deadlines_;  // in their order; an event is on its way for the first only
  kernel::LaneId deadline_lane_;
  kernel::LaneId idle_lane_;
};

}  // namespace lbsim
