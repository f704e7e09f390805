// A result as bytes, for another process of the same version on a machine of the same kind, and
// for Python's pickle.
#pragma once

#include <string>
#include <string_view>

#include "metrics/result.hpp"

namespace lbsim {

std::string to_bytes(const RunResult& result);

// Throws InputError if the bytes are none of to_bytes() of this version.
RunResult result_from_bytes(std::string_view bytes);

}  // namespace lbsim
