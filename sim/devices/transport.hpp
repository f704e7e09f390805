// TCP between clients and the site, and the way of a request through the connection-level tiers:
// handshakes and their retransmission, slow start, delivery of responses, resets.
//
// Round trips of a handshake and of slow start (RFC 6928 initial window, doubling each round trip,
// an ACK for each segment, no loss) are delays here; only response bodies share bandwidth.
#pragma once

#include "devices/routes.hpp"
#include "devices/world.hpp"

namespace lbsim {

// Round trips that a response of `segments` needs beyond the first, from a window of `window`
// segments; the window has then grown to `window` * 2^rounds.
int slow_start_rounds(std::uint32_t segments, std::uint32_t window);

template <class K>
class Transport final : public Component<K> {
 public:
  explicit Transport(World<K>& world);
  // After all tiers are there.
  void connect_routes();

  // A client opens a connection in `slot` of its session, for `request`.
  void open(std::uint32_t session, int slot, std::uint32_t request);
  // A client sends `request` over its connection.
  void send(std::uint32_t request);
  // Closes a connection at both ends, whatever its state.
  void close(std::uint32_t connection);
  // Stops what is on its way for a request whose client gave up. The record may be gone afterwards.
  void give_up(std::uint32_t request);

  // For tiers.
  void accept(std::uint32_t connection, int tier, std::uint32_t node, std::uint32_t worker);
  void refuse(std::uint32_t connection, RequestOutcome outcome);
  void drop_syn(std::uint32_t connection);
  // The request has passed the tier at its hop and reached the next one.
  void pass_on(std::uint32_t request);
  // The innermost leg, which is closed now, has the response.
  void answer(std::uint32_t request);
  // The response has come to the innermost leg or, where there is none, to the way to the client.
  void answered(std::uint32_t request);
  // The request ends without one: an error page or a reset on its way to the client.
  void fail(std::uint32_t request, RequestOutcome outcome);
  // A machine that has the request goes, or is gone: what whoever sent it there notices, be it the
  // proxy of the innermost leg or the client.
  void unanswered(std::uint32_t request, Power power, algorithms::Result why);
  // Nothing will come back; only the client's deadline ends it.
  void strand(std::uint32_t request);
  // Frees the record of a request whose outcome was counted while it was on its way.
  void drop(std::uint32_t request) { this->world_.requests.release(request); }

  void on(int kind, kernel::Token token, kernel::Outcome outcome) override;

 private:
  enum Kind {
    kSyn,
    kSynAgain,
    kEstablished,
    kRefused,
    kArrive,
    kAnswer,
    kBody,
    kDelivered,
    kError
  };

  struct Wire {                  // of one client group
    kernel::LaneId signal;       // error pages
    kernel::LaneId handshake;    // SYN, RST: the same, unless connections are kept alive
    kernel::LaneId established;  // SYN-ACK, and what TLS adds; `handshake` if that is nothing
    kernel::LaneId request;      // the same as `signal`, unless requests take longer to send
    Duration latency;
    Duration handshake_delay;
    Duration established_delay;
    Duration request_delay;
    std::vector<kernel::LaneId> rounds;  // of slow start: the lane of n + 1 round trips
  };

  void arrive(std::uint32_t request);
  void deliver(std::uint32_t request);
  void send_body(std::uint32_t request);
  void delivered(std::uint32_t request, kernel::Outcome outcome);
  void established(std::uint32_t connection);
  void refused(std::uint32_t connection);
  void leave_tiers(Connection& connection);
  void signal(std::uint32_t connection, Kind kind);
  kernel::LaneId lane_of_rounds(Wire& wire, int rounds);
  std::uint16_t group_of(const Connection& connection) const {
    return this->world_.sessions[connection.session].group;
  }
  bool gone(const kernel::Token& token) const {
    return !this->world_.connections.is_current(token.index, token.generation);
  }
  void abandon_legs(std::uint32_t index) {
    Request& request = this->world_.requests[index];
    for (int i = request.legs; i-- > 0;) {
      this->world_.tiers[request.leg[i].tier]->abandoned(request.leg[i], index);
    }
    request.legs = 0;
  }
  // When they have come: a card is never counted to pass more than it can.
  void count_response_bytes(const Request& request, const Connection& connection,
                            std::uint64_t bytes);

  std::vector<Wire> wires_;
  kernel::RouteId short_route(const Request& request, const Connection& connection) const;

  std::unique_ptr<Routes<K>> routes_;
  std::vector<std::unique_ptr<Routes<K>>> from_proxies_;  // by tier, if its machines answer
  std::unique_ptr<Routes<K>> direct_;                     // past the proxies, if they redirect
  kernel::LinkId uplink_in_{};
  kernel::LinkId uplink_out_{};
  NodeStats* uplink_ = nullptr;  // where it is a limit
};

template <class K>
void Tier<K>::unreachable(std::uint32_t request) {
  this->world_.transport->strand(request);
}

}  // namespace lbsim
