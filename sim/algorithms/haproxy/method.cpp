#include "algorithms/haproxy/method.hpp"

#include <utility>

#include "algorithms/haproxy/backend.hpp"

namespace lbsim::algorithms::haproxy {
namespace {

constexpr const char* kSource = "HAProxy 2.6 configuration manual, section 4.2, balance";

int read_balance_factor(const Parameters& parameters) {
  const int factor = parameters.integer("hash-balance-factor", 0, 65535);
  if (factor == 0 || factor > 100) return factor;
  reject("hash-balance-factor", std::to_string(factor) + " is too small",
         "0 for no bound, or a percentage above 100");
}

}  // namespace

AlgorithmSpec backend_spec(std::string name, std::string summary, std::vector<ParameterSpec> own,
                           MakeRule make, WeightScale scale) {
  AlgorithmSpec spec{"haproxy", std::move(name), std::move(summary), kSource, std::move(own), {}};
  spec.parameters.insert(spec.parameters.end(), common_parameters().begin(),
                         common_parameters().end());
  spec.make = [make = std::move(make), scale, known = spec.parameters](const PoolConfig& config) {
    const Parameters parameters(config.parameters, known);
    return std::make_unique<Backend>(config, BackendOptions(parameters), scale,
                                     [&](const Servers& s) { return make(s, parameters); });
  };
  return spec;
}

AlgorithmSpec hashing_spec(std::string name, std::string summary, std::vector<ParameterSpec> own,
                           MakeHashedRule make) {
  own.push_back({"hash-type", "map-based",
                 "map-based | consistent [sdbm | djb2 | wt6 | crc32 "
                 "[avalanche]]",
                 "how hashes lead to servers"});
  own.push_back({"hash-balance-factor", "0", "0, 101..65535",
                 "with consistent: the most load of a server, in percent of the mean"});
  AlgorithmSpec spec = backend_spec(std::move(name), std::move(summary), std::move(own), {});
  spec.make = [make = std::move(make), known = spec.parameters](const PoolConfig& config) {
    const Parameters parameters(config.parameters, known);
    const HashType type = HashType::parse(parameters.text("hash-type"));
    const int factor = read_balance_factor(parameters);
    const auto make_rule = [&](const Servers& servers) {
      return make(servers, parameters,
                  {type, type.consistent ? make_ring(servers, factor) : make_map(servers)});
    };
    return std::make_unique<Backend>(config, BackendOptions(parameters),
                                     type.consistent ? WeightScale::dynamic : WeightScale::fixed,
                                     make_rule);
  };
  return spec;
}

}  // namespace lbsim::algorithms::haproxy
