// Whether lbsim fails over and checks as keepalived was measured to: over 1,000 seeds every
// recorded run lies inside the model's range widened by 50 ms, and the recorded mean within three
// standard errors of it (the model's spread, as many runs as were recorded) and 20 ms, for the
// start of processes on a slow machine. Whether a connection survives must have been recorded as
// one of the ends that the model has over a tenth of the seeds: for most cases there is only one.
#pragma once

#include "validation/keepalived_record.hpp"

namespace lbsim::validation {

struct Spread {
  std::size_t count = 0;
  double least = 0;
  double mean = 0;
  double most = 0;
  double deviation = 0;
};

struct TimingVerdict {
  std::string title;     // of the case
  std::string quantity;  // as recorded
  Spread recorded;
  Spread simulated;
  std::string why;  // it does not hold; empty: it does

  bool pass() const { return why.empty(); }
};

// A line for each quantity of each case, in their order. `seeds` 1,000 is what is promised.
std::vector<TimingVerdict> judge_keepalived(const std::vector<KeepalivedCase>& cases,
                                            std::size_t seeds = 1000);

// A table with a line for each, and one line on all; and the same as JSON.
std::string timings_text(const std::vector<TimingVerdict>& verdicts);
std::string timings_json(const std::vector<TimingVerdict>& verdicts);

}  // namespace lbsim::validation
