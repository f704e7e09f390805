// Does what was found agree with what theory says?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "theory/group.hpp"

namespace lbsim::theory {

struct Row {
  std::string id;
  std::string group;
  Expected expected;
  Found found;
  double tolerance = 0;     // of the value that is farthest out for its tolerance
  std::optional<double> z;  // its distance in standard errors, where the file gives one
  bool pass = false;
};

struct NotExpressed {
  std::string id;
  std::string quantity;  // empty: the whole entry
  std::string why;
};

struct Report {
  std::vector<Row> rows;
  std::vector<NotExpressed> not_expressed;
  std::size_t entries = 0;
  double requests = 0;
  double warm_up = 0;

  bool all_pass() const;
};

// Rows of one entry; what there is no answer to goes to `not_expressed`.
void judge(const Entry& entry, const Answers& answers, Report& report);

std::string report_text(const Report& report);
std::string report_json(const Report& report);  // ends in a line feed

}  // namespace lbsim::theory
