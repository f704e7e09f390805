#include "algorithms/pool/spec.hpp"

#include "core/random.hpp"

namespace lbsim::algorithms::pool {

AlgorithmSpec pool_spec(RuleSpec rule) {
  AlgorithmSpec spec{rule.family, rule.name, rule.summary, rule.source, std::move(rule.own), {}};
  for (ParameterSpec& parameter : common_parameters(rule.defaults)) {
    spec.parameters.push_back(std::move(parameter));
  }
  spec.make = [make = std::move(rule.make), stream = rule.family + "/" + rule.name,
               known = spec.parameters](const PoolConfig& config) -> std::unique_ptr<Upstream> {
    const Parameters parameters(config.parameters, known);
    const std::uint64_t seed = stream_seed(config.seed, stream);
    return std::make_unique<Pool>(config, parameters, [&](const Members& members) {
      return make({members, parameters, seed});
    });
  };
  return spec;
}

}  // namespace lbsim::algorithms::pool
