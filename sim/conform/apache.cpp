#include "conform/apache_trace.hpp"
#include "conform/replay.hpp"

namespace lbsim::conform {

Replay replay_apache(const nlohmann::json& trace) {
  const std::string balancer = read_text(trace, "trace", "balancer");
  if (balancer == "apache-mod_proxy_balancer") return replay_proxy_balancer(trace);
  if (balancer == "apache-mod_jk") return replay_jk(trace);
  reject_field("trace.balancer", balancer + " is not known");
}

}  // namespace lbsim::conform
