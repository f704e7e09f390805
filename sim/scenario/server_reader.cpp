#include <fmt/format.h>

#include "scenario/machine_readers.hpp"
#include "scenario/tier_readers.hpp"

namespace lbsim::scenario {
namespace {

void read_group(Reader& r, ServerGroupConfig& c) {
  r.text("name", c.name, {.help = "Of the group.", .fallback = "servers"});
  r.integer("count", c.count, {.help = "Machines.", .min = 1, .max = kMachinesMax});
  r.integer("cores", c.cores,
            {.help = "Cores of one machine.", .min = 1, .max = 4096, .fallback = c.cores});
  r.real("speed", c.speed,
         {.help = "Of one core; service times are of a core of speed 1.",
          .above = 0,
          .max = 1000,
          .fallback = c.speed});
  r.integer("weight", c.weight,
            {.help = "Of one machine, in every method that takes weights.",
             .min = 1,
             .max = 256,
             .fallback = c.weight,
             .source = "256 is HAProxy's most"});
  r.integer("maxconn", c.maxconn,
            {.help = "Requests that one proxy sends to one machine of the group at once; 0: what "
                     "the proxy's tier says for all.",
             .max = 1'000'000'000,
             .fallback = c.maxconn});
  r.count("backlog", c.backlog,
          {.help = "Requests that may wait at one machine of the group; without it, the tier's.",
           .max = 1'000'000'000});
  read_nic(r, c.nic);
  read_cost(r, c.cost);
}

// Shares `machines` out to the groups in the proportion of their counts: each in turn to the group
// that is furthest behind (D'Hondt), so one machine more takes none from any group. Groups that get
// none are left out.
void share_out(std::int64_t machines, std::vector<ServerGroupConfig>& groups) {
  std::vector<std::int64_t> counts(groups.size(), 0);
  for (; machines > 0; --machines) {
    std::size_t next = 0;
    for (std::size_t i = 1; i < groups.size(); ++i) {
      // count / (seats + 1), compared without division
      if (groups[i].count * (counts[next] + 1) > groups[next].count * (counts[i] + 1)) next = i;
    }
    ++counts[next];
  }
  for (std::size_t i = 0; i < groups.size(); ++i) groups[i].count = static_cast<int>(counts[i]);
  std::erase_if(groups, [](const ServerGroupConfig& group) { return group.count == 0; });
}

}  // namespace

void read_servers(Reader& r, TierConfig& tier) {
  auto& c = tier.device.emplace<ServerTierConfig>();
  r.tables("groups", [&](Reader& t) { read_group(t, c.groups.emplace_back()); },
           {.help = "Machines that are alike.", .min_size = 1, .max_size = 1000});
  std::int64_t count = 0;
  r.integer(
      "count", count,
      {.help = "Machines in all, which the groups share in the proportion of their counts; 0: "
               "as the groups say.",
       .min = 0,
       .max = kMachinesMax,
       .fallback = 0});
  if (r.ok() && count > 0 && !c.groups.empty()) share_out(count, c.groups);
  r.choice("discipline", c.discipline,
           {{"fifo", kernel::Discipline::fifo, "workers take requests first come, first served."},
            {"ps", kernel::Discipline::ps, "all requests share the cores at once."}},
           {.help = "How a machine works on its requests.", .fallback = c.discipline});
  r.count("backlog", c.backlog,
          {.help = "Requests that may wait at a machine.",
           .max = 1'000'000'000,
           .fallback = c.backlog,
           .source = "listen backlog of nginx and Apache httpd: 511"});
  r.choice(
      "when_full", c.when_full,
      {{"refuse", WhenFull::refuse, "the connection is refused, and a proxy may try elsewhere."},
       {"503", WhenFull::answer_503, "it is answered with status 503 at once."}},
      {.help = "What becomes of a request that finds the backlog full.", .fallback = c.when_full});
  r.count("workers", c.workers,
          {.help = "Requests that a machine works on at once; 0: as many as it has cores.",
           .max = 1'000'000,
           .fallback = c.workers});
  r.duration("client_keepalive", c.client_keepalive,
             {.help = "Idle client connections are closed after this.",
              .fallback = c.client_keepalive,
              .source = "nginx, keepalive_timeout"});
  std::int64_t machines = 0;
  for (const ServerGroupConfig& group : c.groups) machines += group.count;
  if (r.ok() && machines > kMachinesMax) {
    r.fail("groups", fmt::format("are {} machines in all", machines),
           fmt::format("a tier has at most {}", kMachinesMax));
  }
}

}  // namespace lbsim::scenario
