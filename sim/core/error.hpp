// Mistakes in what the user gave us: a file, a flag, a scenario. Loading collects all of them and
// throws once; running never throws these.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace lbsim {

struct Diagnostic {
  std::string file;
  int line = 0;        // 1-based; 0 when the mistake has no place in a file
  int column = 0;      // 1-based; 0 when unknown
  std::string field;   // "vip.scheduler"; empty when the whole file is meant
  std::string message; // what was wrong
  std::string hint;    // what would be right; may be empty

  // "FILE:LINE:COL: error: FIELD: MESSAGE" and, on a second line, "  hint: HINT".
  std::string text() const;
};

class InputError : public std::runtime_error {
 public:
  explicit InputError(std::vector<Diagnostic> diagnostics);
  explicit InputError(Diagnostic diagnostic);

  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

 private:
  std::vector<Diagnostic> diagnostics_;
};

// The candidate nearest to `word` by edit distance, or "" if none is near enough to be meant.
std::string nearest_word(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace lbsim
