// What the request-level proxies of a tier decided, besides which server has a request.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lbsim {

struct RuleCount {
  std::string name;
  std::uint64_t requests = 0;
};

struct Layer7Stats {
  std::string tier;
  std::vector<RuleCount> rules;
  std::uint64_t redirects = 0;
};

}  // namespace lbsim
