// Measurements as a file: JSON with one line for each metric, in the order of names, so that a
// version control system shows what changed.
//
//   {"format": 1, "what": "lbsim fairness baseline", "seed": N,
//    "algorithms": {ALGORITHM: {POOL: {METRIC: VALUE}}}}
//
// VALUE is a number or, by server, a list of numbers where nothing is drawn; {"batches": [...]},
// one number for each; or {"count": N, "mean": [...], "variance": [...]} by server.
#pragma once

#include <cstdint>
#include <string>

#include "fairness/measure.hpp"

namespace lbsim::fairness {

struct Baseline {
  std::uint64_t seed = 0;  // that it was measured with
  Measurements measured;
};

std::string baseline_text(const Baseline& baseline);

// Throws InputError with the line if the file cannot be read, is no JSON or is not of this form.
Baseline read_baseline(const std::string& path);

}  // namespace lbsim::fairness
