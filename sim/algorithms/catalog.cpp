#include "algorithms/algorithm.hpp"

namespace lbsim::algorithms {

// Each algorithm's file defines one of these; a family adds its lines here and in catalog().
// namespace nginx { AlgorithmSpec round_robin_spec(); }

const std::vector<AlgorithmSpec>& catalog() {
  static const std::vector<AlgorithmSpec> all = {
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
