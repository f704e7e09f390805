// The facts of a log in the common or combined format, gathered line by line (log_facts.hpp names
// the fields).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "workload/common_line.hpp"
#include "workload/json_text.hpp"
#include "workload/name_table.hpp"
#include "workload/tally.hpp"

namespace lbsim::workload {

class AccessFacts {
 public:
  void add_line(std::string_view line);

  std::int64_t valid() const { return lines_ - invalid_.count; }

  // All fields from "lines" on. At least one line is valid.
  Json values();

 private:
  // A count of lines and the numbers of the first fifty.
  struct NumberedLines {
    std::int64_t count = 0;
    std::vector<std::int64_t> first;
    void add(std::int64_t line_number);
  };

  void add_invalid(std::string_view line);
  void add_text(std::string_view line);
  void add_fields(const CommonLine& line);
  void add_request(std::string_view request);
  void add_time(std::int64_t time_s);
  Json clients() const;
  Json bytes();

  std::int64_t lines_ = 0;
  NumberedLines invalid_;
  NumberedLines lenient_;
  std::int64_t strict_lines_ = 0;
  std::int64_t blank_lines_ = 0;
  std::int64_t combined_lines_ = 0;
  std::int64_t lines_with_more_fields_ = 0;
  std::int64_t lines_with_user_ = 0;
  std::int64_t lines_with_escape_ = 0;
  std::int64_t non_utf8_lines_ = 0;
  std::int64_t non_ascii_lines_ = 0;

  std::optional<std::int64_t> latest_s_;
  std::int64_t previous_s_ = 0;
  std::int64_t out_of_order_ = 0;
  std::int64_t descents_ = 0;
  std::int64_t max_backward_s_ = 0;

  NameTable clients_;
  NameTable utc_offsets_;
  NameTable methods_;
  NameTable protocols_;
  Tally status_;
  Tally seconds_;
  Tally sizes_;
  std::uint64_t sizes_missing_ = 0;
};

}  // namespace lbsim::workload
