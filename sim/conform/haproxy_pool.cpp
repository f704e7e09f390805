#include "conform/haproxy_pool.hpp"

#include <algorithm>
#include <cctype>
#include <string>

#include "algorithms/parameters.hpp"
#include "core/error.hpp"

namespace lbsim::conform {
namespace {

using algorithms::PoolConfig;
using algorithms::ServerConfig;
using algorithms::split_words;
using algorithms::haproxy::Backend;
using algorithms::haproxy::BalanceLine;

constexpr int kMost = 1 << 30;

ServerConfig read_pool_server(const Field& from) {
  const auto integer = [&](const char* name, int fallback, int most = kMost) {
    return static_cast<int>(from.find(name).integer_or(fallback, 0, most));
  };
  ServerConfig server;
  server.name = from.find("name").string_or("");
  server.address = from.find("addr").string_or("");
  server.weight = integer("weight", 1, 256);
  server.backup = from.find("backup").boolean_or(false);
  server.down = from.find("disabled").boolean_or(false);
  server.max_conns = integer("maxconn", 0);
  server.min_conns = integer("minconn", 0);
  server.slow_start_s = integer("slowstart", 0);
  server.id = integer("id", 0);
  server.cookie = from.find("cookie").string_or("");
  return server;
}

// "allbackups", "redispatch", "redispatch 1".
void read_option(const Field& option, PoolConfig& config) {
  const std::vector<std::string> words = split_words(option.string());
  if (words.size() == 1 && words[0] == "allbackups") {
    config.parameters["allbackups"] = "yes";
  } else if (!words.empty() && words.size() <= 2 && words[0] == "redispatch") {
    config.parameters["redispatch"] = words.size() == 2 ? words[1] : "yes";
  } else {
    option.fail("is not an option that is known");
  }
}

void read_parameters(const Field& params, PoolConfig& config) {
  const auto text = [&](const char* from, const char* to) {
    if (params.has(from)) config.parameters[to] = params.at(from).string();
  };
  const auto number = [&](const char* from, const char* to) {
    if (params.has(from)) config.parameters[to] = std::to_string(params.at(from).integer());
  };
  text("hash_type", "hash-type");
  text("cookie", "cookie");
  number("hash_balance_factor", "hash-balance-factor");
  number("retries", "retries");
  number("fullconn", "fullconn");
  if (!params.has("options")) return;
  const Field options = params.at("options");
  for (std::size_t i = 0; i < options.size(); ++i) read_option(options[i], config);
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// The header that a `balance` line names, in lower case; empty for methods that look at none.
std::string header_of(const BalanceLine& balance) {
  const auto parameter = [&](const char* name) {
    const auto found = balance.parameters.find(name);
    return found == balance.parameters.end() ? std::string() : lower(found->second);
  };
  if (balance.method == "hdr") return parameter("name");
  const std::string expression = parameter("expression");
  const std::string sample = "req.hdr(";
  if (balance.method != "hash" || !expression.starts_with(sample)) return {};
  return expression.substr(sample.size(), expression.size() - sample.size() - 1);
}

}  // namespace

HaproxyPool read_haproxy_pool(const Field& trace) {
  const Field params = trace.at("params");
  const Field servers = trace.at("servers");
  HaproxyPool pool;
  PoolConfig config;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    config.servers.push_back(read_pool_server(servers[i]));
    pool.listening.push_back(servers[i].find("listening").boolean_or(true));
  }
  if (config.servers.empty()) servers.fail("has no server");
  const BalanceLine balance = BalanceLine::parse(params.at("balance").string());
  config.parameters = balance.parameters;
  read_parameters(params, config);

  const algorithms::AlgorithmSpec* spec = algorithms::find_algorithm("haproxy", balance.method);
  if (spec == nullptr) params.at("balance").fail("names no method of HAProxy");
  pool.backend.reset(dynamic_cast<Backend*>(spec->make(config).release()));

  const std::string header = header_of(balance);
  pool.rdp = balance.method == "rdp-cookie";
  pool.priorities = params.find("priority").boolean_or(false);
  pool.reads_host = header == "host";
  pool.reads_sent_header =
      !header.empty() && header == lower(params.find("header_name").string_or(""));
  return pool;
}

}  // namespace lbsim::conform
