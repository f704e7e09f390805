// JSON as text, the same bytes from every compiler: fields in their order, one per line, doubles as
// the shortest decimal that reads back as the same number (1.0 stays "1.0").
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace lbsim::workload {

using Json = nlohmann::ordered_json;

std::string json_text(const Json& value);  // indented by one space, ends with a line feed

// 0.25 -> "0.25", 3 -> "3.0", 1e300 -> "1e+300".
std::string shortest_text(double number);

}  // namespace lbsim::workload
