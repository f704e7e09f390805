#include "fairness/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "fairness/statistics.hpp"

namespace lbsim::fairness {
namespace {

bool is_drawn(const Value& value) { return value.kind != Kind::fixed; }

double shown(const Value& value, std::size_t server) {
  const bool by_server = value.kind == Kind::shares || value.numbers.size() > 1;
  return by_server && value.kind != Kind::batches ? value.numbers[server] : value.mean();
}

Difference fixed_difference(const Value& a, const Value& b) {
  Difference most;
  double widest = 0;
  for (std::size_t i = 0; i < a.numbers.size(); ++i) {
    const double distance = std::fabs(a.numbers[i] - b.numbers[i]);
    if (distance <= widest) continue;
    widest = distance;
    most = {0, i};
  }
  return most;
}

Difference share_difference(const Value& a, const Value& b) {
  Difference most;
  const auto servers = static_cast<double>(a.numbers.size());
  for (std::size_t i = 0; i < a.numbers.size(); ++i) {
    const double p = welch_test({a.numbers[i], a.variances[i], static_cast<double>(a.batches)},
                                {b.numbers[i], b.variances[i], static_cast<double>(b.batches)});
    if (p * servers < most.p) most = {p * servers, i};
  }
  return most;
}

std::string number(double value) {
  const bool small = std::fabs(value) < 1e-9;
  return small ? "0" : fmt::format("{:.4g}", value);
}

std::string relation(double value, double baseline) {
  if (baseline == 0) return "";
  const double percent = 100 * (value / baseline - 1);
  if (std::fabs(percent) < 0.005) return "";
  return fmt::format(" ({:+.3g} %)", percent);
}

std::string p_text(const Value& value, double p) {
  if (!is_drawn(value)) return "nothing is drawn here, so it must be equal";
  return p == 0 ? "p = 0" : fmt::format("p = {:.1g}", p);
}

std::string finding(const Judged& result, const Value& value, std::size_t server) {
  const std::string where = result.algorithm + ", " + result.pool + ": ";
  const std::string subject = result.metric == "shares"
                                  ? fmt::format("server {}'s share of the requests", server)
                                  : meaning(result.metric);
  return where + fmt::format("{} is {}, in the baseline {}{}; {}", subject, number(*result.value),
                             number(*result.baseline), relation(*result.value, *result.baseline),
                             p_text(value, *result.p));
}

Judged one_sided(const std::string& algorithm, const std::string& pool, const std::string& metric,
                 const Value& value, bool is_new) {
  Judged result{algorithm, pool, metric, {}, {}, 0.0, false, ""};
  (is_new ? result.value : result.baseline) = shown(value, 0);
  const char* what = is_new ? "is not in the baseline; --update adds it"
                            : "is in the baseline, but is no longer measured";
  result.finding = fmt::format("{}, {}: {} {}", algorithm, pool, meaning(metric), what);
  return result;
}

class Comparing {
 public:
  Verdict run(const Measurements& measured, const Measurements& baseline, double alpha) {
    each(measured, [&](const auto& a, const auto& p, const auto& m, const Value& value) {
      const Value* other = find(baseline, a, p, m);
      if (other == nullptr) return add(one_sided(a, p, m, value, true));
      both(a, p, m, value, *other);
    });
    each(baseline, [&](const auto& a, const auto& p, const auto& m, const Value& value) {
      if (find(measured, a, p, m) == nullptr) add(one_sided(a, p, m, value, false));
    });
    judge(alpha);
    std::stable_sort(verdict_.results.begin(), verdict_.results.end(),
                     [](const Judged& a, const Judged& b) { return a.algorithm < b.algorithm; });
    for (const Judged& result : verdict_.results) verdict_.failed += result.pass ? 0 : 1;
    return std::move(verdict_);
  }

  template <class Do>
  static void each(const Measurements& all, const Do& act) {
    for (const auto& [algorithm, pools] : all) {
      for (const auto& [pool, metrics] : pools) {
        for (const auto& [metric, value] : metrics) act(algorithm, pool, metric, value);
      }
    }
  }

 private:
  struct Tested {
    std::size_t result;
    Value value;
    std::size_t server;
  };

  static const Value* find(const Measurements& all, const std::string& algorithm,
                           const std::string& pool, const std::string& metric) {
    const auto pools = all.find(algorithm);
    if (pools == all.end()) return nullptr;
    const auto metrics = pools->second.find(pool);
    if (metrics == pools->second.end()) return nullptr;
    const auto value = metrics->second.find(metric);
    return value == metrics->second.end() ? nullptr : &value->second;
  }

  void add(Judged result) { verdict_.results.push_back(std::move(result)); }

  void both(const std::string& algorithm, const std::string& pool, const std::string& metric,
            const Value& value, const Value& baseline) {
    const Difference found = difference(value, baseline);
    const bool same_form = value.numbers.size() == baseline.numbers.size();
    const std::size_t server = same_form ? found.server : 0;
    Judged result{algorithm, pool, metric, shown(value, server), shown(baseline, server),
                  found.p,   true, ""};
    if (is_drawn(value) && is_drawn(baseline)) {
      ++verdict_.compared_drawn;
      tested_.push_back({verdict_.results.size(), value, server});
    } else {
      ++verdict_.compared_fixed;
      result.pass = found.p > 0;
      if (is_drawn(value) != is_drawn(baseline)) {
        result.finding = fmt::format("{}, {}: {} {}", algorithm, pool, meaning(metric),
                                     is_drawn(value) ? "is drawn now, and was not in the baseline"
                                                     : "was drawn in the baseline, and is not now");
      } else if (!result.pass) {
        result.finding = finding(result, value, server);
      }
    }
    add(std::move(result));
  }

  void judge(double alpha) {
    std::vector<double> p;
    for (const Tested& tested : tested_) p.push_back(*verdict_.results[tested.result].p);
    const std::vector<bool> rejected = holm(p, alpha);
    for (std::size_t i = 0; i < tested_.size(); ++i) {
      if (!rejected[i]) continue;
      Judged& result = verdict_.results[tested_[i].result];
      result.pass = false;
      result.finding = finding(result, tested_[i].value, tested_[i].server);
    }
  }

  Verdict verdict_;
  std::vector<Tested> tested_;
};

}  // namespace

Difference difference(const Value& value, const Value& baseline) {
  if (value.kind != baseline.kind) return {0, 0};
  if (value.kind == Kind::batches) return {rank_sum_test(value.numbers, baseline.numbers), 0};
  if (value.numbers.size() != baseline.numbers.size()) return {0, 0};
  return value.kind == Kind::fixed ? fixed_difference(value, baseline)
                                   : share_difference(value, baseline);
}

std::vector<Judged> results_of(const Measurements& measured) {
  std::vector<Judged> results;
  Comparing::each(measured, [&](const auto& a, const auto& p, const auto& m, const Value& value) {
    std::size_t server = 0;
    if (value.kind != Kind::batches) {
      const auto most = std::max_element(value.numbers.begin(), value.numbers.end());
      server = static_cast<std::size_t>(most - value.numbers.begin());
    }
    results.push_back({a, p, m, shown(value, server), {}, {}, true, ""});
  });
  return results;
}

Verdict compare(const Measurements& measured, const Measurements& baseline, double alpha) {
  return Comparing().run(measured, baseline, alpha);
}

}  // namespace lbsim::fairness
