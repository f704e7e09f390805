#include "scenario/machine_readers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenario/money.hpp"

namespace lbsim::scenario {

void read_nic(Reader& r, NicConfig& nic) {
  r.bandwidth("nic", nic.bytes_per_s,
              {.help = "Bandwidth of each machine's network card, each way.",
               .fallback = nic.bytes_per_s,
               .source = "10GBASE, IEEE 802.3: what servers have had on board since about 2012"});
}

void read_cost(Reader& r, CostConfig& cost) {
  r.parsed("price", cost.price_cny,
           {.help = "What one machine costs to buy.",
            .form = "amount in CNY",
            .example = "12000 CNY",
            .parse = parse_price,
            .fallback = "0 CNY"});
  r.parsed("rent", cost.rent_cny_per_year,
           {.help = "What one machine costs to run: rent, rack, power.",
            .form = "amount in CNY/year or CNY/month",
            .example = "6000 CNY/year",
            .parse = parse_rent,
            .fallback = "0 CNY/year"});
}

void read_next(Reader& r, TierConfig& tier) {
  r.text("next", tier.next, {.help = "Name of the tier behind, to which requests go."});
}

void read_check_fields(Reader& r, HealthCheckConfig& c, const HealthCheckConfig& defaults,
                       const std::string& source) {
  r.boolean("enabled", c.enabled, {.help = "Turns the checks off when false.", .fallback = true});
  r.duration("interval", c.interval,
             {.help = "From one check of a machine to the next.",
              .min = milliseconds(1),
              .fallback = defaults.interval,
              .source = source});
  r.duration("timeout", c.timeout,
             {.help = "A check without an answer for this long has failed.",
              .min = milliseconds(1),
              .fallback = defaults.timeout,
              .source = source});
  r.integer("fall", c.fall,
            {.help = "Failed checks in a row that take a machine out.",
             .min = 1,
             .max = 1000,
             .fallback = defaults.fall,
             .source = source});
  r.integer("rise", c.rise,
            {.help = "Good checks in a row that put it back.",
             .min = 1,
             .max = 1000,
             .fallback = defaults.rise,
             .source = source});
  r.duration("retry_interval", c.retry_interval,
             {.help = "From a failed check to the next; 0s: the interval.",
              .fallback = defaults.retry_interval,
              .source = source});
  r.list("first", c.first, DurationField{.max = seconds(86400)},
         {.help = "From the begin of the window to the first check of each machine behind; empty: "
                  "at random, within an interval.",
          .fallback = defaults.first});
}

void read_check(Reader& r, std::string_view name, HealthCheckConfig& out,
                HealthCheckConfig defaults, const std::string& help, const std::string& source) {
  r.optional_table(name, [&](Reader& t) { read_check_fields(t, out, defaults, source); },
                   {.help = help});
}

namespace {

void read_vrrp_surroundings(Reader& r, VrrpConfig& vrrp) {
  const std::string measured =
      "measured with keepalived 2.2.7 on a machine of 500 million instructions/s";
  r.duration("start", vrrp.start,
             {.help = "From the start of keepalived until it listens.",
              .max = seconds(60),
              .fallback = vrrp.start,
              .source = measured});
  r.duration("respawn", vrrp.respawn,
             {.help = "From the end of its VRRP process until another, started by its parent, "
                      "listens.",
              .max = seconds(60),
              .fallback = vrrp.respawn,
              .source = measured});
  r.duration("arp_timeout", vrrp.arp_timeout,
             {.help = "The LAN's router sends packets for so long to a machine that has dropped "
                      "the address, unless another announces itself (gratuitous ARP).",
              .max = seconds(4 * 3600),
              .fallback = vrrp.arp_timeout,
              .source = "Linux, arp(7): on average half of base_reachable_time, 30 s, then "
                        "delay_first_probe_time, 5 s, and ucast_solicit, 3, once a second"});
}

// Version 2 has a byte of seconds for it, version 3 twelve bits of hundredths.
void check_advert_interval(Reader& r, const VrrpConfig& vrrp) {
  const Duration unit = vrrp.version == 2 ? seconds(1) : milliseconds(10);
  const Duration most = vrrp.version == 2 ? seconds(255) : milliseconds(40'950);
  if (vrrp.advert_interval % unit == Duration{} && vrrp.advert_interval <= most) return;
  r.fail("advert_interval", fmt::format("cannot be sent by VRRP version {}", vrrp.version),
         vrrp.version == 2
             ? "whole seconds up to 255 (RFC 3768, 5.3.7), or write version = 3"
             : "hundredths of a second up to 40.95 (RFC 5798, 5.2.7); version 2 takes whole "
               "seconds up to 255");
}

}  // namespace

void read_vrrp(Reader& r, VrrpConfig& vrrp, int nodes) {
  const std::string source = "keepalived.conf(5)";
  r.integer("version", vrrp.version,
            {.help = "2 (RFC 3768) or 3 (RFC 5798).",
             .min = 2,
             .max = 3,
             .fallback = vrrp.version,
             .source = source});
  r.duration("advert_interval", vrrp.advert_interval,
             {.help = "Between advertisements of the machine that holds the address.",
              .min = milliseconds(10),
              .max = seconds(255),
              .fallback = vrrp.advert_interval,
              .source = source});
  vrrp.priorities.clear();
  r.list("priorities", vrrp.priorities, IntegerField{.min = 1, .max = 254},
         {.help = "One for each machine, the highest holds the address; empty: 100, 90, 80 ...",
          .max_size = kVrrpNodesMax,
          .fallback = vrrp.priorities});
  r.boolean("preempt", vrrp.preempt,
            {.help = "A machine that comes back takes the address from one of lower priority.",
             .fallback = vrrp.preempt,
             .source = source});
  r.duration("preempt_delay", vrrp.preempt_delay,
             {.help = "It waits so much longer before it does.",
              .max = seconds(1000),
              .fallback = vrrp.preempt_delay,
              .source = source});
  read_vrrp_surroundings(r, vrrp);
  check_advert_interval(r, vrrp);
  if (vrrp.priorities.empty()) {
    for (int i = 0; i < nodes; ++i) vrrp.priorities.push_back(std::max(1, 100 - 10 * i));
  }
  const auto given = static_cast<int>(vrrp.priorities.size());
  if (given != nodes) {
    r.fail("priorities", fmt::format("has {} numbers for {} machines", given, nodes),
           "give one number for each machine of the tier");
  }
}

}  // namespace lbsim::scenario
