// How many verdicts hold: the end of every report.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/json_writer.hpp"

namespace lbsim::validation {

template <class Verdict>
std::size_t passed_of(const std::vector<Verdict>& verdicts) {
  return static_cast<std::size_t>(
      std::count_if(verdicts.begin(), verdicts.end(), [](const Verdict& v) { return v.pass(); }));
}

// "12 runs, 12 passed, 0 failed"
template <class Verdict>
std::string totals_text(const char* what, const std::vector<Verdict>& verdicts) {
  const std::size_t passed = passed_of(verdicts);
  return fmt::format("{} {}, {} passed, {} failed\n", verdicts.size(), what, passed,
                     verdicts.size() - passed);
}

// {"schema": 1, "partial": false, `what`: [each, written by `write`], "passed": 12, "failed": 0}
template <class Verdict, class Write>
std::string report_json(const char* what, const std::vector<Verdict>& verdicts, Write write,
                        bool partial = false) {
  JsonWriter json;
  json.begin_object();
  json.field("schema", 1).field("partial", partial);
  json.key(what).begin_array();
  for (const Verdict& v : verdicts) write(json, v);
  json.end_array();
  const std::size_t passed = passed_of(verdicts);
  json.field("passed", std::uint64_t{passed});
  json.field("failed", std::uint64_t{verdicts.size() - passed});
  json.end_object();
  return json.text() + '\n';
}

}  // namespace lbsim::validation
