#include "cli/report_file.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "core/files.hpp"
#include "report/report.hpp"

#ifndef LBSIM_VERSION
#define LBSIM_VERSION "unknown"
#endif

namespace lbsim::cli {
namespace {

std::string command_line_;

// As a shell reads it back as one word.
std::string shell_word(const std::string& word) {
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalnum(c) ||
           std::string_view("-_./:=,+%@").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (plain) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

void set_command_line(const std::vector<std::string>& words) {
  command_line_ = "./lbsim";
  for (const std::string& word : words) command_line_ += ' ' + shell_word(word);
}

void write_report(const std::string& path, std::vector<std::string> runs,
                  const std::string& differences) {
  write_file(path, report::to_html({std::move(runs), differences, LBSIM_VERSION, command_line_}),
             "--report");
}

}  // namespace lbsim::cli
