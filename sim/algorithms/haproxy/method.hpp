// Turns a pick rule into an entry of the catalog.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "algorithms/haproxy/hashed.hpp"
#include "algorithms/haproxy/options.hpp"
#include "algorithms/haproxy/rule.hpp"

namespace lbsim::algorithms::haproxy {

using MakeRule = std::function<std::unique_ptr<PickRule>(const Servers&, const Parameters&)>;
using MakeHashedRule =
    std::function<std::unique_ptr<PickRule>(const Servers&, const Parameters&, Hashing)>;

// A method with parameters `own` besides the common ones. Made objects are Backends.
AlgorithmSpec backend_spec(std::string name, std::string summary, std::vector<ParameterSpec> own,
                           MakeRule make, WeightScale scale = WeightScale::dynamic);

// The same for hashing methods, which have hash-type and hash-balance-factor too.
AlgorithmSpec hashing_spec(std::string name, std::string summary, std::vector<ParameterSpec> own,
                           MakeHashedRule make);

// The method looks at what the client sends, not at its address.
inline AlgorithmSpec reading_requests(AlgorithmSpec spec) {
  spec.reads_more = true;
  return spec;
}

}  // namespace lbsim::algorithms::haproxy
