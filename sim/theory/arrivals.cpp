// Users over a day whose rate is a sine.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "theory/experiment.hpp"
#include "workload/day_curve.hpp"
#include "workload/rate_facts.hpp"

namespace lbsim::theory {
namespace {

// 99.99 % of chi-squared with 24 degrees of freedom, as the file has it.
constexpr double kChiSquaredMost = 59.2;

// When requests were asked for, by the hour, and by the second of one window.
class DayCounts final : public RequestWatch {
 public:
  DayCounts(double from_s, double to_s) : from_s_(from_s), to_s_(to_s) {}

  void at_server(std::uint32_t, std::uint32_t, Time, bool, double) override {}
  void served(std::uint32_t, Time) override {}
  // They end in the order in which they were asked for: nothing takes time.
  void ended(std::uint32_t, RequestOutcome, Time asked, Time) override {
    const double at_s = to_seconds(asked);
    ++hours_[std::min<std::size_t>(static_cast<std::size_t>(at_s / 3600), hours_.size() - 1)];
    ++requests_;
    if (at_s >= from_s_ && at_s < to_s_) seconds_.add(static_cast<std::int64_t>(at_s));
  }

  const std::array<double, 24>& hours() const { return hours_; }
  double requests() const { return requests_; }
  // Index of dispersion of the counts of the window's seconds.
  double dispersion() { return workload::rate_facts(seconds_).at("idc").at("1").get<double>(); }

 private:
  double from_s_;
  double to_s_;
  std::array<double, 24> hours_{};
  double requests_ = 0;
  workload::Tally seconds_;
};

Found by_hour(const DayCounts& counts, const workload::RateCurve& curve, double per_day) {
  Found hours;
  double chi_squared = 0;
  for (std::size_t h = 0; h < 24; ++h) {
    const double from_s = 3600 * static_cast<double>(h);
    const double expected = per_day * curve.integral(from_s, from_s + 3600) / 86400;
    const double away = counts.hours()[h] - expected;
    chi_squared += away * away / expected;
    hours.values.push_back(counts.hours()[h]);
    hours.tolerances.push_back(4 * std::sqrt(expected));
  }
  hours.note = fmt::format("both: each hour, and the sum, which is {:.1f}", chi_squared);
  if (chi_squared >= kChiSquaredMost) hours.failed = "the sum is too large";
  return hours;
}

}  // namespace

// The whole day whatever the effort: the entry's numbers are of it.
Work prepare_sine(const Entry& entry) {
  const conform::Field& p = entry.parameters;
  const double per_day = positive_number(p, "requests_per_day", 1e9);
  const double amplitude = positive_number(p, "amplitude", 0.999);
  const double phase_h = p.at("phase_h").number();
  return [=, &entry](const Effort& effort) {
    Experiment e =
        experiment({server_tier({server_of(1)})}, per_day / 86400, distribution_of(Law::fixed, 0));
    e.site.seed = seed_of(entry);
    e.curve = workload::day_curve_of_wave(amplitude, phase_h + 6);  // a quarter after it rises
    const workload::RateCurve::Window busiest = e.curve.busiest(3600);
    DayCounts counts(busiest.from_s, busiest.to_s);
    run_for(e, effort, 86400, &counts);
    const auto& rates = e.curve.rates();
    Answers answers;
    answers["requests_per_hour"] = by_hour(counts, e.curve, per_day);
    answers["requests"] = found(counts.requests());
    answers["peak_to_mean_rate"] = found(*std::max_element(rates.begin(), rates.end()));
    answers["idc_1s_within_an_hour"] = found(counts.dispersion());
    answers["idc_1s_within_an_hour"].note = "of the busiest hour, in which the rate changes least";
    return answers;
  };
}

}  // namespace lbsim::theory
