// Rules of proxies, service meshes and papers that belong to no single program.
#pragma once

#include <string>
#include <vector>

#include "algorithms/pool/spec.hpp"

namespace lbsim::algorithms::modern {

// The spec of a rule whose constructor takes a pool::Setting.
template <typename R>
AlgorithmSpec make_spec(std::string name, std::string summary, std::string source,
                        std::vector<ParameterSpec> own = {}, GivenParameters defaults = {}) {
  return pool::pool_spec({"modern", std::move(name), std::move(summary), std::move(source),
                          std::move(own), std::move(defaults), pool::make_rule<R>});
}

}  // namespace lbsim::algorithms::modern
