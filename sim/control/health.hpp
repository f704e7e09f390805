// When a health checker notices: one prober, one target, only the arithmetic of its clock. Checks
// whose verdict cannot change are skipped over, so a healthy target costs nothing.
//
// HAProxy (configuration manual, "check", "inter", "fall", "rise", "timeout check"): checks start
// `interval` apart; `fall` failed ones in a row take the server out, `rise` good ones put it back.
// keepalived (keepalived.conf(5), delay_loop, retry, delay_before_retry): after a failed attempt
// the next follows `retry_interval` after its end; retry + 1 failed attempts (fall) remove the
// server. A refused connection fails at once, a silent machine after `timeout`.
#pragma once

#include <cstdint>
#include <optional>

#include "devices/config.hpp"

namespace lbsim {

enum class Reach : std::uint8_t { answers, refuses, silent };

class CheckClock {
 public:
  struct Flip {
    Time at;
    bool up;
  };

  // The first check starts at `first`; the target answers and is taken to be up.
  CheckClock(const HealthCheckConfig& config, Time first) : config_(config), next_(first) {}

  // From `now` on the target is `reach`. Returns when the verdict flips if nothing changes before.
  // A check that waits for an answer when the target comes back gets it at once.
  std::optional<Flip> target_changed(Reach reach, Time now);
  // Call at the time that the last prediction named.
  void flipped(Time now) { advance(now); }

  bool up() const { return up_; }

 private:
  bool agrees() const { return (reach_ == Reach::answers) == up_ && streak_ == 0; }
  // Ends the next check; true if the verdict flipped.
  bool step();
  Time next_end() const;
  void advance(Time now);

  HealthCheckConfig config_;
  Time next_;  // start of the next check
  Reach reach_ = Reach::answers;
  bool up_ = true;
  int streak_ = 0;  // results in a row that contradict the verdict
};

}  // namespace lbsim
