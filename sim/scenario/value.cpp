#include "scenario/value.hpp"

#include <fmt/format.h>

#include "scenario/units.hpp"

namespace lbsim::scenario {
namespace {

bool is_bare_key(std::string_view key) {
  for (const char c : key) {
    const bool bare = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-';
    if (!bare) return false;
  }
  return !key.empty();
}

void print_leaf(const Value& value, const std::string& path, std::string& out);

void print_table(const Table& table, const std::string& path, std::string& out) {
  for (const auto& [key, value] : table) {
    const std::string name = is_bare_key(key) ? key : toml_text(key);
    print_leaf(value, path.empty() ? name : path + "." + name, out);
  }
}

void print_leaf(const Value& value, const std::string& path, std::string& out) {
  if (const Table* table = value.as<Table>(); table && !table->empty()) {
    print_table(*table, path, out);
    return;
  }
  if (const List* list = value.as<List>(); list && !list->empty()) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      print_leaf((*list)[i], fmt::format("{}.{}", path, i), out);
    }
    return;
  }
  out += path + " = " + print_scalar(value) + "\n";
}

}  // namespace

std::string_view type_name(const Value& value) {
  struct Name {
    std::string_view operator()(bool) const { return "true or false"; }
    std::string_view operator()(std::int64_t) const { return "a whole number"; }
    std::string_view operator()(double) const { return "a number"; }
    std::string_view operator()(const std::string&) const { return "a text"; }
    std::string_view operator()(const List&) const { return "a list"; }
    std::string_view operator()(const Table&) const { return "a table"; }
  };
  return std::visit(Name{}, value.data);
}

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string print_scalar(const Value& value) {
  struct Printer {
    std::string operator()(bool b) const { return b ? "true" : "false"; }
    std::string operator()(std::int64_t n) const { return fmt::format("{}", n); }
    std::string operator()(double x) const { return units::print_real(x); }
    std::string operator()(const std::string& s) const { return toml_text(s); }
    std::string operator()(const List& list) const {
      return list.empty() ? "[]" : fmt::format("a list of {}", list.size());
    }
    std::string operator()(const Table& table) const { return table.empty() ? "{}" : "a table"; }
  };
  return std::visit(Printer{}, value.data);
}

void merge(Table& base, Table over) {
  for (auto& [key, value] : over) {
    const auto at = base.find(key);
    Table* below = at == base.end() ? nullptr : at->second.as<Table>();
    Table* above = value.as<Table>();
    if (!below || !above) {
      base[key] = std::move(value);
      continue;
    }
    at->second.place = value.place;
    at->second.key = value.key;
    merge(*below, std::move(*above));
  }
}

std::string canonical_text(const Table& root) {
  std::string out;
  print_table(root, "", out);
  return out;
}

}  // namespace lbsim::scenario
