#include "control/vrrp.hpp"

#include <algorithm>

namespace lbsim {

Vrrp::Vrrp(const VrrpConfig& config, Time phase) : config_(config), advert_phase_(phase) {
  for (const int priority : config.priorities) members_.push_back({priority, true, phase, false});
  const auto best = std::max_element(
      members_.begin(), members_.end(),
      [](const Member& a, const Member& b) { return a.priority < b.priority; });
  holder_ = static_cast<int>(best - members_.begin());
}

Duration Vrrp::skew(int node) const {
  const std::int64_t share = 256 - members_[static_cast<std::size_t>(node)].priority;
  const Duration unit = config_.version == 2 ? seconds(1) : config_.advert_interval;
  return Duration{unit.count() / 256 * share};
}

Duration Vrrp::master_down_interval(int node) const {
  return 3 * config_.advert_interval + skew(node);
}

std::optional<Vrrp::Takeover> Vrrp::next_takeover() const {
  std::optional<Takeover> best;
  for (int node = 0; node < static_cast<int>(members_.size()); ++node) {
    const Member& member = members_[static_cast<std::size_t>(node)];
    if (!member.up || node == holder_) continue;
    const bool may_preempt =
        holder_ != kNobody && config_.preempt &&
        member.priority > members_[static_cast<std::size_t>(holder_)].priority;
    if (holder_ != kNobody && !may_preempt) continue;
    const Time at = member.listening_since +
                    (member.master_said_goodbye ? skew(node) : master_down_interval(node));
    if (!best || at < best->at) best = Takeover{at, node};
  }
  return best;
}

std::optional<Vrrp::Takeover> Vrrp::left(int node, Time last_word, bool goodbye) {
  members_[static_cast<std::size_t>(node)].up = false;
  if (node == holder_) {
    holder_ = kNobody;
    for (Member& member : members_) {
      member.listening_since = std::max(member.listening_since, last_word);
      member.master_said_goodbye = goodbye && member.up;
    }
  }
  return next_takeover();
}

std::optional<Vrrp::Takeover> Vrrp::crashed(int node, Time now) {
  const auto adverts = (now - advert_phase_) / config_.advert_interval;
  return left(node, advert_phase_ + adverts * config_.advert_interval, false);
}

std::optional<Vrrp::Takeover> Vrrp::stopped(int node, Time now) { return left(node, now, true); }

std::optional<Vrrp::Takeover> Vrrp::returned(int node, Time now) {
  Member& member = members_[static_cast<std::size_t>(node)];
  member.up = true;
  member.listening_since = now;
  member.master_said_goodbye = false;
  return next_takeover();
}

std::optional<Vrrp::Takeover> Vrrp::taken(int node, Time now) {
  holder_ = node;
  advert_phase_ = now;
  for (Member& member : members_) {
    member.listening_since = now;
    member.master_said_goodbye = false;
  }
  return next_takeover();
}

}  // namespace lbsim
