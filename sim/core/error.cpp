#include "core/error.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace lbsim {
namespace {

std::string joined(const std::vector<Diagnostic>& diagnostics) {
  std::string all;
  for (const Diagnostic& d : diagnostics) {
    if (!all.empty()) all += '\n';
    all += d.text();
  }
  return all;
}

// Insertions, deletions, substitutions and exchanges of neighbours ("ngnix"), the commonest typo.
std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before;               // distances for the first i - 2 letters of a
  std::vector<std::size_t> above(b.size() + 1);  // for i - 1
  std::vector<std::size_t> row(b.size() + 1);    // for i
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before = std::exchange(above, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitute = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, substitute});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

}  // namespace

std::string Diagnostic::text() const {
  std::string out;
  if (!file.empty()) {
    out += file + ':';
    if (line > 0) out += std::to_string(line) + ':';
    if (line > 0 && column > 0) out += std::to_string(column) + ':';
    out += ' ';
  }
  out += "error: ";
  if (!field.empty()) out += field + ": ";
  out += message;
  if (!hint.empty()) out += "\n  hint: " + hint;
  return out;
}

InputError::InputError(std::vector<Diagnostic> diagnostics)
    : std::runtime_error(joined(diagnostics)), diagnostics_(std::move(diagnostics)) {}

InputError::InputError(Diagnostic diagnostic)
    : InputError(std::vector<Diagnostic>{std::move(diagnostic)}) {}

std::string nearest_word(const std::string& word, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(word.size() / 3, 1) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace lbsim
