#include "algorithms/apache/factory.hpp"

#include <charconv>

#include "algorithms/apache/proxy_balancer.hpp"
#include "core/error.hpp"

namespace lbsim::algorithms::apache {
namespace {

[[noreturn]] void reject(const std::string& field, const std::string& message) {
  Diagnostic diagnostic;
  diagnostic.field = field;
  diagnostic.message = message;
  throw InputError(diagnostic);
}

struct ProxyKind {
  const char* name;
  const char* summary;
  std::unique_ptr<ProxyMethod> (*make)();
};
constexpr ProxyKind kProxyKinds[] = {
    {"byrequests", "largest lbstatus: turns in proportion to the load factors", make_byrequests},
    {"bytraffic", "fewest bytes per load factor", make_bytraffic},
    {"bybusyness", "fewest requests in progress, then as byrequests", make_bybusyness},
};

struct JkKind {
  const char* name;
  const char* summary;
  JkMethod method;
};
constexpr JkKind kJkKinds[] = {
    {"Request", "smallest number of requests per lbfactor", JkMethod::request},
    {"Session", "smallest number of new sessions per lbfactor", JkMethod::session},
    {"Traffic", "fewest bytes per lbfactor", JkMethod::traffic},
    {"Busyness", "fewest requests in progress per lbfactor", JkMethod::busyness},
    {"Next", "as Session, but decays by subtraction", JkMethod::next},
};

std::string parameter(const PoolConfig& config, const std::string& name,
                      const std::string& fallback) {
  const auto found = config.parameters.find(name);
  return found == config.parameters.end() ? fallback : found->second;
}

bool is_on(const PoolConfig& config, const std::string& name, const std::string& fallback) {
  const std::string word = parameter(config, name, fallback);
  if (word != "On" && word != "Off") reject(name, word + " is not On or Off");
  return word == "On";
}

std::int64_t whole_seconds(const PoolConfig& config, const std::string& name,
                           const std::string& fallback) {
  const std::string word = parameter(config, name, fallback);
  std::int64_t value = 0;
  const char* end = word.data() + word.size();
  const auto [rest, error] = std::from_chars(word.data(), end, value);
  if (error != std::errc() || rest != end || value < 0 || value > 1'000'000) {
    reject(name, word + " is not a number of seconds");
  }
  return value;
}

void check_weight(const ServerConfig& server) {
  if (server.weight < 1 || server.weight > 100) {
    reject("servers." + server.name + ".weight", "is not from 1 to 100");
  }
}

std::unique_ptr<Upstream> make_proxy(const ProxyKind& kind, const PoolConfig& pool) {
  ProxyConfig config;
  const std::string sticky = parameter(pool, "stickysession", "");
  const std::size_t bar = sticky.find('|');
  config.sticky_cookie = sticky.substr(0, bar);
  config.sticky_path = bar == std::string::npos ? sticky : sticky.substr(bar + 1);
  config.semicolon_ends_path = is_on(pool, "scolonpathdelim", "Off");
  config.no_failover = is_on(pool, "nofailover", "Off");
  config.force_recovery = is_on(pool, "forcerecovery", "On");
  config.fail_on_status = parse_statuses(parameter(pool, "failonstatus", ""));
  const Duration retry = seconds(whole_seconds(pool, "retry", "60"));
  std::vector<ProxyMember> members;
  for (const ServerConfig& server : pool.servers) {
    check_weight(server);
    ProxyMember member;
    member.name = server.name;
    member.route = server.cookie;
    member.lbfactor = std::int64_t{server.weight} * 100;
    member.retry = retry;
    member.standby = server.backup;
    member.disabled = server.down;
    members.push_back(member);
  }
  return std::make_unique<ProxyBalancer>(std::move(members), std::move(config), kind.make());
}

std::unique_ptr<Upstream> make_jk(const JkKind& kind, const PoolConfig& pool) {
  JkConfig config;
  config.method = kind.method;
  config.recover_time = seconds(whole_seconds(pool, "recover_time", "60"));
  config.maintain = seconds(whole_seconds(pool, "maintain", "60"));
  if (config.maintain == Duration::zero()) reject("maintain", "is zero");
  std::vector<JkMember> members;
  for (const ServerConfig& server : pool.servers) {
    check_weight(server);
    JkMember member;
    member.name = server.name;
    member.route = server.cookie.empty() ? server.name : server.cookie;
    member.lbfactor = static_cast<std::uint64_t>(server.weight);
    if (server.backup) member.activation = JkActivation::disabled;
    if (server.down) member.activation = JkActivation::stopped;
    members.push_back(member);
  }
  return std::make_unique<JkBalancer>(std::move(members), config);
}

const std::vector<ParameterSpec>& proxy_parameters() {
  static const std::vector<ParameterSpec> parameters = {
      {"stickysession", "", "COOKIE or COOKIE|PATH",
       "session id with the route after its first dot"},
      {"scolonpathdelim", "Off", "On | Off", "a semicolon ends a session id in the path"},
      {"nofailover", "Off", "On | Off", "a session whose member is unusable gets an error"},
      {"forcerecovery", "On", "On | Off", "try failed members again when all have failed"},
      {"failonstatus", "", "500,503,...", "answers that put a member into error"},
      {"retry", "60", "seconds", "how long a failed member is left alone; 0: not at all"},
  };
  return parameters;
}

const std::vector<ParameterSpec>& jk_parameters() {
  static const std::vector<ParameterSpec> parameters = {
      {"recover_time", "60", "seconds", "how long a failed member is left alone"},
      {"maintain", "60", "seconds", "how often load values decay and members recover"},
  };
  return parameters;
}

}  // namespace

std::unique_ptr<ProxyMethod> make_proxy_method(std::string_view name) {
  for (const ProxyKind& kind : kProxyKinds) {
    if (kind.name == name) return kind.make();
  }
  reject("algorithm", std::string(name) + " is no lbmethod of mod_proxy_balancer");
}

JkMethod jk_method(std::string_view name) {
  for (const JkKind& kind : kJkKinds) {
    if (kind.name == name) return kind.method;
  }
  reject("algorithm", std::string(name) + " is no method of mod_jk");
}

std::vector<int> parse_statuses(const std::string& text) {
  std::vector<int> statuses;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    int status = 0;
    const auto [rest, error] = std::from_chars(text.data() + from, text.data() + comma, status);
    if (error != std::errc() || rest != text.data() + comma) {
      reject("failonstatus", text + " is not a list of status codes");
    }
    statuses.push_back(status);
    from = comma + 1;
  }
  return statuses;
}

AlgorithmSpec spec(std::string_view name) {
  AlgorithmSpec line;
  line.family = "apache";
  line.name = std::string(name);
  for (const ProxyKind& kind : kProxyKinds) {
    if (kind.name != name) continue;
    line.summary = kind.summary;
    line.source = "Apache HTTP Server documentation, mod_proxy_balancer";
    line.parameters = proxy_parameters();
    line.make = [&kind](const PoolConfig& pool) { return make_proxy(kind, pool); };
    return line;
  }
  for (const JkKind& kind : kJkKinds) {
    if (kind.name != name) continue;
    line.summary = kind.summary;
    line.source = "Apache Tomcat Connectors documentation, workers.properties";
    line.parameters = jk_parameters();
    line.make = [&kind](const PoolConfig& pool) { return make_jk(kind, pool); };
    return line;
  }
  reject("algorithm", std::string(name) + " is no method of an Apache balancer");
}

}  // namespace lbsim::algorithms::apache
