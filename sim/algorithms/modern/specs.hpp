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

AlgorithmSpec round_robin_spec();
AlgorithmSpec random_spec();
AlgorithmSpec power_of_d_spec();
AlgorithmSpec least_request_spec();
AlgorithmSpec p2c_ewma_spec();
AlgorithmSpec jiq_spec();
AlgorithmSpec prequal_spec();
AlgorithmSpec maglev_spec();
AlgorithmSpec ring_hash_spec();
AlgorithmSpec bounded_load_ring_spec();
AlgorithmSpec rendezvous_spec();
AlgorithmSpec jump_hash_spec();
AlgorithmSpec subsetting_spec();

}  // namespace lbsim::algorithms::modern
