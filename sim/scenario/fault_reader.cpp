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
      kind(errors, "errors", "A server answers every request with an error, at once.",
           read_lasting),
      kind(errors_end, "errors-end", "The server answers as it should again.", read_node),
      kind(keepalived_kill, "keepalived-kill",
           "All processes of keepalived are killed: the machine keeps the virtual address, and "
           "its backup takes it as well.",
           read_lasting),
      kind(keepalived_kill_parent, "keepalived-kill-parent",
           "Keepalived's parent process is killed: the others end in good order.", read_lasting),
      kind(keepalived_kill_vrrp, "keepalived-kill-vrrp",
           "The process of keepalived that speaks VRRP is killed: the parent starts another, which "
           "begins as a backup.",
           read_node),
      kind(keepalived_stop, "keepalived-stop",
           "Keepalived ends in good order: it drops the address and says so.", read_lasting),
      kind(keepalived_start, "keepalived-start", "Keepalived is started again.", read_node),
      kind(partition, "partition",
           "The machine and the others of its tier do not hear each other, clients hear all: two "
           "of them hold the address.",
           read_lasting),
      kind(partition_end, "partition-end", "They hear each other again.", read_node),
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
    case FaultKind::errors:
      return FaultKind::errors_end;
    case FaultKind::keepalived_kill:
    case FaultKind::keepalived_kill_parent:
    case FaultKind::keepalived_stop:
      return FaultKind::keepalived_start;
    case FaultKind::partition:
      return FaultKind::partition_end;
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
