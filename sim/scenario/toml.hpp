// TOML text to values, by toml++ (whose headers stay in toml.cpp).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "scenario/value.hpp"

namespace lbsim::scenario {

// The table in `text`, or nothing after adding what is wrong to `mistakes`. Never throws.
std::optional<Table> parse_toml(std::string_view text, const std::string& file,
                                std::vector<Diagnostic>& mistakes);

}  // namespace lbsim::scenario
