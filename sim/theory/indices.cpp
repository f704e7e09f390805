// Fairness indices of given loads, and other plain arithmetic of reports.
#include "metrics/fairness.hpp"
#include "planning/availability.hpp"
#include "theory/group.hpp"
#include "workload/day_curve.hpp"

namespace lbsim::theory {

Work prepare_indices(const Entry& entry) {
  const conform::Field list = entry.parameters.at("loads");
  std::vector<std::vector<double>> vectors;
  for (std::size_t i = 0; i < list.size(); ++i) {
    vectors.emplace_back();
    for (std::size_t k = 0; k < list[i].size(); ++k) {
      vectors.back().push_back(list[i][k].number());
      if (!(vectors.back().back() >= 0)) list[i][k].fail("must be 0 or more");
    }
  }
  return [vectors](const Effort&) {
    Answers answers;
    for (const std::vector<double>& loads : vectors) {
      const Fairness fairness = fairness_of(loads);
      answers["jain"].values.push_back(fairness.jain);
      answers["cv"].values.push_back(fairness.cv);
      answers["max_over_mean"].values.push_back(fairness.max_over_mean);
      answers["gini"].values.push_back(gini_of(loads));
    }
    return answers;
  };
}

Work prepare_availability(const Entry& entry) {
  const double to_failure = positive_number(entry.parameters, "mtbf_h");
  const double to_repair = positive_number(entry.parameters, "mttr_h");
  const int machines = whole_number(entry.parameters, "machines", 1, 1000);
  return [=](const Effort&) {
    const double one = planning::availability(to_failure, to_repair);
    Answers answers;
    answers["one_machine"] = found(one);
    answers["at_least_one_up"] = found(planning::availability_of_group(one, machines, 1));
    answers["all_up"] = found(planning::availability_of_group(one, machines, machines));
    return answers;
  };
}

Work prepare_page_rates(const Entry& entry) {
  const double page_views = positive_number(entry.parameters, "pv_per_day", 1e15);
  const double share = positive_number(entry.parameters, "share", 1);
  const double part = positive_number(entry.parameters, "part_of_day", 1);
  return [=](const Effort&) {
    const double mean = page_views / 86400;
    Answers answers;
    answers["mean_rate"] = found(mean);
    answers["busy_rate"] = found(mean * workload::busy_over_mean(share, part));
    return answers;
  };
}

}  // namespace lbsim::theory
