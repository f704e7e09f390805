#include "scenario/tier_readers.hpp"

namespace lbsim::scenario {

const std::vector<Kind<TierConfig>>& tier_kinds() {
  static const std::vector<Kind<TierConfig>> kinds{
      {"bind", "DNS: tells clients the addresses of the tier behind it, through their resolvers.",
       read_bind},
      {"lvs", "Linux Virtual Server with Keepalived: balances TCP connections in the kernel (L4).",
       read_lvs},
      {"nginx", "nginx as reverse proxy: balances requests (L7).", read_nginx},
      {"haproxy", "HAProxy: balances requests (L7) or, with mode = \"tcp\", connections (L4).",
       read_haproxy},
      {"balancer",
       "A reverse proxy of no particular program: balances requests (L7) by any method there is.",
       read_balancer},
      {"hardware",
       "A hardware balancer of the F5 BIG-IP class in the access tier: an active/standby pair that "
       "sees connections or requests, and of its members only what its monitor tells.",
       read_hardware},
      {"servers", "The machines that answer: the end of the chain.", read_servers},
  };
  return kinds;
}

}  // namespace lbsim::scenario
