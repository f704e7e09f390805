#include "control/vrrp.hpp"

#include <algorithm>
#include <utility>

namespace lbsim {

Vrrp::Vrrp(const VrrpConfig& config, Time phase) : config_(config), met_(phase) {
  for (const int priority : config.priorities) {
    Member member;
    member.priority = priority;
    member.listens = member.advertises = phase;
    members_.push_back(member);
  }
  announced_ = 0;
  for (int node = 1; node < size(); ++node) {
    if (outranks(node, announced_)) announced_ = node;
  }
  at(announced_).is_master = at(announced_).holds = true;
  settle(phase);
}

Duration Vrrp::skew(int node) const {
  const std::int64_t share = 256 - at(node).priority;
  const Duration unit = config_.version == 2 ? seconds(1) : config_.advert_interval;
  return Duration{unit.count() / 256 * share};
}

Duration Vrrp::master_down_interval(int node) const {
  return 3 * config_.advert_interval + skew(node);
}

bool Vrrp::is_kept(int node) const {
  const Member& member = at(node);
  return member.powered && (member.runs || member.starts != kNever);
}

// Does its keepalived take part in elections?
bool Vrrp::is_active(int node) const {
  const Member& member = at(node);
  return member.powered && member.linked && member.runs;
}

bool Vrrp::answers(int node) const {
  return node != kNobody && at(node).holds && at(node).powered && at(node).linked;
}

bool Vrrp::hear(int a, int b) const {
  const auto is_there = [this](int node) {
    return at(node).powered && at(node).linked && !at(node).cut;
  };
  return a == b || (is_there(a) && is_there(b));
}

// Equal priorities: the higher address wins (RFC 3768, 6.4.3); the first that is named has it.
bool Vrrp::outranks(int a, int b) const {
  return at(a).priority != at(b).priority ? at(a).priority > at(b).priority : a < b;
}

// A backup that may preempt ignores lower priorities: at once, or after preempt_delay.
Time Vrrp::end_of_delay(int node) const { return at(node).listens + config_.preempt_delay; }

bool Vrrp::would_heed(int node, int master, Time now) const {
  if (!is_active(master) || !at(master).is_master || !hear(node, master)) return false;
  // Equal priorities do not preempt each other.
  return at(master).priority >= at(node).priority || !config_.preempt || now < end_of_delay(node);
}

int Vrrp::master_to_heed(int node, Time now) const {
  int found = kNobody;
  for (int master = 0; master < size(); ++master) {
    if (master == node || !would_heed(node, master, now)) continue;
    if (found == kNobody || outranks(master, found)) found = master;
  }
  return found;
}

Time Vrrp::last_advert(int master, Time now) const {
  const Time first = at(master).advertises;
  return first + (now - first) / config_.advert_interval * config_.advert_interval;
}

void Vrrp::set_holds(int node, bool holds) {
  if (at(node).holds == holds) return;
  at(node).holds = holds;
  changes_.push_back({node, holds ? What::takes : What::drops});
}

void Vrrp::announce(int node) {
  if (announced_ != node && at(node).holds) changes_.push_back({node, What::is_asked});
  announced_ = node;
}

void Vrrp::become_backup(int node, Time now) {
  Member& member = at(node);
  set_holds(node, false);
  member.is_master = false;
  member.heeds = kNobody;
  member.listens = now;
  member.expires = now + master_down_interval(node);
}

// Its first advertisement goes out at once, and whoever is master and hears it gives way.
void Vrrp::become_master(int node, Time now) {
  Member& member = at(node);
  member.is_master = true;
  member.heeds = kNobody;
  member.expires = kNever;
  member.advertises = now;
  announced_ = node;
  set_holds(node, true);
  for (int other = 0; other < size(); ++other) {
    if (other == node || !is_active(other) || !at(other).is_master || !hear(node, other)) continue;
    meet({now, node, other}, now);
  }
}

// Of two masters the lower goes. If it is the higher that hears the other, it advertises at once
// and announces itself anew (keepalived.conf(5), lower_prio_no_advert, garp_lower_prio_repeat); if
// it is the lower, nobody does (higher_prio_send_advert is off).
void Vrrp::meet(const Meeting& meeting, Time now) {
  const bool hearer_stays = outranks(meeting.hearer, meeting.sender);
  become_backup(hearer_stays ? meeting.sender : meeting.hearer, now);
  if (hearer_stays) announce(meeting.hearer);
}

// Its VRRP process is no longer there or cannot be heard. Good bye is an advertisement of priority
// 0 (RFC 3768, 6.4.2): backups wait for a Skew_Time more.
void Vrrp::leave(int node, bool goodbye, Time now) {
  if (goodbye && is_active(node) && at(node).is_master) {
    for (int other = 0; other < size(); ++other) {
      if (other == node || !is_active(other) || at(other).is_master || !hear(node, other)) continue;
      at(other).heeds = kNobody;
      at(other).expires = now + skew(other);
    }
  }
  at(node).is_master = false;
  at(node).heeds = kNobody;
  at(node).expires = kNever;
}

void Vrrp::crashed(int node, Time now) {
  leave(node, false, now);
  at(node).powered = at(node).runs = at(node).holds = false;
  at(node).starts = kNever;
  settle(now);
}

void Vrrp::stopped(int node, Time now) {
  leave(node, true, now);
  at(node).powered = at(node).runs = at(node).holds = false;
  at(node).starts = kNever;
  settle(now);
}

void Vrrp::returned(int node, Time now) {
  at(node).powered = true;
  at(node).starts = now + config_.start;
  settle(now);
}

void Vrrp::link_changed(int node, bool up, Time now) {
  Member& member = at(node);
  if (!up) {
    leave(node, false, now);
    if (member.runs) set_holds(node, false);  // keepalived's FAULT state
  }
  member.linked = up;
  if (up && member.runs) become_backup(node, now);
  settle(now);
}

void Vrrp::killed(int node, Time now) {
  leave(node, false, now);
  at(node).runs = false;
  at(node).starts = kNever;
  settle(now);
}

void Vrrp::child_killed(int node, Time now) {
  if (!at(node).runs) return;
  killed(node, now);
  at(node).starts = now + config_.respawn;
}

void Vrrp::ended(int node, Time now) {
  if (at(node).runs) {
    leave(node, true, now);
    set_holds(node, false);
  }
  at(node).runs = false;
  at(node).starts = kNever;
  settle(now);
}

void Vrrp::started(int node, Time now) {
  if (at(node).powered && !is_kept(node)) at(node).starts = now + config_.start;
}

void Vrrp::cut(int node, bool lost, Time now) {
  at(node).cut = lost;
  met_ = now;
  settle(now);
}

// A started VRRP process takes away the address that an earlier one has left, and listens.
void Vrrp::start_process(int node, Time now) {
  at(node).starts = kNever;
  at(node).runs = true;
  set_holds(node, false);
  if (at(node).linked) become_backup(node, now);
}

// Whom each backup heeds now, and from when the last advertisement that it heeded was.
void Vrrp::settle(Time now) {
  for (int node = 0; node < size(); ++node) {
    Member& member = at(node);
    if (!is_active(node) || member.is_master) continue;
    const int before = member.heeds;
    member.heeds = master_to_heed(node, now);
    if (member.heeds != kNobody) {
      member.expires = kNever;
    } else if (before != kNobody) {
      const bool delay_over = is_active(before) && at(before).is_master && hear(node, before);
      const Time last = delay_over ? now : std::max(member.listens, last_advert(before, now));
      member.expires = last + master_down_interval(node);
    }
  }
  if (answers(announced_)) {
    silent_since_ = kNever;
  } else if (silent_since_ == kNever) {
    silent_since_ = now;
  }
}

// The next advertisement of either of two masters that hear each other.
Vrrp::Meeting Vrrp::next_meeting() const {
  Meeting first;
  for (int sender = 0; sender < size(); ++sender) {
    if (!is_active(sender) || !at(sender).is_master) continue;
    const Duration since = std::max(met_ - at(sender).advertises, Duration{0});
    const auto adverts =
        (since + config_.advert_interval - picoseconds(1)) / config_.advert_interval;
    const Time next = at(sender).advertises + adverts * config_.advert_interval;
    for (int hearer = 0; hearer < size(); ++hearer) {
      const bool meets =
          hearer != sender && is_active(hearer) && at(hearer).is_master && hear(sender, hearer);
      if (meets && next < first.at) first = {next, sender, hearer};
    }
  }
  return first;
}

int Vrrp::best_that_answers() const {
  int best = kNobody;
  for (int node = 0; node < size(); ++node) {
    if (answers(node) && (best == kNobody || outranks(node, best))) best = node;
  }
  return best;
}

Vrrp::Step Vrrp::next_step() const {
  Step first;
  const auto propose = [&first](Time at, Step::Kind kind, int node) {
    if (at < first.at) first = {at, kind, node};
  };
  for (int node = 0; node < size(); ++node) {
    const Member& member = at(node);
    if (member.starts != kNever) propose(member.starts, Step::start, node);
    if (!is_active(node) || member.is_master) continue;
    if (member.heeds == kNobody) {
      propose(member.expires, Step::expire, node);
    } else if (config_.preempt && member.priority > at(member.heeds).priority) {
      propose(end_of_delay(node), Step::settle, node);
    }
  }
  propose(next_meeting().at, Step::meet, kNobody);
  if (silent_since_ != kNever && best_that_answers() != kNobody) {
    propose(silent_since_ + config_.arp_timeout, Step::ask, kNobody);
  }
  return first;
}

std::optional<Time> Vrrp::next() const {
  const Step step = next_step();
  if (step.kind == Step::none) return std::nullopt;
  return step.at;
}

void Vrrp::happen(Time now) {
  const Step step = next_step();
  if (step.at > now) return;
  switch (step.kind) {
    case Step::none:
      return;
    case Step::start:
      start_process(step.node, now);
      break;
    case Step::expire:
      become_master(step.node, now);
      break;
    case Step::meet:
      meet(next_meeting(), now);
      break;
    case Step::ask:
      announce(best_that_answers());
      break;
    case Step::settle:
      break;
  }
  settle(now);
}

std::vector<Vrrp::Change> Vrrp::take_changes() { return std::exchange(changes_, {}); }

}  // namespace lbsim
