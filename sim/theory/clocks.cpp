// How long failover and health checks take: a machine of a site fails, and the site's own record of
// events says when that was noticed.
#include <fmt/format.h>

#include "theory/experiment.hpp"
#include "theory/trials.hpp"

namespace lbsim::theory {
namespace {

constexpr int kTrials = 1000;
// Checks and advertisements start at a phase of the seed; by then they all have begun.
constexpr double kIntervalsBefore = 3;

// A site without users in which one machine fails at a stated time.
class Clock {
 public:
  Clock(TierConfig front, std::string machine, std::string what, double interval_s, double wait_s)
      : experiment_(experiment({std::move(front), server_tier({server_of(1)})}, 1e-9,
                               distribution_of(Law::fixed, 1))),
        machine_(std::move(machine)),
        what_(std::move(what)),
        interval_(from_seconds(interval_s)),
        length_s_((kIntervalsBefore + 2) * interval_s + 2 * wait_s) {}

  // From the failure until it was noticed.
  Duration noticed_after(FaultKind kind, Time at, std::uint64_t seed, const Effort& effort) {
    Experiment e = experiment_;
    e.site.seed = seed;
    e.site.faults = {{at, machine_, kind, 1}};
    const RunResult result = run_for(e, effort, length_s_, nullptr);
    for (const Event& event : result.recorder.events()) {
      if (event.what.find(what_) != std::string::npos) return event.at - at;
    }
    return Duration{-1};
  }

  struct Range {
    double least_s = 0;
    double most_s = 0;
  };
  // Over all dates of the failure. What follows depends on the next beat of the clock: a failure
  // right after a beat is noticed last; one right before it soonest, in the limit of the beat
  // itself.
  Range range(FaultKind kind, const Effort& effort) {
    const Time middle = kTimeZero + 3 * interval_;
    // The beat in this interval, by halving: from it on a failure is noticed with the next beat.
    Time early = middle;
    Time late = middle + interval_;
    const Time seen = early + noticed_after(kind, early, 1, effort);
    while (late - early > picoseconds(1)) {
      const Time half = early + (late - early) / 2;
      const bool same_beat = half + noticed_after(kind, half, 1, effort) == seen;
      (same_beat ? early : late) = half;
    }
    return {to_seconds(seen - late), to_seconds(noticed_after(kind, late, 1, effort))};
  }

  // At phases spread evenly at random.
  Trials trials(FaultKind kind, const Effort& effort) {
    Trials all;
    Random random(1, "theory/clocks");
    for (int i = 0; i < kTrials && !effort.stopped(); ++i) {
      const double phase = random.uniform();
      const Time at = kTimeZero + 3 * interval_ + from_seconds(phase * to_seconds(interval_));
      all.add(to_seconds(noticed_after(kind, at, static_cast<std::uint64_t>(i), effort)));
    }
    return all;
  }

