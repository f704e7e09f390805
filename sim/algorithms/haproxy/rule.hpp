// What tells one `balance` method from another: how it picks. Queues, persistence, retries and
// server state are the Backend's.
#pragma once

#include <cstdint>
#include <string>

#include "algorithms/haproxy/servers.hpp"

namespace lbsim::algorithms::haproxy {

// What a hashing method has taken from a request. It outlives the request's text, which matters to
// requests that are picked for again after having waited.
struct Key {
  std::uint32_t hash = 0;
  bool missing = true;  // the request does not have the input
};

class PickRule {
 public:
  // Kinds of methods that the rest of HAProxy treats differently.
  struct Traits {
    bool reads_request = false;  // key() is wanted
    // A backend queue that is not empty means that all servers are full: do not even look.
    bool trusts_queue = false;
    bool any_server_will_do =
        false;  // round-robin kind: refused connections may redispatch at once
  };

  virtual ~PickRule() = default;

  const Traits& traits() const { return traits_; }
  virtual Key key(const Request&) const { return {}; }

  // One of the serving servers, or kNoServer: each that the rule would take is full, and the
  // request waits for the backend. `avoid` (the server that has just failed the request, or
  // kNoServer) is taken only where nothing else is left. Called only while a server is usable.
  virtual ServerId pick(const Key& key, ServerId avoid) = 0;

  // Weight or usability of a server is other than it was.
  virtual void server_changed(ServerId s, std::uint32_t old_weight, bool was_usable) = 0;
  virtual void served_changed(ServerId) {}  // a slot was taken or given back
  virtual void room_changed(ServerId) {}    // the server's own queue or maxconn changed

  // The part of the rule's state that belongs to one server, and to none.
  virtual std::string describe(ServerId) const { return {}; }
  virtual std::string describe() const { return {}; }

 protected:
  PickRule(const Servers& servers, const Traits& traits) : servers_(servers), traits_(traits) {}

  const Servers& servers_;

 private:
  Traits traits_;
};

}  // namespace lbsim::algorithms::haproxy
