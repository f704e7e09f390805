#include "algorithms/algorithm.hpp"
#include "algorithms/haproxy/specs.hpp"

namespace lbsim::algorithms {

// Each algorithm's file defines one of these; a family adds its lines here and in catalog().
// namespace nginx { AlgorithmSpec round_robin_spec(); }

const std::vector<AlgorithmSpec>& catalog() {
  static const std::vector<AlgorithmSpec> all = {
      haproxy::roundrobin_spec(), haproxy::static_rr_spec(),       haproxy::leastconn_spec(),
      haproxy::first_spec(),      haproxy::hash_expression_spec(), haproxy::source_spec(),
      haproxy::uri_spec(),        haproxy::url_param_spec(),       haproxy::hdr_spec(),
      haproxy::random_spec(),     haproxy::rdp_cookie_spec(),
  };
  return all;
}

const AlgorithmSpec* find_algorithm(std::string_view family, std::string_view name) {
  for (const AlgorithmSpec& spec : catalog()) {
    if (spec.family == family && spec.name == name) return &spec;
  }
  return nullptr;
}

}  // namespace lbsim::algorithms
