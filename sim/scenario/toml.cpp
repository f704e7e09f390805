#include "scenario/toml.hpp"

#include <toml++/toml.h>

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
    const Place place = place_of(error.source(), file);
    mistakes.push_back({.file = file,
                        .line = place.line,
                        .column = place.column,
                        .field = {},
                        .message = "not valid TOML: " + std::string(error.description()),
                        .hint = {}});
    return std::nullopt;
  }
}

}  // namespace lbsim::scenario
