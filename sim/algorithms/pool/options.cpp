#include "algorithms/pool/options.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <set>

#include "algorithms/pool/pool.hpp"

namespace lbsim::algorithms::pool {

std::vector<ParameterSpec> common_parameters(const GivenParameters& changed) {
  std::vector<ParameterSpec> all = {
      {"tries", "0", "0..", "most members tried for one request; 0: all"},
      {"sticky", "off", "off | client | cookie NAME",
       "a client stays at its member: by its address, or by a cookie that names the member",
       [](const std::string& sticky) { return sticky.find("cookie") != std::string::npos; },
       "sticky = \"client\" keeps clients by their address"},
      {"sticky_timeout", "180", "0..",
       "seconds after its last request that a client is remembered; "
       "0: for ever"},
      {"bounded_load", "off", "off | 1.001..1000",
       "most load of a member, as a multiple of the mean for its weight"},
      {"slow_start", "0", "0..",
       "seconds until a member that came back has its full share; a server's own comes first"},
      {"priority_groups", "", "one number per server",
       "priorities, highest first served; without: backup servers come after the others"},
      {"min_active", "1", "1..",
       "the next priority group is added while fewer members are available"},
  };
  for (ParameterSpec& parameter : all) {
    const auto other = changed.find(parameter.name);
    if (other != changed.end()) parameter.fallback = other->second;
  }
  return all;
}

const std::vector<ServerConfig>& check_servers(const PoolConfig& config) {
  std::vector<Diagnostic> mistakes;
  const auto in_range = [&](std::size_t i, const char* field, int value, int most) {
    if (value >= 0 && value <= most) return;
    mistakes.push_back({"", 0, 0, "servers[" + std::to_string(i) + "]." + field,
                        std::to_string(value) + " is out of range",
                        "an integer from 0 to " + std::to_string(most)});
  };
  for (std::size_t i = 0; i < config.servers.size(); ++i) {
    in_range(i, "weight", config.servers[i].weight, kMostWeight);
    in_range(i, "max_conns", config.servers[i].max_conns, 1'000'000'000);
    in_range(i, "slow_start", config.servers[i].slow_start_s, kMostSeconds);
  }
  if (config.servers.empty()) mistakes.push_back({"", 0, 0, "servers", "needs a server", ""});
  if (!mistakes.empty()) throw InputError(std::move(mistakes));
  return config.servers;
}

std::vector<std::uint32_t> read_groups(const PoolConfig& config, const Parameters& parameters) {
  const std::vector<std::string> words = split_words(parameters.text("priority_groups"));
  std::vector<int> priorities;
  for (const ServerConfig& server : config.servers) priorities.push_back(server.backup ? 0 : 1);
  if (!words.empty() && words.size() != priorities.size()) {
    reject("priority_groups", "names " + std::to_string(words.size()) + " priorities",
           "one for each of the " + std::to_string(priorities.size()) + " servers");
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    const char* end = words[i].data() + words[i].size();
    const auto [rest, error] = std::from_chars(words[i].data(), end, priorities[i]);
    if (error == std::errc{} && rest == end && priorities[i] >= 0) continue;
    reject("priority_groups", in_quotes(words[i]) + " is no priority", "integers from 0 up");
  }
  const std::set<int, std::greater<>> ranks(priorities.begin(), priorities.end());
  std::vector<std::uint32_t> groups;
  for (const int priority : priorities) {
    groups.push_back(
        static_cast<std::uint32_t>(std::distance(ranks.begin(), ranks.find(priority))));
  }
  return groups;
}

std::vector<Duration> read_slow_starts(const PoolConfig& config, const Parameters& parameters) {
  const int of_all = parameters.integer("slow_start", 0, kMostSeconds);
  std::vector<Duration> lengths;
  for (const ServerConfig& server : config.servers) {
    lengths.push_back(seconds(server.slow_start_s != 0 ? server.slow_start_s : of_all));
  }
  return lengths;
}

std::uint64_t read_bound(const Parameters& parameters) {
  if (parameters.text("bounded_load") == "off") return 0;
  return static_cast<std::uint64_t>(parameters.number("bounded_load", 1.001, 1000) * 1000 + 0.5);
}

}  // namespace lbsim::algorithms::pool
