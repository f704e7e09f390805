// Requests that stay, thrown at equal servers: one random choice, or the less loaded of two.
#include <fmt/format.h>

#include "metrics/fairness.hpp"
#include "theory/group.hpp"
#include "theory/pools.hpp"
#include "theory/trials.hpp"

namespace lbsim::theory {
namespace {

struct Throws {
  Trials most;
  Trials jain;
};

Throws throws(const char* family, const char* method, int servers, int requests, int trials,
              const Effort& effort) {
  Throws all;
  PoolWish wish{family, method, std::vector<int>(static_cast<std::size_t>(servers), 1)};
  for (int t = 0; t < trials && !effort.stopped(); ++t) {
    wish.seed = static_cast<std::uint64_t>(t) + 1;
    const auto pool = make_pool(wish);
    std::vector<double> loads(static_cast<std::size_t>(servers));
    for (int i = 0; i < requests; ++i) ++loads[hold(*pool, {})];
    all.most.add(*std::max_element(loads.begin(), loads.end()));
    all.jain.add(fairness_of(loads).jain);
  }
  return all;
}

}  // namespace

Work prepare_balls(const Entry& entry) {
  const int servers = whole_number(entry.parameters, "servers", 2, 10'000);
  const int requests = whole_number(entry.parameters, "requests", 1, 1'000'000);
  return [servers, requests](const Effort& effort) {
    // The maximum of one choice spreads widely, and its median is to be within 1.
    const double part = std::min(1.0, effort.requests / 1e6);
    const int trials =
        std::max(50, static_cast<int>(part * std::clamp(80'000'000 / requests, 100, 8000)));
    const int trials_of_two = std::clamp(2'000'000 / requests, 100, 1000);
    const Throws one = throws("nginx", "random", servers, requests, trials, effort);
    const Throws two = throws("modern", "power_of_d", servers, requests, trials_of_two, effort);
    const double deviation = std::max(1.0, one.most.standard_deviation());
    const std::string of_trials = fmt::format("mean of {} trials", trials);
    Answers answers;
    answers["mean_max_one_choice"] =
        found_within(one.most.mean(), 4 * deviation / std::sqrt(one.most.count()),
                     of_trials +
                         ", within 4 s / sqrt(trials) with s their standard deviation, "
                         "at least 1: with many requests a server it is far above 1");
    answers["median_max_one_choice"] = found(one.most.median());
    answers["median_max_one_choice"].scale = effort.tolerance_scale();
    answers["mean_max_two_choices"] = found(two.most.mean());
    answers["mean_max_two_choices"].note =
        fmt::format("power_of_d with d = 2, mean of {} trials", trials_of_two);
    answers["expected_jain_one_choice"] = found(one.jain.mean());
    answers["expected_jain_one_choice"].note = of_trials;
    return answers;
  };
}

}  // namespace lbsim::theory
