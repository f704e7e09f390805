// Results as text and as JSON.
#pragma once

#include <cstdint>
#include <string>

#include "fairness/verdict.hpp"

namespace lbsim::fairness {

// One line for each algorithm: how fair it is, and whether that is as in the baseline. Null: there
// is none.
std::string table_text(const Measurements& measured, const Verdict* verdict);

// What is unfair, by how much and how surely: a sentence for each result that failed, and what was
// compared.
std::string findings_text(const Verdict& verdict, double alpha);

// {"schema": 1, "seed", "alpha", "pass", "results": [{"algorithm", "pool", "metric", "value",
// "baseline", "p", "pass"}]}, null where there is nothing.
std::string results_json(const std::vector<Judged>& results, std::uint64_t seed, double alpha);

// What an update of a baseline changes, from what to what.
std::string changes_text(const Measurements& before, const Measurements& after);

}  // namespace lbsim::fairness
