// What request-level proxies decide on besides servers: named pools, rules.
#pragma once

#include "devices/config.hpp"
#include "scenario/reader.hpp"

namespace lbsim::scenario {

// Fields of the tier's table. `family`: of the methods of named pools; empty: it has none of its
// own.
void read_layer7(Reader& r, ProxyTierConfig& c, const std::string& family);

// What rules, pools and the rest of the site say of one another.
void check_layer7(Reader& r, const SiteConfig& site);

}  // namespace lbsim::scenario
