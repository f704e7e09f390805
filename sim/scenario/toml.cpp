#include "scenario/toml.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

namespace lbsim::scenario {
namespace {

// toml++ frees nested tables recursively and overflows the stack on a key of 100,000 parts. Counts
// the parts of anything that could be a dotted key; no sensible text has this many.
constexpr int kKeyParts = 1'000;

// The line of a key of too many parts, or 0.
int line_of_endless_key(std::string_view text) {
  int line = 1;
  int parts = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') ++line;
    if (c == '\n' || c == ',' || c == '=' || c == '#' || c == '[') parts = 0;
    if (c == '.' && i + 1 < text.size() && text[i + 1] != '.' && ++parts > kKeyParts) return line;
  }
  return 0;
}

Place place_of(const toml::source_region& source, const std::string& file) {
  return {.file = file,
          .line = static_cast<int>(source.begin.line),
          .column = static_cast<int>(source.begin.column)};
}

Table table_of(const toml::table& table, const std::string& file);

template <class T>
std::string as_written(const T& time) {
  std::ostringstream out;
  out << time;
  return out.str();
}

Value value_of(const toml::node& node, const std::string& file) {
  Value out{.place = place_of(node.source(), file)};
  if (const auto* table = node.as_table()) {
    out.data = table_of(*table, file);
  } else if (const auto* array = node.as_array()) {
    List list;
    for (const toml::node& item : *array) list.push_back(value_of(item, file));
    out.data = std::move(list);
  } else if (const auto* text = node.as_string()) {
    out.data = text->get();
  } else if (const auto* integer = node.as_integer()) {
    out.data = integer->get();
  } else if (const auto* real = node.as_floating_point()) {
    out.data = real->get();
  } else if (const auto* boolean = node.as_boolean()) {
    out.data = boolean->get();
  } else if (const auto* time = node.as_time()) {
    out.data = as_written(time->get());
  } else if (const auto* date = node.as_date()) {
    out.data = as_written(date->get());
  } else if (const auto* date_time = node.as_date_time()) {
    out.data = as_written(date_time->get());
  }
  return out;
}

Table table_of(const toml::table& table, const std::string& file) {
  Table out;
  for (const auto& [key, node] : table) {
    Value value = value_of(node, file);
    value.key = place_of(key.source(), file);
    out.emplace(std::string(key.str()), std::move(value));
  }
  return out;
}

std::string_view line_at(std::string_view text, int line) {
  for (; line > 1; --line) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  return text.substr(0, text.find('\n'));
}

// `ttl = 300s` is what most people write first. The number with letters that ends before or at the
// column where toml++ gave up, or "".
std::string unquoted_value(std::string_view line, int column) {
  const std::string_view letters =
      "0123456789.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/%:";
  std::size_t end = std::min(static_cast<std::size_t>(std::max(column - 1, 0)), line.size());
  std::size_t begin = end;
  while (begin > 0 && letters.find(line[begin - 1]) != std::string_view::npos) --begin;
  end = std::min(line.find_first_not_of(letters, begin), line.size());
  const std::string_view word = line.substr(begin, end - begin);
  const bool number = !word.empty() && word[0] >= '0' && word[0] <= '9';
  const std::size_t before = line.substr(0, begin).find_last_not_of(' ');
  if (!number || before == std::string_view::npos) return "";
  return line[before] == '=' || line[before] == '[' || line[before] == ',' ? std::string(word) : "";
}

Diagnostic diagnostic_of(const toml::parse_error& error, std::string_view text,
                         const std::string& file) {
  const Place place = place_of(error.source(), file);
  std::string what(error.description());
  if (what.starts_with("Error ")) what.erase(0, 6);
  std::string hint;
  const std::string value = unquoted_value(line_at(text, place.line), place.column);
  if (!value.empty()) hint = "values with a unit are texts: write " + toml_text(value);
  return {.file = file,
          .line = place.line,
          .column = place.column,
          .field = {},
          .message = "not valid TOML: " + what,
          .hint = hint};
}

}  // namespace

std::optional<Table> parse_toml(std::string_view text, const std::string& file,
                                std::vector<Diagnostic>& mistakes) {
  if (const int line = line_of_endless_key(text)) {
    mistakes.push_back({.file = file,
                        .line = line,
                        .column = 0,
                        .field = {},
                        .message = "a key has more than 1000 parts",
                        .hint = {}});
    return std::nullopt;
  }
  try {
    return table_of(toml::parse(text, std::string_view(file)), file);
  } catch (const toml::parse_error& error) {
    mistakes.push_back(diagnostic_of(error, text, file));
    return std::nullopt;
  }
}

}  // namespace lbsim::scenario
