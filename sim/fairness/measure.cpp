#include "fairness/measure.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <numeric>
#include <thread>

#include "core/random.hpp"

namespace lbsim::fairness {
namespace {

// As a baseline keeps it: what is measured is compared as it would be read.
double rounded(double value, int digits) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return std::strtod(text, nullptr);
}
constexpr int kFixedDigits = 9;
constexpr int kBatchDigits = 4;

class Measuring {
 public:
  Measuring(const Subject& subject, const Scenario& scenario, const Traits& traits,
            const Effort& effort, std::uint64_t seed, const Watch& watch)
      : subject_(subject),
        scenario_(scenario),
        traits_(traits),
        effort_(effort),
        seed_(seed),
        watch_(watch) {}

  // Methods that draw or look at keys are never taken for fixed, also not where two seeds happen to
  // give the same picks: another might not.
  Metrics run() {
    if (traits_.drawn || traits_.keyed || differs_by_seed()) {
      draw();
    } else {
      keep_fixed(fixed_);
    }
    return std::move(result_);
  }

 private:
  // Leaves what was fixed in fixed_.
  bool differs_by_seed() {
    const std::size_t picks = scenario_.picks_fixed;
    const std::size_t trial = scenario_.picks_trial == 0 ? picks : scenario_.picks_trial;
    fixed_ = play("fixed", 0, trial);
    if (fixed_.digest != play("fixed", 1, trial).digest) return true;
    if (trial != picks) fixed_ = play("fixed", 0, picks);
    return false;
  }

  Batch play(const char* what, std::size_t number, std::size_t picks) const {
    if (watch_.stops && watch_.stops()) throw Stopped{};
    const std::string name =
        subject_.name + '/' + scenario_.pool + '/' + what + '/' + std::to_string(number);
    return scenario_.play(subject_, traits_, stream_seed(seed_, name), picks);
  }

  std::size_t drawn(std::size_t picks) const {
    return static_cast<std::size_t>(static_cast<double>(picks) * effort_.picks);
  }

  void keep_fixed(const Batch& batch) {
    for (const auto& [name, number] : batch.metrics) {
      result_[name] = {Kind::fixed, {rounded(number, kFixedDigits)}, {}, 0};
    }
    if (batch.shares.empty()) return;
    Value& shares = result_["shares"];
    for (const double share : batch.shares) shares.numbers.push_back(rounded(share, kFixedDigits));
  }

  void draw() {
    for (std::size_t b = 0; b < effort_.batches; ++b) {
      for (const auto& [name, number] : play("batch", b, drawn(scenario_.picks_drawn)).metrics) {
        Value& value = result_[name];
        value.kind = Kind::batches;
        value.numbers.push_back(rounded(number, kBatchDigits));
      }
    }
    if (scenario_.share_batches * effort_.share_factor > 1) draw_shares();
  }

  void draw_shares() {
    const std::size_t count = scenario_.share_batches * effort_.share_factor;
    std::vector<double> sums;
    std::vector<double> squares;
    for (std::size_t b = 0; b < count; ++b) {
      const std::vector<double> shares = play("shares", b, drawn(scenario_.share_picks)).shares;
      sums.resize(shares.size());
      squares.resize(shares.size());
      for (std::size_t s = 0; s < shares.size(); ++s) {
        sums[s] += shares[s];
        squares[s] += shares[s] * shares[s];
      }
    }
    Value value{Kind::shares, {}, {}, count};
    const auto n = static_cast<double>(count);
    for (std::size_t s = 0; s < sums.size(); ++s) {
      const double variance = std::max(0.0, (squares[s] - sums[s] * sums[s] / n) / (n - 1));
      value.numbers.push_back(rounded(sums[s] / n, kFixedDigits));
      value.variances.push_back(rounded(variance, kBatchDigits));
    }
    result_["shares"] = std::move(value);
  }

  const Subject& subject_;
  const Scenario& scenario_;
  const Traits& traits_;
  const Effort& effort_;
  std::uint64_t seed_;
  const Watch& watch_;
  Batch fixed_;
  Metrics result_;
};

}  // namespace

double Value::mean() const {
  const double sum = std::accumulate(numbers.begin(), numbers.end(), 0.0);
  return numbers.empty() ? 0 : sum / static_cast<double>(numbers.size());
}

Metrics measure(const Subject& subject, const Scenario& scenario, const Traits& traits,
                const Effort& effort, std::uint64_t seed, const Watch& watch) {
  return Measuring(subject, scenario, traits, effort, seed, watch).run();
}

Pools measure(const Subject& subject, const Effort& effort, std::uint64_t seed,
              const Watch& watch) {
  const Traits traits = traits_of(subject);
  Pools pools;
  for (const Scenario& scenario : scenarios_for(subject, traits)) {
    if (watch.begins) watch.begins(subject, scenario);
    pools[scenario.pool] = measure(subject, scenario, traits, effort, seed, watch);
  }
  return pools;
}

Measurements measure_all(const std::vector<Subject>& subjects, const Effort& effort,
                         std::uint64_t seed, const Watch& watch) {
  Measurements all;
  std::exception_ptr failed;
  std::mutex mutex;
  Watch locked{{}, watch.done, watch.stops};
  if (watch.begins) {
    locked.begins = [&](const Subject& subject, const Scenario& scenario) {
      const std::lock_guard lock(mutex);
      watch.begins(subject, scenario);
    };
  }
  // Pools of one algorithm may share tables, so those with and without settings are one job.
  std::vector<std::vector<const Subject*>> jobs;
  for (const Subject& subject : subjects) {
    if (jobs.empty() || jobs.back()[0]->algorithm() != subject.algorithm()) jobs.emplace_back();
    jobs.back().push_back(&subject);
  }
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t job = next++; job < jobs.size(); job = next++) {
      for (const Subject* subject : jobs[job]) {
        try {
          Pools pools = measure(*subject, effort, seed, locked);
          const std::lock_guard lock(mutex);
          all[subject->name] = std::move(pools);
          if (watch.done) watch.done(*subject);
        } catch (...) {
          const std::lock_guard lock(mutex);
          failed = std::current_exception();
          next = jobs.size();
        }
      }
    }
  };
  const unsigned count = std::max(1u, std::min(std::thread::hardware_concurrency(), 16u));
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < count; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  if (failed) std::rethrow_exception(failed);
  return all;
}

}  // namespace lbsim::fairness
