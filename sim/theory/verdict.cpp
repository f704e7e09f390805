#include "theory/verdict.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/check.hpp"

namespace lbsim::theory {
namespace {

constexpr double kExact = 1e-9;  // relative

// Of the i-th value, absolute.
double tolerance_of(const Expected& expected, const Found& found, std::size_t i) {
  if (!found.tolerances.empty()) {
    return found.tolerances[found.tolerances.size() == 1 ? 0 : i];
  }
  if (expected.tolerance) return *expected.tolerance * found.scale;
  return kExact * std::fabs(expected.values[i]);
}

void judge_values(Row& row) {
  const Expected& expected = row.expected;
  double farthest = -1;
  for (std::size_t i = 0; i < expected.values.size(); ++i) {
    const double tolerance = tolerance_of(expected, row.found, i);
    double away = row.found.values[i] - expected.values[i];
    if (row.found.at_most) away = std::max(away, 0.0);
    const bool within = std::fabs(away) <= tolerance;  // never so if it is no number
    row.pass = row.pass && within;
    const double share = tolerance > 0 ? std::fabs(away) / tolerance : within ? 0.0 : 2.0;
    if (share <= farthest) continue;
    farthest = share;
    row.tolerance = tolerance;
    if (expected.standard_error && *expected.standard_error > 0) {
      row.z = away / (*expected.standard_error * row.found.scale);
    }
  }
}

Row judged(const Entry& entry, const Expected& expected, const Found& found) {
  Row row{entry.id, entry.group, expected, found, 0, {}, true};
  row.pass = found.failed.empty();
  if (expected.values.empty()) {
    row.pass = row.pass && found.text == expected.text;
  } else if (found.values.size() != expected.values.size()) {
    row.pass = false;
    row.found.failed = "there are not as many values as expected";
  } else {
    judge_values(row);
  }
  return row;
}

}  // namespace

bool Report::all_pass() const {
  return std::all_of(rows.begin(), rows.end(), [](const Row& row) { return row.pass; });
}

void judge(const Entry& entry, const Answers& answers, Report& report) {
  for (const Expected& expected : entry.expected) {
    const auto answer = answers.find(expected.quantity);
    if (answer == answers.end()) {
      report.not_expressed.push_back(
          {entry.id, expected.quantity, "the group has no such quantity in this version"});
    } else if (answer->second.tolerances.empty() && !expected.tolerance_text.empty()) {
      report.not_expressed.push_back(
          {entry.id, expected.quantity,
           "no reading is known for the tolerance \"" + expected.tolerance_text + "\""});
    } else {
      report.rows.push_back(judged(entry, expected, answer->second));
    }
  }
}

}  // namespace lbsim::theory
