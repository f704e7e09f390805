// Where Apache's balancers find a request's session route: after the first dot of a session id that
// is a path parameter or a cookie.
#pragma once

#include <string_view>
#include <vector>

namespace lbsim::algorithms::apache {

// Value of the first "name=..." in the target, up to one of `delimiters`; null data() if there is
// none.
std::string_view path_parameter(std::string_view target, std::string_view name,
                                std::string_view delimiters);

// Values of all cookies of this name in a Cookie header, in order; empty ones are left out.
std::vector<std::string_view> cookie_values(std::string_view header, std::string_view name);

// What follows the first dot; empty if there is no dot.
std::string_view route_of(std::string_view session_id);

}  // namespace lbsim::algorithms::apache
