#include "algorithms/dns/parameters.hpp"

#include <charconv>

#include "core/error.hpp"

namespace lbsim::algorithms::dns {

void reject(const std::string& field, const std::string& message) {
  Diagnostic diagnostic;
  diagnostic.field = field;
  diagnostic.message = message;
  throw InputError(diagnostic);
}

std::string in_quotes(std::string_view word) {
  std::string text(1, '"');
  text += word;
  text += '"';
  return text;
}

std::string read_word(const Parameters& parameters, const std::string& name,
                      const std::string& fallback) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? fallback : found->second;
}

bool read_flag(const Parameters& parameters, const std::string& name, bool fallback) {
  const std::string word = read_word(parameters, name, fallback ? "yes" : "no");
  if (word == "yes" || word == "on" || word == "true") return true;
  if (word == "no" || word == "off" || word == "false") return false;
  reject(name, "is " + in_quotes(word) + ", not yes or no");
}

std::uint32_t read_number(const Parameters& parameters, const std::string& name,
                          std::uint32_t fallback) {
  const std::string word = read_word(parameters, name, std::to_string(fallback));
  std::uint32_t value = 0;
  const char* end = word.data() + word.size();
  const auto [rest, error] = std::from_chars(word.data(), end, value);
  if (error != std::errc() || rest != end)
    reject(name, "is " + in_quotes(word) + ", not a whole number");
  return value;
}

double read_fraction(const Parameters& parameters, const std::string& name, double fallback) {
  const auto found = parameters.find(name);
  if (found == parameters.end()) return fallback;
  const std::string& word = found->second;
  double value = 0;
  const char* end = word.data() + word.size();
  const auto [rest, error] = std::from_chars(word.data(), end, value);
  if (error == std::errc() && rest == end && value >= 0 && value <= 1) return value;
  reject(name, "is " + in_quotes(word) + ", not a number from 0 to 1");
}

}  // namespace lbsim::algorithms::dns
