// Who holds a virtual address, by the arithmetic of VRRP version 2 (RFC 3768 sections 6.1 and 6.4):
// a backup takes over when it has heard no advertisement for
//   Master_Down_Interval = 3 * Advertisement_Interval + Skew_Time, Skew_Time = (256 - priority) /
//   256 s,
// of a master that stops in good order (priority 0) after Skew_Time. A backup that may preempt
// ignores the advertisements of a lower priority, so it takes over one such interval after it
// starts. RFC 5798 scales the skew by the interval; with version 3, so does this.
#pragma once

#include <optional>
#include <vector>

#include "devices/config.hpp"

namespace lbsim {

inline constexpr int kNobody = -1;

class Vrrp {
 public:
  struct Takeover {
    Time at;
    int node;
  };

  // All nodes are up and the highest priority holds the address; the first that is named wins a
  // tie. Its advertisements go out at `phase` and every interval after.
  Vrrp(const VrrpConfig& config, Time phase);

  int holder() const { return holder_; }

  // A machine dies without a word, ends in good order, or comes back. Each returns the take-over
  // that follows if nothing else happens before.
  std::optional<Takeover> crashed(int node, Time now);
  std::optional<Takeover> stopped(int node, Time now);
  std::optional<Takeover> returned(int node, Time now);
  // The take-over that was predicted happens. Returns the next one, if any.
  std::optional<Takeover> taken(int node, Time now);

  Duration skew(int node) const;
  Duration master_down_interval(int node) const;

 private:
  struct Member {
    int priority = 100;
    bool up = true;
    Time listening_since{};  // start, or the last advertisement that counted
    bool master_said_goodbye = false;
  };

  std::optional<Takeover> left(int node, Time last_word, bool goodbye);
  std::optional<Takeover> next_takeover() const;

  VrrpConfig config_;
  std::vector<Member> members_;
  int holder_ = kNobody;
  Time advert_phase_;
};

}  // namespace lbsim
