#include "scenario/unseen.hpp"

#include <fmt/format.h>

namespace lbsim::scenario {

std::optional<Unseen> unseen_by(const algorithms::AlgorithmSpec& spec,
                                const std::map<std::string, std::string>& parameters) {
  const auto says = [](const std::string& reader) {
    return reader + " reads what the client sends, which simulated requests do not carry";
  };
  if (spec.reads_more) {
    return Unseen{"method", says(spec.name),
                  "use a method that looks at the client's address or at the servers"};
  }
  for (const algorithms::ParameterSpec& parameter : spec.parameters) {
    const auto given = parameters.find(parameter.name);
    const std::string& value = given == parameters.end() ? parameter.fallback : given->second;
    if (parameter.reads_more != nullptr && parameter.reads_more(value)) {
      return Unseen{"parameters." + parameter.name, says(fmt::format("\"{}\"", value)),
                    parameter.instead};
    }
  }
  return std::nullopt;
}

}  // namespace lbsim::scenario
