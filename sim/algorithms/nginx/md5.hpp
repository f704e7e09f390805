// MD5 as text: what nginx names a server by in a sticky cookie or route. Source: RFC 1321.
#pragma once

#include <string>
#include <string_view>

namespace lbsim::algorithms::nginx {

// 32 digits in lower case.
std::string md5_hex(std::string_view text);

}  // namespace lbsim::algorithms::nginx
