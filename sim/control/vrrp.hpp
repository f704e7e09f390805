// Who holds a virtual address and who hears its packets, as keepalived has it: VRRP version 2 (RFC
// 3768, sections 6.1 and 6.4) or 3 (RFC 5798), by the arithmetic of its timers, without
// advertisements. A backup takes over when it has heard none for
//   Master_Down_Interval = 3 * Advertisement_Interval + Skew_Time,
//   Skew_Time = (256 - priority) / 256 s, with version 3 of an Advertisement_Interval,
// of a master that ends in good order (priority 0) after Skew_Time. A backup that may preempt
// ignores the advertisements of a lower priority, so it takes over one such interval after it
// starts.
//
// A machine holds the address for as long as its kernel has it: keepalived puts it there and takes
// it away, and nobody does where all of keepalived was killed. More than one machine may hold it.
// The LAN sends its packets to the one that announced itself last (gratuitous ARP): at a take-over,
// and when a master hears of a lower priority (keepalived.conf(5), garp_lower_prio_repeat). If that
// machine is silent, the LAN asks again after `arp_timeout`, and one that holds it answers.
#pragma once

#include <optional>
#include <vector>

#include "devices/config.hpp"

namespace lbsim {

inline constexpr int kNobody = -1;

class Vrrp {
 public:
  enum class What : std::uint8_t { takes, drops, is_asked };
  struct Change {
    int node;
    What what;  // holds the address, holds it no more; hears its packets again without a take-over
  };

  // All nodes are up and the highest priority holds the address; the first that is named wins a
  // tie. Its advertisements go out at `phase` and every interval after.
  Vrrp(const VrrpConfig& config, Time phase);

  // Whom the packets to the address reach; kNobody: none that holds it.
  int holder() const { return answers(announced_) ? announced_ : kNobody; }
  bool holds(int node) const { return members_[static_cast<std::size_t>(node)].holds; }
  // Does its keepalived run, or will it within its start? Else nobody checks from there.
  bool is_kept(int node) const;
  // Do the machines hear each other?
  bool hear(int a, int b) const;

  // What happens to a node. The machine loses power, ends in good order, has power again.
  void crashed(int node, Time now);
  void stopped(int node, Time now);
  void returned(int node, Time now);
  void link_changed(int node, bool up, Time now);
  // All processes of keepalived are killed: its kernel keeps the address.
  void killed(int node, Time now);
  // The one that speaks VRRP is killed; the parent starts another.
  void child_killed(int node, Time now);
  // Keepalived ends in good order, and starts again.
  void ended(int node, Time now);
  void started(int node, Time now);
  // Whether its advertisements and those of the others to it are lost.
  void cut(int node, bool lost, Time now);

  // When something will happen of itself, if nothing else does before.
  std::optional<Time> next() const;
  // It happens. Call at that time, then ask next() again: there may be more at the same time.
  void happen(Time now);
  // What has changed since this was asked last, in order.
  std::vector<Change> take_changes();

  Duration skew(int node) const;
  Duration master_down_interval(int node) const;

 private:
  struct Member {
    int priority = 100;
    bool powered = true;
    bool linked = true;
    bool cut = false;
    bool runs = true;  // its VRRP process, and it has started
    bool holds = false;
    bool is_master = false;
    int heeds = kNobody;    // the master whose advertisements keep it a backup
    Time starts = kNever;   // when its VRRP process will have started
    Time listens{};         // since when it has been a backup
    Time expires = kNever;  // its Master_Down_Timer, while it heeds nobody
    Time advertises{};      // master: at this time and every interval after
  };
  struct Step {  // what happens next of itself
    enum Kind : std::uint8_t { none, start, expire, settle, meet, ask };
    Time at = kNever;
    Kind kind = none;
    int node = kNobody;
  };
  struct Meeting {  // of two masters: one hears the other's advertisement
    Time at = kNever;
    int sender = kNobody;
    int hearer = kNobody;
  };

  Member& at(int node) { return members_[static_cast<std::size_t>(node)]; }
  const Member& at(int node) const { return members_[static_cast<std::size_t>(node)]; }
  int size() const { return static_cast<int>(members_.size()); }

  bool is_active(int node) const;
  bool answers(int node) const;
  bool outranks(int a, int b) const;
  bool would_heed(int node, int master, Time now) const;
  int master_to_heed(int node, Time now) const;
  Time end_of_delay(int node) const;
  Time last_advert(int master, Time now) const;
  Meeting next_meeting() const;
  int best_that_answers() const;
  Step next_step() const;

  void set_holds(int node, bool holds);
  void become_backup(int node, Time now);
  void become_master(int node, Time now);
  void leave(int node, bool goodbye, Time now);
  void start_process(int node, Time now);
  void meet(const Meeting& meeting, Time now);
  void announce(int node);
  void settle(Time now);

  VrrpConfig config_;
  std::vector<Member> members_;
  int announced_ = kNobody;
  Time silent_since_ = kNever;  // the one that announced itself last
  Time met_{};                  // since when two masters may hear each other
  std::vector<Change> changes_;
};

}  // namespace lbsim
