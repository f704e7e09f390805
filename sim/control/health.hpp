// When a health checker notices: one prober, one target, only the arithmetic of its clock. Checks
// whose verdict cannot change are skipped over, so a healthy target costs nothing.
//
// HAProxy (configuration manual, "check", "inter", "fall", "rise", "timeout check"): checks start
// `interval` apart; `fall` failed ones in a row take the server out, `rise` good ones put it back.
// keepalived (keepalived.conf(5), delay_loop, retry, delay_before_retry): after a failed attempt
// the next follows `retry_interval` after its end; retry + 1 failed attempts (fall) remove the
// server (TCP_CHECK, HTTP_GET). Its interval goes from the end of a check to the start of the next.
//
// A refused connection fails at once, a silent machine after `timeout`. A machine that comes back
// while a check waits hears the next SYN: 1, 3, 7 ... s after the first (RFC 6298).
#pragma once

#include <cstdint>
#include <optional>

#include "devices/config.hpp"

namespace lbsim {

// A check that asks by HTTP takes answers with errors for refusals.
enum class Reach : std::uint8_t { answers, refuses, silent };

class CheckClock {
 public:
  struct Flip {
    Time at;
    bool up;
  };

  // The first check starts at `first`; the target answers and is taken to be up.
  CheckClock(const HealthCheckConfig& config, Time first)
      : config_(config), next_(first), heard_(first) {}

  // From `now` on the target is `reach`. Returns when the verdict flips if nothing changes before.
  std::optional<Flip> target_changed(Reach reach, Time now);
  // Call at the time that the last prediction named.
  void flipped(Time now) { advance(now); }

  bool up() const { return up_; }

 private:
  bool agrees() const {
    return (reach_ == Reach::answers) == up_ && streak_ == 0 && heard_ == next_;
  }
  bool in_vain() const { return reach_ == Reach::silent || heard_ >= next_ + config_.timeout; }
  // Ends the next check; true if the verdict flipped.
  bool step();
  Time next_end() const;
  void advance(Time now);
  void start_next(Time at) { next_ = heard_ = at; }

  HealthCheckConfig config_;
  Time next_;   // start of the next check, or of that which waits
  Time heard_;  // when a target that is there hears it
  Reach reach_ = Reach::answers;
  bool up_ = true;
  int streak_ = 0;  // results in a row that contradict the verdict
};

}  // namespace lbsim
