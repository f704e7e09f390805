// What the two replays of Apache's balancers share: the walk over the events, and who answers.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "algorithms/upstream.hpp"
#include "conform/json.hpp"
#include "conform/replay.hpp"

namespace lbsim::conform {

// A request as the balancer sees it. The views live as long as this does.
struct ApacheRequest {
  explicit ApacheRequest(const Field& event);
  ApacheRequest(const ApacheRequest&) = delete;
  ApacheRequest& operator=(const ApacheRequest&) = delete;

  std::string target;
  std::string cookie;
  algorithms::Request request;
};

class ApacheReplay {
 public:
  explicit ApacheReplay(const Field& trace);
  virtual ~ApacheReplay() = default;

  Replay run();

 protected:
  virtual algorithms::Upstream& balancer() = 0;
  // Plays a request and compares who was asked for it.
  virtual void request(const Field& event) = 0;
  // Plays an action that only this balancer has; false if there is none of that name.
  virtual bool change(const Field& event, const std::string& action) = 0;
  virtual void compare_at_end(const Field& values) = 0;

  // Tries until a server accepts the connection or the balancer gives up.
  algorithms::Pick ask_until_accepted(algorithms::Upstream& upstream, const Field& event,
                                      algorithms::Attempt& attempt);
  // Keeps a request in progress if the event says so: its release ends it.
  bool holds(const Field& event, const algorithms::Attempt& attempt);

  algorithms::ServerId id(const Field& name) const;
  const std::string& name(algorithms::ServerId server) const { return names_[server]; }
  std::size_t server_count() const { return names_.size(); }
  Time now() const { return now_; }

  Replay replay_;

 private:
  void apply(const Field& event, const std::string& action);

  Field trace_;
  std::vector<std::string> names_;
  std::vector<bool> accepts_;  // connections, by server
  std::map<std::string, algorithms::Attempt> held_;
  Time now_ = kTimeZero;
};

Replay replay_proxy_balancer(const Field& trace);
Replay replay_jk(const Field& trace);

}  // namespace lbsim::conform
