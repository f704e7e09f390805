#include "algorithms/nginx/parameters.hpp"

#include <algorithm>
#include <array>

namespace lbsim::algorithms::nginx {
namespace {

// Currents are 32-bit and stay within a few times the total weight.
constexpr std::int64_t kMostTotalWeight = 1 << 26;

constexpr std::uint32_t bit(Result result) { return 1u << static_cast<unsigned>(result); }

struct Condition {
  const char* word;
  std::uint32_t results;
};

// Words without a result name events that are not simulated.
constexpr std::array kConditions = {
    Condition{"error", bit(Result::refused) | bit(Result::reset)},
    Condition{"timeout", bit(Result::timeout)},
    Condition{"http_500", bit(Result::server_error)},
    Condition{"http_502", bit(Result::server_error)},
    Condition{"http_503", bit(Result::server_error)},
    Condition{"http_504", bit(Result::server_error)},
    Condition{"invalid_header", 0},
    Condition{"http_403", 0},
    Condition{"http_404", 0},
    Condition{"http_429", 0},
    Condition{"non_idempotent", 0},
    Condition{"off", 0},
};

const Condition* find_condition(const std::string& word) {
  const auto* found = std::find_if(kConditions.begin(), kConditions.end(),
                                   [&](const Condition& c) { return word == c.word; });
  return found == kConditions.end() ? nullptr : found;
}

Diagnostic mistake(std::string field, std::string message, std::string hint = {}) {
  return {"", 0, 0, std::move(field), std::move(message), std::move(hint)};
}

void check_servers(const PoolConfig& config, const AlgorithmSpec& spec, bool allows_backup,
                   std::vector<Diagnostic>& mistakes) {
  std::int64_t total = 0;
  bool has_primary = false;
  for (std::size_t i = 0; i < config.servers.size(); ++i) {
    const ServerConfig& server = config.servers[i];
    const std::string field = "servers[" + std::to_string(i) + "].";
    const auto at_least = [&](const char* name, int value, int least) {
      if (value >= least) return;
      mistakes.push_back(mistake(field + name, "must be at least " + std::to_string(least)));
    };
    at_least("weight", server.weight, 1);
    at_least("max_fails", server.max_fails, 0);
    at_least("fail_timeout", server.fail_timeout_s, 0);
    at_least("max_conns", server.max_conns, 0);
    if (server.backup && !allows_backup) {
      mistakes.push_back(mistake(field + "backup",
                                 "nginx knows no backup servers with " + spec.name,
                                 "use round_robin or least_conn"));
    }
    has_primary = has_primary || !server.backup;
    total += server.weight;
  }
  if (!has_primary) mistakes.push_back(mistake("servers", "needs a server that is not a backup"));
  if (total > kMostTotalWeight) {
    mistakes.push_back(mistake("servers", "the weights add up to more than 67108864"));
  }
}

void check_conditions(const std::string& conditions, std::vector<Diagnostic>& mistakes) {
  std::vector<std::string> known;
  for (const Condition& condition : kConditions) known.emplace_back(condition.word);
  for (const std::string& word : split_words(conditions)) {
    if (find_condition(word) != nullptr) continue;
    mistakes.push_back(mistake("proxy_next_upstream", "unknown condition " + in_quotes(word),
                               did_you_mean(word, known)));
  }
}

}  // namespace

Parameters check_config(const PoolConfig& config, const AlgorithmSpec& spec, bool allows_backup) {
  std::vector<Diagnostic> mistakes;
  check_servers(config, spec, allows_backup, mistakes);
  Parameters parameters(config.parameters, spec.parameters, mistakes);
  check_conditions(parameters.text("proxy_next_upstream"), mistakes);
  if (!mistakes.empty()) throw InputError(std::move(mistakes));
  return parameters;
}

std::uint32_t next_upstream_results(const std::string& words) {
  std::uint32_t results = 0;
  for (const std::string& word : split_words(words)) {
    if (word == "off") return 0;
    if (const Condition* condition = find_condition(word)) results |= condition->results;
  }
  return results;
}

}  // namespace lbsim::algorithms::nginx
