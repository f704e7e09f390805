#include "scenario/fault.hpp"

#include "scenario/reader.hpp"

namespace lbsim::scenario {
namespace {

constexpr const char* kNodeHelp = "The tier or one of its members, such as vip or vip.1.";

void read_target(Reader& r, Fault& fault, std::string_view name, const std::string& help) {
  std::string target;
  r.text(name, target, {.help = help});
  fault.targets = {target};
  fault.location = r.location(name);
}

void read_node(Reader& r, Fault& fault) { read_target(r, fault, "node", kNodeHelp); }

void read_slow(Reader& r, Fault& fault) {
  read_node(r, fault);
  r.real("factor", fault.factor, {.help = "Speed that remains.", .above = 0, .max = 1});
}

void read_error(Reader& r, Fault& fault) {
  read_node(r, fault);
  r.percent("share", fault.share, {.help = "Requests answered with an error.", .fallback = 1.0});
}

void read_link(Reader& r, Fault& fault) { read_target(r, fault, "link", "The link's name."); }

void read_slow_link(Reader& r, Fault& fault) {
  read_link(r, fault);
  r.real("factor", fault.factor, {.help = "Bandwidth that remains.", .above = 0, .max = 1});
}

void read_zone(Reader& r, Fault& fault) { read_target(r, fault, "zone", "The zone's name."); }

void read_partition(Reader& r, Fault& fault) {
  r.list("nodes", fault.targets, TextField{},
         {.help = "Nodes that no longer reach any other node.", .min_size = 1});
  fault.location = r.location("nodes");
}

void read_flash_crowd(Reader& r, Fault& fault) {
  r.real("factor", fault.factor,
         {.help = "What arrivals are multiplied by.", .min = 1, .max = 1e4});
}

Kind<Fault> kind(FaultKind which, std::string name, std::string help,
                 void (*read_fields)(Reader&, Fault&)) {
  return {std::move(name), std::move(help), [=](Reader& r, Fault& fault) {
            fault.kind = which;
            read_fields(r, fault);
          }};
}

const std::vector<Kind<Fault>>& catalog() {
  using enum FaultKind;
  static const std::vector<Kind<Fault>> kinds{
      kind(crash, "crash", "The node stops without a word and restarts empty.", read_node),
      kind(hang, "hang", "The node accepts connections and answers nothing.", read_node),
      kind(slow, "slow", "The node works at a part of its speed.", read_slow),
      kind(error, "error", "The node answers with errors.", read_error),
      kind(link_down, "link-down", "The link carries nothing.", read_link),
      kind(link_slow, "link-slow", "The link has a part of its bandwidth.", read_slow_link),
      kind(zone_outage, "zone-outage", "Every node of the zone crashes.", read_zone),
      kind(partition, "partition", "Some nodes are cut off from all others.", read_partition),
      kind(flash_crowd, "flash-crowd", "More users than the day curve says.", read_flash_crowd),
      kind(dns_down, "dns-down", "The name servers answer nothing.", read_node),
  };
  return kinds;
}

}  // namespace

void read(Reader& r, Fault& fault) {
  r.clock("at", fault.at, {.help = "Time of day at which it begins."});
  r.duration("lasts", fault.lasts,
             {.help = "How long; without it, to the end of the run.", .min = microseconds(1)});
  r.by_kind("kind", catalog(), fault, {.help = "What happens."});
}

}  // namespace lbsim::scenario
