// A scenario's data as a tree in which every node knows where it was written.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lbsim::scenario {

// Where something was written: a file, or "--set a.b.c" with line 0.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
};

// A field and where it was written: what an error about it must name.
struct Location {
  Place place;
  std::string field;
};

struct Value;
using List = std::vector<Value>;
using Table = std::map<std::string, Value, std::less<>>;

struct Value {
  // Dates and times of TOML arrive as the text that they were written as.
  std::variant<bool, std::int64_t, double, std::string, List, Table> data = {};
  Place place = {};  // of the value
  Place key = {};    // of its key, if it is in a table

  template <class T>
  const T* as() const {
    return std::get_if<T>(&data);
  }
  template <class T>
  T* as() {
    return std::get_if<T>(&data);
  }
};

// "a text", "a number", "a list", ...: for error messages.
std::string_view type_name(const Value& value);

std::string toml_text(std::string_view text);  // quoted, as a TOML string
// As TOML; a list or table that is not empty only by its size.
std::string print_scalar(const Value& value);

// Puts `over` on top of `base`, key by key; lists are replaced as a whole.
void merge(Table& base, Table over);

// One line per leaf, "servers.groups.0.count = 32", keys sorted: equal for scenarios that say the
// same, whatever the order and the files they are written in.
std::string canonical_text(const Table& root);

}  // namespace lbsim::scenario
