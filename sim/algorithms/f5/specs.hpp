// BIG-IP Local Traffic Manager's load balancing methods, for pool members, from what F5 has
// published. A pool here is told of requests: each counts as a connection of its own.
#pragma once

#include <string>
#include <vector>

#include "algorithms/pool/spec.hpp"

namespace lbsim::algorithms::f5 {

// Where all methods are listed: BIG-IP Local Traffic Management, Basics, "About load balancing
// methods", and AskF5's article on the dynamic ones.
inline constexpr const char* kAboutMethods =
    "https://techdocs.f5.com/en-us/bigip-14-1-0/big-ip-local-traffic-management-basics-14-1-0/"
    "about-pools.html";
inline constexpr const char* kDynamicMethods = "https://my.f5.com/manage/s/article/K6406";

// The spec of a method whose constructor takes a pool::Setting. F5 selects another member after a
// failure only where Reselect Tries says so, so a request has one try unless `tries` allows more.
template <typename Method>
AlgorithmSpec make_spec(std::string name, std::string summary, std::string source,
                        std::vector<ParameterSpec> own = {}, std::string sticky = "off") {
  return pool::pool_spec({"f5",
                          std::move(name),
                          std::move(summary),
                          std::move(source),
                          std::move(own),
                          {{"tries", "1"}, {"sticky", std::move(sticky)}},
                          pool::make_rule<Method>});
}

}  // namespace lbsim::algorithms::f5
