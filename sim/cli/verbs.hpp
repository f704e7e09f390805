// The table of verbs: one file each in this folder, one line each in verbs.cpp.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

namespace lbsim::cli {

// Exit codes of the contract.
inline constexpr int kHolds = 0;
inline constexpr int kAnswerIsNo = 1;  // ran, and the answer is no: SLO unmet, mismatch, regression
inline constexpr int kBadInput = 2;    // nothing was written
inline constexpr int kInterrupted = 3;  // partial results were written and say so
inline constexpr int kBug = 70;

struct Verb {
  std::string name;
  std::string summary;
  // Declares the verb's arguments and returns what runs it, with an exit code.
  std::function<std::function<int()>(CLI::App& app)> declare;
};

const std::vector<Verb>& verbs();

// Verbs and flags of the contract that this version does not have.
bool is_of_a_later_version(const std::string& word);

Verb run_verb();
Verb compare_verb();
Verb sweep_verb();
Verb plan_verb();
Verb ladder_verb();
Verb check_verb();
Verb calibrate_verb();
Verb conform_verb();
Verb fairness_verb();
Verb theory_verb();
Verb log_verb();
Verb algorithms_verb();
Verb scenarios_verb();
Verb schema_verb();
Verb validate_verb();

}  // namespace lbsim::cli
