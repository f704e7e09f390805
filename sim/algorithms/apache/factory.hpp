// Makes Apache's balancers by name, and their lines of the catalog.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "algorithms/algorithm.hpp"
#include "algorithms/apache/jk_balancer.hpp"
#include "algorithms/apache/proxy_methods.hpp"

namespace lbsim::algorithms::apache {

// Throw InputError on an unknown name. "byrequests", ...; "Request", ...
std::unique_ptr<ProxyMethod> make_proxy_method(std::string_view name);
JkMethod jk_method(std::string_view name);

// "500,503". Throws InputError.
std::vector<int> parse_statuses(const std::string& text);

// The catalog's line of a method of either balancer. Of a server's configuration they read name,
// weight (loadfactor, lbfactor), backup (standby; mod_jk: disabled), down and cookie (the route).
AlgorithmSpec spec(std::string_view name);

}  // namespace lbsim::algorithms::apache
