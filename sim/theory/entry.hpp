// A table of results of theory: what is known, for which parameters, and how near a simulation must
// come. The file says so itself in "about"; see docs/theory.md.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conform/json.hpp"
#include "core/error.hpp"

namespace lbsim::theory {

enum class Kind : std::uint8_t {
  exact,      // a number that no chance is in
  stat,       // a mean or the like: a run of 1e6 requests comes within `tolerance`
  simulated,  // the value is itself an estimate
};

struct Expected {
  std::string quantity;
  Kind kind = Kind::exact;
  std::vector<double> values;  // one, or a list
  bool is_list = false;
  std::string text;  // instead of values: a sequence of servers
  std::optional<double> tolerance;
  std::string tolerance_text;  // where the file gives words
  std::optional<double> standard_error;
};

struct Entry {
  std::string id;
  std::string group;
  conform::Field parameters = conform::Field::none();
  std::vector<Expected> expected;
};

struct Table {
  std::shared_ptr<const nlohmann::json> document;  // what the entries' parameters refer to
  std::vector<Entry> entries;
};

// Throws InputError with the place of everything that is wrong in form.
Table parse_table(const std::string& file, const std::string& text);

// The error of a Field, which knows a path like entries[3].parameters.mu, with its place in the
// text. What is missing is placed at the object that it is missing from.
InputError placed(const InputError& error, const std::string& file, const std::string& text);

}  // namespace lbsim::theory
