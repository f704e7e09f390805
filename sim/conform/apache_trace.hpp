// What the two replays of Apache's balancers share: reading events, and who answers.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "algorithms/upstream.hpp"
#include "conform/replay.hpp"
#include "conform/trace_json.hpp"

namespace lbsim::conform {

using namespace trace_json;

class ApacheServers {
 public:
  explicit ApacheServers(const nlohmann::json& trace);

  algorithms::ServerId id(const std::string& name) const;
  const std::string& name(algorithms::ServerId server) const { return names_[server]; }
  std::size_t size() const { return names_.size(); }

  bool accepts(algorithms::ServerId server) const { return up_[server]; }
  void set_up(const std::string& server, bool up) { up_[id(server)] = up; }

 private:
  std::vector<std::string> names_;
  std::vector<bool> up_;
};

// A request as the balancer sees it. The views live as long as this does.
struct ApacheRequest {
  ApacheRequest(const nlohmann::json& event, const std::string& where);
  ApacheRequest(const ApacheRequest&) = delete;
  ApacheRequest& operator=(const ApacheRequest&) = delete;

  std::string target;
  std::string cookie;
  algorithms::Request request;
};

// The event's time in simulated time; `before` where it has none.
Time apache_time(const nlohmann::json& event, const std::string& where, Time before);

// Tries until a server accepts the connection or the balancer gives up.
algorithms::Pick ask_until_accepted(algorithms::Upstream& upstream, const ApacheServers& servers,
                                    const ApacheRequest& request, algorithms::Attempt& attempt,
                                    Time now);

// Counts one comparison and keeps the first difference.
void compare(Replay& replay, const std::string& event, const std::string& expected,
             const std::string& got, const std::string& before);
// The same for values at the end, which are no event of their own.
void compare_final(Replay& replay, const std::string& expected, const std::string& got);

Replay replay_proxy_balancer(const nlohmann::json& trace);
Replay replay_jk(const nlohmann::json& trace);

}  // namespace lbsim::conform
