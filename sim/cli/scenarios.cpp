#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "cli/verbs.hpp"
#include "core/error.hpp"

namespace lbsim::cli {
namespace {

// The text after "# Shows:" at the head of a scenario, to the end of the comment.
std::string shows(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  std::string text;
  while (std::getline(in, line) && line.starts_with('#')) {
    std::string_view rest = std::string_view(line).substr(1);
    if (rest.starts_with(" Shows:")) rest.remove_prefix(7);
    text += rest;
  }
  return text;
}

int list(const std::string& folder) {
  if (!std::filesystem::is_directory(folder)) {
    throw InputError(Diagnostic{folder, 0, 0, {}, "is no folder of scenarios",
                                "name one, or call lbsim where scenarios/ is"});
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) fmt::print("{}\n   {}\n", file.string(), shows(file));
  return kHolds;
}

}  // namespace

Verb scenarios_verb() {
  return {"scenarios", "the scenarios that come with lbsim", [](CLI::App& app) {
            const auto folder = std::make_shared<std::string>("scenarios");
            app.add_option("FOLDER", *folder, "where they are (scenarios)");
            return [folder] { return list(*folder); };
          }};
}

}  // namespace lbsim::cli
