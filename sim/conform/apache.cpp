#include "conform/apache_trace.hpp"

namespace lbsim::conform {

Replay replay_apache(const nlohmann::json& json) {
  const Field trace(json);
  const bool jk = trace.at("balancer").one_of({"apache-mod_proxy_balancer", "apache-mod_jk"}) == 1;
  return jk ? replay_jk(trace) : replay_proxy_balancer(trace);
}

}  // namespace lbsim::conform
