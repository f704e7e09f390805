// Overrides from the command line: "servers.groups.0.count=32".
#pragma once

#include <string>
#include <vector>

#include "core/error.hpp"
#include "scenario/value.hpp"

namespace lbsim::scenario {

// Puts a setting, "a.b.c=value", into the table. The value is read as TOML or, when it is none,
// as a bare text (20KB, dr). Numbers index lists; the number after the last one appends. Tables
// that are missing are made: a key that means nothing is found when the scenario is read.
void apply_setting(Table& root, const std::string& setting, std::vector<Diagnostic>& mistakes);

}  // namespace lbsim::scenario
