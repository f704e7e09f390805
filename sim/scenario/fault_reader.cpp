#include "scenario/fault_reader.hpp"

namespace lbsim::scenario {
namespace {

void read_node(Reader& r, FaultEntry& entry) {
  r.text("node", entry.fault.node,
         {.help = "The machine: its tier's name and its number from 1 on, such as vip.1."});
}

void read_lasts(Reader& r, FaultEntry& entry) {
  r.duration("lasts", entry.lasts,
             {.help = "How long; without it, to the end of the run.", .min = microseconds(1)});
}

void read_lasting(Reader& r, FaultEntry& entry) {
  read_node(r, entry);
  read_lasts(r, entry);
}

void read_slow(Reader& r, FaultEntry& entry) {
  read_lasting(r, entry);
  r.real("factor", entry.fault.factor,
         {.help = "What remains of the speed or bandwidth.", .above = 0, .max = 1});
}

Kind<FaultEntry> kind(FaultKind which, std::string name, std::string help,
                      void (*read_fields)(Reader&, FaultEntry&)) {
  return {std::move(name), std::move(help), [=](Reader& r, FaultEntry& entry) {
            entry.fault.kind = which;
            read_fields(r, entry);
          }};
}

const std::vector<Kind<FaultEntry>>& catalog() {
  using enum FaultKind;
  static const std::vector<Kind<FaultEntry>> kinds{
      kind(crash, "crash", "The machine loses power: nothing answers any more.", read_lasting),
      kind(stop, "stop", "The program ends: connections are reset and refused.", read_lasting),
      kind(repair, "repair", "The machine is back after a crash or stop, empty.", read_node),
      kind(slow, "slow", "Its processor works at a part of its speed.", read_slow),
      kind(link_down, "link-down", "Its network cable is pulled.", read_lasting),
      kind(link_up, "link-up", "Its network cable is plugged in again.", read_node),
      kind(link_slow, "link-slow", "Its network card has a part of its bandwidth.", read_slow),
  };
  return kinds;
}

FaultKind opposite(FaultKind kind) {
  switch (kind) {
    case FaultKind::crash:
    case FaultKind::stop:
      return FaultKind::repair;
    case FaultKind::link_down:
      return FaultKind::link_up;
    default:
      return kind;  // slow and link_slow with factor 1
  }
}

}  // namespace

void read(Reader& r, FaultEntry& entry) {
  Duration at{};
  r.clock("at", at, {.help = "Time of day at which it happens."});
  entry.fault.at = kTimeZero + at;
  r.by_kind("kind", catalog(), entry, {.help = "What happens."});
}

std::vector<FaultConfig> faults_of(const std::vector<FaultEntry>& entries) {
  std::vector<FaultConfig> faults;
  for (const FaultEntry& entry : entries) {
    faults.push_back(entry.fault);
    if (!entry.lasts) continue;
    faults.push_back(
        {entry.fault.at + *entry.lasts, entry.fault.node, opposite(entry.fault.kind), 1.0});
  }
  return faults;
}

}  // namespace lbsim::scenario
