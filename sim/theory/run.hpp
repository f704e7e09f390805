// Runs all entries of a table, each on a thread of its own, a few at a time.
#pragma once

#include <functional>
#include <string>

#include "theory/verdict.hpp"

namespace lbsim::theory {

// So many of all entries are done; `what` has just begun. False: no more is wanted.
using Watch = std::function<bool(std::size_t done, std::size_t all, const std::string& what)>;

// The report does not depend on `threads`. Throws InputError, before anything is run, about
// parameters that are missing or wrong. Partial if `watch` wanted no more.
struct RunOutcome {
  Report report;
  bool partial = false;
};
RunOutcome run_table(const Table& table, const Effort& effort, unsigned threads,
                     const Watch& watch);

}  // namespace lbsim::theory
