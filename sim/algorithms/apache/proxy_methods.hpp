// The lbmethods of mod_proxy_balancer; each is in a file of its name.
#pragma once

#include <memory>
#include <string_view>

#include "algorithms/apache/proxy_member.hpp"

namespace lbsim::algorithms::apache {

std::unique_ptr<ProxyMethod> make_byrequests();
std::unique_ptr<ProxyMethod> make_bytraffic();
std::unique_ptr<ProxyMethod> make_bybusyness();
// `workers`: of each of `members` servers; those that are not busy are ready.
std::unique_ptr<ProxyMethod> make_heartbeat(std::size_t members, std::uint32_t workers,
                                            std::uint64_t seed);

}  // namespace lbsim::algorithms::apache
