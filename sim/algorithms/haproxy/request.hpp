// Parts of a request, as HAProxy finds them. Nothing: the part is not there.
#pragma once

#include <optional>
#include <string_view>

#include "algorithms/upstream.hpp"

namespace lbsim::algorithms::haproxy {

using Part = std::optional<std::string_view>;

// The target without scheme and authority: "http://a/b?c" is "/b?c".
std::string_view path_and_query(std::string_view target);
// The value of the first such parameter, up to the next '&'. It may be empty.
Part url_parameter(std::string_view target, std::string_view name);
// The value of the first such cookie in a Cookie header.
Part cookie_value(std::string_view header, std::string_view name);
// A value of a comma separated list, without the blanks around it.
std::string_view first_value(std::string_view header);
std::string_view last_value(std::string_view header);

}  // namespace lbsim::algorithms::haproxy
