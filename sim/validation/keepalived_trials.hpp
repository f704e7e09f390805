// The failures of keepalived_record.hpp in sites, as scenarios build them.
#pragma once

#include <map>
#include <string>

#include "validation/keepalived_record.hpp"

namespace lbsim::validation {

// One run with this seed: what was recorded of one, by the same names; without what did not happen.
std::map<std::string, double> keepalived_trial(const KeepalivedCase& c, std::uint64_t seed);

}  // namespace lbsim::validation
