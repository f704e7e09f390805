#include "scenario/machine_readers.hpp"
#include "scenario/tier_readers.hpp"

namespace lbsim::scenario {
namespace {

// A monitor is a program beside BIND, so BIND has no defaults for it.
HealthCheckConfig monitor_defaults() {
  return {.enabled = true,
          .interval = seconds(10),
          .timeout = seconds(3),
          .fall = 10,
          .rise = 20,
          .retry_interval = {}};
}

}  // namespace

void read_bind(Reader& r, TierConfig& tier) {
  auto& c = tier.device.emplace<DnsTierConfig>();
  read_next(r, tier);
  r.text("rrset_order", c.rrset_order,
         {.help = "Order of the addresses in an answer.",
          .fallback = c.rrset_order,
          .source = "the rotation that DNS round robin means; BIND 9.18's own default is random "
                    "(ARM, rrset-order)",
          .words = {"cyclic", "random", "none"}});
  r.duration("ttl", c.ttl,
             {.help = "How long resolvers may keep an answer.",
              .min = seconds(1),
              .max = seconds(7 * 86'400),
              .fallback = c.ttl,
              .source = "an assumption: what sites that fail over by DNS commonly use"});
  r.choice("resolver", c.resolver,
           {{"unbound", ResolverKind::unbound, "whole seconds, rotated at each answer: Unbound."},
            {"exact", ResolverKind::exact, "for the TTL to the instant, in the order it came in."}},
           {.help = "How resolvers keep an answer.", .fallback = c.resolver});
  r.duration("authority_latency", c.authority_latency,
             {.help = "From a resolver to this server, one way.",
              .max = seconds(10),
              .fallback = c.authority_latency,
              .source = "an assumption: half a country"});
  r.duration("answer_cpu", c.answer_cpu,
             {.help = "CPU for one answer.",
              .max = seconds(1),
              .fallback = c.answer_cpu,
              .source = "an assumption: 50,000 answers/s of one core"});
  read_check(
      r, "monitor", c.monitor, monitor_defaults(),
      "Checks of the machines behind by a program that takes dead ones' addresses out of the "
      "zone; nothing for it to do where the tier behind has one virtual address. Without "
      "this table nobody checks.",
      "gdnsd 2.x manual, service_types: interval 10, timeout 3, down_thresh 10, up_thresh "
      "20");
  read_cost(r, c.cost);
}

}  // namespace lbsim::scenario
