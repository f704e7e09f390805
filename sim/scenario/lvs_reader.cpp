#include <fmt/format.h>

#include "scenario/machine_readers.hpp"
#include "scenario/method_field.hpp"
#include "scenario/tier_readers.hpp"

namespace lbsim::scenario {
namespace {

// retry 1: the second failed attempt removes a server. One good check puts it back, or two that ask
// by HTTP: "when recovering from a failure, each URL is checked, with a delay of delay_loop between
// each check" (keepalived.conf(5)); the first is the one that found it well.
HealthCheckConfig keepalived_defaults(bool http) {
  return {.enabled = true,
          .interval = seconds(60),
          .timeout = seconds(5),
          .fall = 2,
          .rise = http ? 2 : 1,
          .retry_interval = http ? seconds(3) : seconds(1)};
}

void read_keepalived_check(Reader& r, HealthCheckConfig& c) {
  r.choice("checker", c.sees_errors,
           {{"tcp_check", false, "a connection to the machine is enough."},
            {"http_get", true, "its answer must be none of an error."}},
           {.help = "What is asked.", .fallback = false, .source = "an assumption"});
  read_check_fields(r, c, keepalived_defaults(c.sees_errors),
                    "keepalived.conf(5): delay_loop 60, counted from the end of a check, "
                    "connect_timeout 5, retry 1, delay_before_retry 1; for http_get rise 2, "
                    "delay_before_retry 3");
  r.duration("warmup", c.warmup,
             {.help = "The first check of each machine is at random within this; without it, "
                      "within the interval."});
  c.from_end = true;
}

void read_timeouts(Reader& r, LvsTierConfig& c) {
  const std::string source = "ipvsadm(8), --set: 900 120 300";
  r.duration("tcp_timeout", c.tcp_timeout,
             {.help = "Of an established connection's entry without packets.",
              .min = seconds(1),
              .fallback = c.tcp_timeout,
              .source = source});
  r.duration("fin_timeout", c.fin_timeout,
             {.help = "Of a closed connection's entry.",
              .min = seconds(1),
              .fallback = c.fin_timeout,
              .source = source});
}

void read_persistence(Reader& r, LvsTierConfig& c) {
  const std::string source = "keepalived.conf(5), persistence_timeout, persistence_granularity";
  r.duration("persistence_timeout", c.persistence_timeout,
             {.help = "A client's new connections go to the server of its last one until this long "
                      "after it (ipvsadm -p); 0s: every connection is scheduled.",
              .fallback = c.persistence_timeout,
              .source = source});
  r.integer("persistence_prefix", c.persistence_prefix,
            {.help = "Bits of the address that make a client the same: 24 keeps networks together.",
             .min = 1,
             .max = 32,
             .fallback = c.persistence_prefix,
             .source = source});
}

}  // namespace

void read_lvs(Reader& r, TierConfig& tier) {
  auto& c = tier.device.emplace<LvsTierConfig>();
  read_next(r, tier);
  r.choice("mode", c.mode,
           {{"dr", LvsMode::dr, "direct routing: responses bypass the director."},
            {"nat", LvsMode::nat, "addresses are rewritten: responses come back through it."},
            {"tun", LvsMode::tun, "IP in IP: responses bypass it, servers may be elsewhere."}},
           {.help = "How packets reach the machines behind.", .fallback = c.mode});
  read_method(r, "scheduler", "ipvs", c.scheduler,
              {.help = "Scheduler, as ipvsadm -s spells it.",
               .fallback = c.scheduler,
               .source = "ipvsadm(8): wlc is the default"});
  r.integer("directors", c.directors,
            {.help = "Machines; one holds the virtual address, the others stand by.",
             .min = 1,
             .max = kVrrpNodesMax,
             .fallback = c.directors});
  r.integer("cores", c.cores,
            {.help = "Cores of a director that handle packets.",
             .min = 1,
             .max = 1024,
             .fallback = c.cores});
  r.duration("packet_cpu", c.packet_cpu,
             {.help = "CPU for one packet that a director handles.",
              .max = milliseconds(10),
              .fallback = microseconds(1),
              .source = "derived: one core drops 1.7 million packets/s before routing and 0.6 "
                        "million after it (Majkowski, \"How to drop 10 million packets per "
                        "second\", Cloudflare 2018), IPVS stands in between; Maglev needs 350 ns "
                        "in user space (Eisenbud et al., NSDI 2016)"});
  read_nic(r, c.nic);
  r.integer("arms", c.arms,
            {.help = "Cards of a director: 1, or 2, of which one faces the clients and one the "
                     "machines behind. With NAT a single card carries everything twice.",
             .min = 1,
             .max = 2,
             .fallback = c.arms});
  r.boolean("sync", c.sync,
            {.help = "Connections are synchronised to the directors that stand by "
                     "(ipvsadm --start-daemon), so that they survive a failover.",
             .fallback = c.sync,
             .source = "ipvsadm(8): off unless started"});
  r.table(
      "vrrp", [&](Reader& t) { read_vrrp(t, c.vrrp, c.directors); },
      TableField{.help = "Who holds the virtual address."});
  r.boolean("sloppy_tcp", c.sloppy_tcp,
            {.help = "A packet of a connection that the director does not know is scheduled as "
                     "the first of one is; with sh or mh that gives the same server. Else it is "
                     "reset.",
             .fallback = c.sloppy_tcp,
             .source = "ipvs-sysctl: 0"});
  r.optional_table(
      "check", [&](Reader& t) { read_keepalived_check(t, c.check); },
      {.help = "Keepalived's checks of the machines behind. Without this table nobody checks."});
  r.boolean("inhibit_on_failure", c.inhibit_on_failure,
            {.help = "A machine that fails its checks stays with weight 0, so that its "
                     "connections go on; else it is removed, and their packets are dropped.",
             .fallback = c.inhibit_on_failure,
             .source = "keepalived.conf(5)"});
  read_timeouts(r, c);
  read_persistence(r, c);
  r.count("connections_max", c.connections_max,
          {.help = "Entries in the connection table; 0: no limit.",
           .max = 4'000'000'000,
           .fallback = 0});
  read_cost(r, c.cost);
}

}  // namespace lbsim::scenario
