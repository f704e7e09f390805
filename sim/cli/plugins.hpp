// --plugin FILE: algorithms of one's own, from shared objects.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace lbsim::cli {

// Declares --plugin. The files are loaded while arguments are read, before any scenario is;
// their names go to `loaded`.
void declare_plugins(CLI::App& app, std::vector<std::string>* loaded = nullptr);

}  // namespace lbsim::cli
