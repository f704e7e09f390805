// The facts of an HAProxy log (kind haproxy_log), gathered line by line.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "workload/json_text.hpp"
#include "workload/name_table.hpp"

namespace lbsim::workload {

class HaproxyFacts {
 public:
  void add_line(std::string_view line);

  std::int64_t valid() const { return http_lines_ + tcp_lines_; }

  // All fields from "lines" on: counts of HTTP, TCP and other lines, by termination state, by
  // "backend/server", and (HTTP) by status as logged.
  Json values() const;

 private:
  std::int64_t lines_ = 0;
  std::int64_t http_lines_ = 0;
  std::int64_t tcp_lines_ = 0;
  std::vector<std::int64_t> other_lines_;
  NameTable terminations_;
  NameTable servers_;
  NameTable status_;
};

}  // namespace lbsim::workload
