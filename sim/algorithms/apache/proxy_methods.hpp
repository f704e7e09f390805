// The lbmethods of mod_proxy_balancer; each is in a file of its name.
#pragma once

#include <memory>
#include <string_view>

#include "algorithms/apache/proxy_member.hpp"

namespace lbsim::algorithms::apache {

std::unique_ptr<ProxyMethod> make_byrequests();
std::unique_ptr<ProxyMethod> make_bytraffic();
std::unique_ptr<ProxyMethod> make_bybusyness();

}  // namespace lbsim::algorithms::apache
