#include "scenario/settings.hpp"

#include <fmt/format.h>

#include <charconv>

#include "scenario/toml.hpp"

namespace lbsim::scenario {
namespace {

void set_place(Value& value, const Place& place) {
  value.place = place;
  value.key = place;
  if (Table* table = value.as<Table>()) {
    for (auto& [key, inner] : *table) set_place(inner, place);
  }
  if (List* list = value.as<List>()) {
    for (Value& inner : *list) set_place(inner, place);
  }
}

// Nothing if the text begins like TOML but is none.
std::optional<Value> parse_value(const std::string& text, std::vector<Diagnostic>& mistakes,
                                 const Place& place) {
  std::vector<Diagnostic> not_toml;
  std::optional<Table> table;
  if (text.find('\n') == std::string::npos) {
    table = parse_toml("value = " + text, place.file, not_toml);
  }
  Value value;
  if (table) {
    value = std::move(table->begin()->second);
  } else if (!text.empty() && std::string_view("\"'[{").find(text[0]) != std::string_view::npos) {
    mistakes.push_back({.file = place.file,
                        .field = {},
                        .message = "cannot read the value " + text,
                        .hint = not_toml.empty() ? "" : not_toml.front().message});
    return std::nullopt;
  } else {
    value.data = text;
  }
  set_place(value, place);
  return value;
}

std::vector<std::string> split_path(const std::string& path) {
  std::vector<std::string> parts(1);
  for (const char c : path) {
    if (c == '.') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

// The element of a list that a path's part names, appended if it is the next one; or null.
Value* element(List& list, const std::string& part, const Place& place) {
  std::size_t index = 0;
  const char* end = part.data() + part.size();
  const auto parsed = std::from_chars(part.data(), end, index);
  if (parsed.ec != std::errc() || parsed.ptr != end || index > list.size()) return nullptr;
  if (index == list.size()) list.push_back({.data = Table{}, .place = place});
  return &list[index];
}

}  // namespace

void apply_setting(Table& root, const std::string& setting, std::vector<Diagnostic>& mistakes) {
  const std::size_t equals = setting.find('=');
  const std::string path = setting.substr(0, equals);
  const Place place{.file = "--set " + path};
  const auto fail = [&](std::string message, std::string hint) {
    mistakes.push_back(
        {.file = place.file, .field = {}, .message = std::move(message), .hint = std::move(hint)});
  };
  if (equals == std::string::npos || path.empty() || path.front() == '.' || path.back() == '.' ||
      path.find("..") != std::string::npos) {
    return fail("cannot read \"" + setting + "\" as a setting",
                "write --set FIELD=VALUE, for example --set servers.groups.0.count=32");
  }
  std::optional<Value> value = parse_value(setting.substr(equals + 1), mistakes, place);
  if (!value) return;

  Value whole{.data = std::move(root)};
  Value* at = &whole;
  std::string reached;
  for (const std::string& part : split_path(path)) {
    if (Table* table = at->as<Table>()) {
      at = &table->try_emplace(part, Value{.data = Table{}, .place = place, .key = place})
                .first->second;
    } else if (List* list = at->as<List>()) {
      at = element(*list, part, place);
      if (!at) {
        fail(fmt::format("{} has {} entries, and \"{}\" is none of them", reached, list->size(),
                         part),
             fmt::format("write a number from 0 to {}; {} appends", list->size(), list->size()));
        break;
      }
    } else {
      fail(fmt::format("{} is {}, so nothing can be set inside it", reached, type_name(*at)), "");
      at = nullptr;
      break;
    }
    reached += reached.empty() ? part : "." + part;
  }
  if (at) *at = std::move(*value);
  root = std::move(*whole.as<Table>());
}

}  // namespace lbsim::scenario
