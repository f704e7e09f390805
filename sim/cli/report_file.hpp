// Writes the HTML page of --report.
#pragma once

#include <string>
#include <vector>

namespace lbsim::cli {

// `runs` are of report::run_json(). Throws InputError when the file cannot be written.
void write_report(const std::string& path, std::vector<std::string> runs,
                  const std::string& differences = "[]");

// The arguments of this call, which the page names for people to repeat it; main() sets them.
void set_command_line(const std::vector<std::string>& words);

}  // namespace lbsim::cli
