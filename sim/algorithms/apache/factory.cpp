#include "algorithms/apache/factory.hpp"

#include <charconv>

#include "algorithms/apache/proxy_balancer.hpp"
#include "algorithms/parameters.hpp"

namespace lbsim::algorithms::apache {
namespace {

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

const std::vector<ParameterSpec>& proxy_parameters() {
  static const std::vector<ParameterSpec> parameters = {
      {"stickysession", "", "COOKIE or COOKIE|PATH",
       "session id with the route after its first dot",
       [](const std::string& sticky) { return !sticky.empty(); }, "leave it out"},
      {"scolonpathdelim", "Off", "On | Off", "a semicolon ends a session id in the path"},
      {"nofailover", "Off", "On | Off", "a session whose member is unusable gets an error"},
      {"forcerecovery", "On", "On | Off", "try failed members again when all have failed"},
      {"failonstatus", "", "500,503,...", "answers that put a member into error"},
      {"retry", "60", "seconds", "how long a failed member is left alone; 0: not at all"},
  };
  return parameters;
}

std::vector<ParameterSpec> heartbeat_parameters() {
  std::vector<ParameterSpec> parameters = proxy_parameters();
  parameters.push_back({"workers", "400", "1..1000000",
                        "workers of each member (MaxRequestWorkers): those not busy are ready"});
  return parameters;
}

const std::vector<ParameterSpec>& jk_parameters() {
  static const std::vector<ParameterSpec> parameters = {
      {"recover_time", "60", "seconds", "how long a failed member is left alone"},
      {"maintain", "60", "seconds", "how often load values decay and members recover"},
  };
  return parameters;
}

// At most 11 days: a time that can be added to any other.
Duration whole_seconds(const Parameters& parameters, const std::string& name, int low = 0) {
  return seconds(parameters.integer(name, low, 1'000'000));
}

void check_weight(const ServerConfig& server) {
  if (server.weight < 1 || server.weight > 100) {
    reject("servers." + server.name + ".weight", "is not from 1 to 100");
  }
}

std::unique_ptr<ProxyBalancer> make_proxy(std::unique_ptr<ProxyMethod> method,
                                          const Parameters& parameters, const PoolConfig& pool) {
  ProxyConfig config;
  const std::string& sticky = parameters.text("stickysession");
  const std::size_t bar = sticky.find('|');
  config.sticky_cookie = sticky.substr(0, bar);
  config.sticky_path = bar == std::string::npos ? sticky : sticky.substr(bar + 1);
  config.semicolon_ends_path = parameters.flag("scolonpathdelim");
  config.no_failover = parameters.flag("nofailover");
  config.force_recovery = parameters.flag("forcerecovery");
  config.fail_on_status = parse_statuses(parameters.text("failonstatus"));
  const Duration retry = whole_seconds(parameters, "retry");
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
  return std::make_unique<ProxyBalancer>(std::move(members), std::move(config), std::move(method));
}

std::unique_ptr<Upstream> make_comparing(const ProxyKind& kind, const PoolConfig& pool) {
  return make_proxy(kind.make(), Parameters(pool.parameters, proxy_parameters()), pool);
}

std::unique_ptr<Upstream> make_heartbeat_pool(const PoolConfig& pool) {
  const Parameters parameters(pool.parameters, heartbeat_parameters());
  const auto workers = static_cast<std::uint32_t>(parameters.integer("workers", 1, 1'000'000));
  return make_proxy(make_heartbeat(pool.servers.size(), workers, pool.seed), parameters, pool);
}

std::unique_ptr<Upstream> make_jk(const JkKind& kind, const PoolConfig& pool) {
  const Parameters parameters(pool.parameters, jk_parameters());
  JkConfig config;
  config.method = kind.method;
  config.recover_time = whole_seconds(parameters, "recover_time");
  config.maintain = whole_seconds(parameters, "maintain", 1);
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
    line.make = [&kind](const PoolConfig& pool) { return make_comparing(kind, pool); };
    return line;
  }
  if (name == "heartbeat") {
    line.summary = "a random member, by the idle workers that it last reported";
    line.source = "Apache HTTP Server documentation, mod_lbmethod_heartbeat, mod_heartmonitor";
    line.parameters = heartbeat_parameters();
    line.make = make_heartbeat_pool;
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
