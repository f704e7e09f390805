// Reading and checking the parameters that a configuration gives to an algorithm. Whatever its spec
// does not accept is an InputError that names the parameter and says what would be right.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "algorithms/algorithm.hpp"
#include "core/error.hpp"

namespace lbsim::algorithms {

using GivenParameters = std::map<std::string, std::string>;

// Throws InputError about one field.
[[noreturn]] void reject(const std::string& field, const std::string& message,
                         const std::string& hint = "");

std::string in_quotes(std::string_view word);

// The hint for a word that is none of the candidates; empty if none is near.
std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates);

// The words between spaces and tabs.
std::vector<std::string> split_words(std::string_view text);

class Parameters {
 public:
  // Throws InputError with all names that are not known.
  Parameters(const GivenParameters& given, const std::vector<ParameterSpec>& known);
  // The same, but adds its mistakes to those that are thrown together later.
  Parameters(const GivenParameters& given, const std::vector<ParameterSpec>& known,
             std::vector<Diagnostic>& mistakes);

  // As given, or the default of the spec. The name must be one of the spec's.
  const std::string& text(const std::string& name) const;
  int integer(const std::string& name, int low, int high) const;
  std::uint32_t unsigned_integer(const std::string& name) const;
  double number(const std::string& name, double low, double high) const;
  double fraction(const std::string& name) const;  // 0..1
  bool flag(const std::string& name) const;        // yes | no, on | off, true | false

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace lbsim::algorithms
