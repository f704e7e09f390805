#include "workload/given_arrivals.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "core/error.hpp"
#include "core/random.hpp"

namespace lbsim {

void check_arrival_times(const std::vector<double>& times_s) {
  double last = 0;
  for (std::size_t i = 0; i < times_s.size(); ++i) {
    const double time = times_s[i];
    const bool usable = std::isfinite(time) && time >= last && time < 1e8;
    if (!usable) {
      throw InputError(Diagnostic{{},
                                  0,
                                  0,
                                  "arrivals",
                                  fmt::format("{} at position {} comes after {}", time, i, last),
                                  "seconds from the start of the window, in order"});
    }
    last = time;
  }
}

GivenArrivals::GivenArrivals(ArrivalTimes times_s, double length_s, std::uint64_t seed)
    : times_s_(std::move(times_s)),
      length_s_(length_s),
      seed_(stream_seed(seed, "workload/sessions")) {}

bool GivenArrivals::next(Arrival& arrival) {
  if (next_ == times_s_->size() || (*times_s_)[next_] >= length_s_) return false;
  arrival = Arrival{};
  arrival.at = kTimeZero + from_seconds((*times_s_)[next_]);
  arrival.seed = seed_ + next_++ * 0xd1342543de82ef95ULL;
  return true;
}

}  // namespace lbsim
