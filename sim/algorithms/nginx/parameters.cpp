#include "algorithms/nginx/parameters.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

#include "core/error.hpp"

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

std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates) {
  const std::string near = nearest_word(word, candidates);
  return near.empty() ? near : "did you mean \"" + near + "\"?";
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

void check_parameters(const PoolConfig& config, const AlgorithmSpec& spec,
                      std::vector<Diagnostic>& mistakes) {
  std::vector<std::string> names;
  for (const ParameterSpec& known : spec.parameters) names.push_back(known.name);
  for (const auto& [name, value] : config.parameters) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    mistakes.push_back(
        mistake(name, "nginx " + spec.name + " has no such parameter", did_you_mean(name, names)));
  }
  std::vector<std::string> words;
  for (const Condition& condition : kConditions) words.emplace_back(condition.word);
  std::istringstream conditions(parameter(config, spec, "proxy_next_upstream"));
  for (std::string word; conditions >> word;) {
    if (find_condition(word) != nullptr) continue;
    mistakes.push_back(mistake("proxy_next_upstream", "unknown condition \"" + word + "\"",
                               did_you_mean(word, words)));
  }
  const std::string tries = parameter(config, spec, "tries");
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(tries.data(), tries.data() + tries.size(), number);
  if (error != std::errc{} || end != tries.data() + tries.size()) {
    mistakes.push_back(mistake("tries", "must be a whole number from 0, not \"" + tries + "\""));
  }
}

}  // namespace

std::string parameter(const PoolConfig& config, const AlgorithmSpec& spec,
                      const std::string& name) {
  const auto given = config.parameters.find(name);
  if (given != config.parameters.end()) return given->second;
  for (const ParameterSpec& known : spec.parameters) {
    if (known.name == name) return known.fallback;
  }
  return {};
}

void check_config(const PoolConfig& config, const AlgorithmSpec& spec, bool allows_backup) {
  std::vector<Diagnostic> mistakes;
  check_servers(config, spec, allows_backup, mistakes);
  check_parameters(config, spec, mistakes);
  if (!mistakes.empty()) throw InputError(std::move(mistakes));
}

std::uint32_t next_upstream_results(const std::string& words) {
  std::uint32_t results = 0;
  std::istringstream conditions(words);
  for (std::string word; conditions >> word;) {
    if (word == "off") return 0;
    if (const Condition* condition = find_condition(word)) results |= condition->results;
  }
  return results;
}

}  // namespace lbsim::algorithms::nginx
