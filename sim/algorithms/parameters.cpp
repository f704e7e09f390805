#include "algorithms/parameters.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "core/check.hpp"
#include "core/json_writer.hpp"

namespace lbsim::algorithms {
namespace {

template <typename Number>
bool read_number(const std::string& text, Number& value) {
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && rest == end;
}

}  // namespace

void reject(const std::string& field, const std::string& message, const std::string& hint) {
  throw InputError(Diagnostic{"", 0, 0, field, message, hint});
}

std::string in_quotes(std::string_view word) {
  std::string text(1, '"');
  text += word;
  text += '"';
  return text;
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates) {
  const std::string near = nearest_word(word, candidates);
  return near.empty() ? near : "did you mean " + in_quotes(near) + "?";
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(" \t", at)) != std::string_view::npos) {
    const std::size_t end = std::min(text.find_first_of(" \t", at), text.size());
    words.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

Parameters::Parameters(const GivenParameters& given, const std::vector<ParameterSpec>& known,
                       std::vector<Diagnostic>& mistakes) {
  std::vector<std::string> names;
  for (const ParameterSpec& parameter : known) {
    names.push_back(parameter.name);
    values_[parameter.name] = parameter.fallback;
  }
  for (const auto& [name, value] : given) {
    const auto place = values_.find(name);
    if (place == values_.end()) {
      mistakes.push_back({"", 0, 0, name, "no such parameter", did_you_mean(name, names)});
    } else {
      place->second = value;
    }
  }
}

Parameters::Parameters(const GivenParameters& given, const std::vector<ParameterSpec>& known) {
  std::vector<Diagnostic> mistakes;
  *this = Parameters(given, known, mistakes);
  if (!mistakes.empty()) throw InputError(std::move(mistakes));
}

const std::string& Parameters::text(const std::string& name) const {
  const auto found = values_.find(name);
  LBSIM_CHECK(found != values_.end());
  return found->second;
}

int Parameters::integer(const std::string& name, int low, int high) const {
  int value = 0;
  if (!read_number(text(name), value) || value < low || value > high) {
    reject(name, in_quotes(text(name)) + " is out of range",
           "an integer from " + std::to_string(low) + " to " + std::to_string(high));
  }
  return value;
}

std::uint32_t Parameters::unsigned_integer(const std::string& name) const {
  std::uint32_t value = 0;
  if (!read_number(text(name), value)) {
    reject(name, in_quotes(text(name)) + " is out of range", "an integer from 0 to 4294967295");
  }
  return value;
}

double Parameters::number(const std::string& name, double low, double high) const {
  double value = 0;
  if (!read_number(text(name), value) || !(value >= low && value <= high)) {
    reject(name, in_quotes(text(name)) + " is out of range",
           "a number from " + shortest(low) + " to " + shortest(high));
  }
  return value;
}

double Parameters::fraction(const std::string& name) const { return number(name, 0, 1); }

bool Parameters::flag(const std::string& name) const {
  std::string word = text(name);
  for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (word == "yes" || word == "on" || word == "true") return true;
  if (word == "no" || word == "off" || word == "false") return false;
  reject(name, in_quotes(text(name)) + " is neither yes nor no", "yes or no, on or off");
}

}  // namespace lbsim::algorithms
