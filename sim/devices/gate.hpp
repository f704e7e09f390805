// What request-level proxies decide on before they pick a server: which pool has the request, or
// that they turn it away, hold it back, or answer it themselves.
#pragma once

#include <optional>
#include <vector>

#include "algorithms/limits/open_requests.hpp"
#include "devices/http_proxies.hpp"
#include "metrics/layer7_stats.hpp"

namespace lbsim {

template <class K>
class Gate final : public Component<K> {
 public:
  Gate(World<K>& world, HttpProxies<K>& proxies, const ProxyTierConfig& config,
       const std::string& tier);

  // CPU of a worker until it knows what a request wants.
  double read_work() const { return read_work_s_; }
  // CPU of the TLS handshake of a session's new connection to a machine.
  double handshake_work(Session& session, std::uint32_t node);
  // A worker has read the request, whose leg of this tier is the next one.
  void read(std::uint32_t request);
  // The innermost leg, of which the gate wants to hear, ends; `answered`: with the server's
  // response.
  void left(std::uint32_t request, bool answered);
  // The same, of a leg whose client gave up.
  void left(const Request& request, Leg& leg, bool answered);
  // No server has answered, or one with an error: whether the gate answers instead.
  bool rescues(std::uint32_t request);

  // Of Leg::gate, what is open.
  static constexpr std::uint16_t kInside = 1;    // no pool has heard of the request yet
  static constexpr std::uint16_t kFetching = 2;  // the response is for the cache
  static constexpr std::uint16_t kCounted = 4;   // by limits of connections: bits from 3 on

  void on(int kind, kernel::Token token, kernel::Outcome outcome) override;

 private:
  enum Kind { kPassed, kAnswered, kHeldBack, kLookAgain };

  static constexpr std::uint8_t kNothing = 255;  // no rule decides

  // What a machine remembers.
  struct Place {
    std::uint8_t epoch = 0;
    std::vector<algorithms::limits::LeakyBuckets> rates;  // one for each limit
    std::vector<algorithms::limits::OpenRequests> open;
    std::optional<algorithms::cache::ResponseCache> cache;
    std::uint64_t evicted = 0;
  };

  void decide_all(const ProxyTierConfig& config);
  std::size_t combination(const Request& request) const;
  Place& place(std::uint32_t node);
  void forget_counts(Place& place, std::uint8_t epoch);
  Leg& leg_of(std::uint32_t request);
  std::uint64_t key(const LimitConfig& limit, const Request& request) const;

  void limit_rate(std::uint32_t request);
  void limit_connections(std::uint32_t request);
  bool enters(std::uint32_t request, std::size_t limit);
  void decide(std::uint32_t request);
  bool may_be_kept(const Request& request) const;
  void look(std::uint32_t request);
  void wait_for_fetch(std::uint32_t request);
  void pass(std::uint32_t request);
  void answer(std::uint32_t request, RequestOutcome outcome);
  void answer_from_cache(std::uint32_t request);
  void send_kept(std::uint32_t request);
  void redirect(std::uint32_t request);

  HttpProxies<K>& proxies_;
  const Layer7Config& config_;
  Layer7Stats& stats_;
  double read_work_s_;
  std::vector<Place> places_;
  // By class of contents, group of clients, combination of header values: the rule that decides,
  // and a bit for each limit that holds.
  std::vector<std::uint8_t> decisions_;
  std::vector<std::uint64_t> limits_;
  std::vector<std::uint8_t> pools_;  // of each rule
  std::size_t groups_;
  std::size_t traits_;
};

}  // namespace lbsim
