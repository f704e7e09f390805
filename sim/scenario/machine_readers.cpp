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

namespace {

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

}  // namespace

void read_check(Reader& r, std::string_view name, HealthCheckConfig& out,
                HealthCheckConfig defaults, const std::string& help, const std::string& source) {
  r.optional_table(name, [&](Reader& t) { read_check_fields(t, out, defaults, source); },
                   {.help = help});
}

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
