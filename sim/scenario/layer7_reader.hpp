// What request-level proxies decide on besides servers: named pools, rules.
#pragma once

#include "devices/config.hpp"
#include "scenario/reader.hpp"

namespace lbsim::scenario {

// Fields of the tier's table. `family`: of the methods of its pools; empty: it has one pool of all
// machines, for its methods may ask machines for reports.
void read_layer7(Reader& r, ProxyTierConfig& c, const std::string& family);

// Of read_layer7: limits, a cache, TLS. And what rules and limits look at.
void read_condition(Reader& r, algorithms::rules::Condition& when);
void read_limits(Reader& r, Layer7Config& c);
void read_cache(Reader& r, Layer7Config& c);
void read_tls(Reader& r, Layer7Config& c);

// What rules, pools and the rest of the site say of one another.
void check_layer7(Reader& r, const SiteConfig& site);

}  // namespace lbsim::scenario