 private:
  Experiment experiment_;
  std::string machine_;
  std::string what_;
  Duration interval_;
  double length_s_;
};

const char* const kRangeNote = "the limits over all dates of the failure";

void add_range(Answers& answers, const std::string& name, Clock::Range range) {
  answers[name + "_min"] = found(range.least_s);
  answers[name + "_max"] = found(range.most_s);
  answers[name + "_min"].note = answers[name + "_max"].note = kRangeNote;
}

void add_mean(Answers& answers, const std::string& name, const Trials& trials) {
  answers[name + "_mean"] = found(trials.mean());
  answers[name + "_mean"].note = fmt::format("{} trials", kTrials);
}

Answers checker_answers(Clock clock, const Effort& effort) {
  Answers answers;
  add_range(answers, "removal_black_hole", clock.range(FaultKind::crash, effort));
  add_range(answers, "removal_refused", clock.range(FaultKind::stop, effort));
  add_mean(answers, "removal_black_hole", clock.trials(FaultKind::crash, effort));
  add_mean(answers, "removal_refused", clock.trials(FaultKind::stop, effort));
  return answers;
}

double not_negative(const conform::Field& parameters, const char* name) {
  const double number = parameters.at(name).number();
  if (!(number >= 0 && number < 1e5)) parameters.at(name).fail("must be 0 or more");
  return number;
}

}  // namespace

Work prepare_vrrp(const Entry& entry) {
  const conform::Field& p = entry.parameters;
  const int version = whole_number(p, "version", 2, 3);
  const double interval_s = positive_number(p, "advert_int_s", 1000);
  const int priority = whole_number(p, "priority", 1, 254);
  TierConfig tier = directors(LvsMode::dr);
  VrrpConfig& vrrp = std::get<LvsTierConfig>(tier.device).vrrp;
  vrrp.version = version;
  vrrp.advert_interval = from_seconds(interval_s);
  vrrp.priorities = {priority + 1, priority};
  return [tier, interval_s](const Effort& effort) {
    Clock clock(tier, "vip.1", "takes the virtual address", interval_s, 4 * interval_s + 2);
    const Clock::Range crash = clock.range(FaultKind::crash, effort);
    const Time middle = kTimeZero + 3 * from_seconds(interval_s);
    const double stop_s = to_seconds(clock.noticed_after(FaultKind::stop, middle, 1, effort));
    Answers answers;
    add_range(answers, "takeover_after_crash", crash);
    add_mean(answers, "takeover_after_crash", clock.trials(FaultKind::crash, effort));
    answers["takeover_after_graceful_stop"] = found(stop_s);
    answers["skew_time"] = found(stop_s);
    answers["skew_time"].note = "what a backup waits after a graceful stop";
    answers["master_down_interval"] = found(crash.most_s);
    answers["master_down_interval"].note = "the latest take-over after a crash";
    return answers;
  };
}

Work prepare_keepalived(const Entry& entry) {
  const conform::Field& p = entry.parameters;
  const double interval_s = positive_number(p, "delay_loop_s", 1e5);
  const double timeout_s = positive_number(p, "connect_timeout_s", 1e5);
  const int retry = whole_number(p, "retry", 0, 1000);
  const double pause_s = not_negative(p, "delay_before_retry_s");
  TierConfig tier = directors(LvsMode::dr);
  std::get<LvsTierConfig>(tier.device).check = {.enabled = true,
                                                .interval = from_seconds(interval_s),
                                                .timeout = from_seconds(timeout_s),
                                                .fall = retry + 1,
                                                .rise = 1,
                                                .retry_interval = from_seconds(pause_s),
                                                .from_end = true};
  const double wait_s = (retry + 1) * (timeout_s + pause_s) + interval_s;
  return [tier, interval_s, wait_s](const Effort& effort) {
    return checker_answers({tier, "servers.1", "vip takes out", interval_s, wait_s}, effort);
  };
}

Work prepare_haproxy_check(const Entry& entry) {
  const conform::Field& p = entry.parameters;
  const double interval_s = positive_number(p, "inter_s", 1e5);
  const double timeout_s = positive_number(p, "timeout_check_s", 1e5);
  const int fall = whole_number(p, "fall", 1, 1000);
  if (timeout_s > interval_s) p.at("timeout_check_s").fail("must be at most inter_s");
  TierConfig tier = balancer("haproxy", "roundrobin");
  std::get<ProxyTierConfig>(tier.device).check = {.enabled = true,
                                                  .interval = from_seconds(interval_s),
                                                  .timeout = from_seconds(timeout_s),
                                                  .fall = fall,
                                                  .rise = 2,
                                                  .retry_interval = {}};
  const double wait_s = (fall + 1) * interval_s + timeout_s;
  return [tier, interval_s, wait_s](const Effort& effort) {
    return checker_answers({tier, "servers.1", "balancer takes out", interval_s, wait_s}, effort);
  };
}

}  // namespace lbsim::theory
