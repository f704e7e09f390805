#include <fmt/format.h>

#include "scenario/layer7_reader.hpp"
#include "scenario/machine_readers.hpp"
#include "scenario/method_field.hpp"
#include "scenario/tier_readers.hpp"

namespace lbsim::scenario {
namespace {

// CPU times of one worker, measured on one AMD EPYC core: 1 KB and 20 KB responses, kept-alive and
// new connections on either side. New connections cost what a request takes more with them.
struct Costs {
  Duration request;
  Duration kilobyte;
  Duration accept;
  Duration connect;
};

constexpr Costs kNginx = {picoseconds(18'400'000), picoseconds(350'000), microseconds(28),
                          microseconds(42)};
constexpr Costs kHaproxyHttp = {microseconds(22), picoseconds(220'000), microseconds(24),
                                microseconds(37)};
// 52 us for both connections of a relayed one; halves, since only their sum was measured.
constexpr Costs kHaproxyTcp = {picoseconds(18'400'000), picoseconds(160'000), microseconds(26),
                               microseconds(26)};

void read_costs(Reader& r, ProxyTierConfig& c, const std::optional<Costs>& defaults,
                const std::string& source) {
  const auto read = [&](std::string_view name, Duration& out, Duration Costs::*member,
                        const std::string& help) {
    DurationField field{.help = help, .max = seconds(1), .source = source};
    if (defaults) {
      field.fallback = (*defaults).*member;
      return r.duration(name, out, field);
    }
    std::optional<Duration> given;
    r.duration(name, given, field);
    const Costs& costs = c.mode == ProxyMode::tcp ? kHaproxyTcp : kHaproxyHttp;
    out = given.value_or(costs.*member);
  };
  read("request_cpu", c.request_cpu, &Costs::request,
       "CPU for one request whose connections are there already.");
  read("kilobyte_cpu", c.kilobyte_cpu, &Costs::kilobyte, "CPU for each 1,000 bytes of response.");
  read("accept_cpu", c.accept_cpu, &Costs::accept, "CPU for a new connection of a client.");
  read("connect_cpu", c.connect_cpu, &Costs::connect, "CPU for a new connection to a server.");
}

// Of what has queues.
void read_queue(Reader& r, ProxyTierConfig& c) {
  r.duration("queue_timeout", c.queue_timeout,
             {.help = "A request that has waited so long for a server's slot is answered with 503 "
                      "(timeout queue); 0s: connect_timeout.",
              .fallback = c.queue_timeout,
              .source = "HAProxy configuration manual, timeout queue: timeout connect"});
  r.duration("queue_cpu", c.queue_cpu,
             {.help = "More CPU for a request that has waited for a server's slot.",
              .max = seconds(1),
              .fallback = c.queue_cpu,
              .source = "none by default; 60us in the recorded run h03 of docs/validation.md, on a "
                        "busy machine"});
}

void read_count(Reader& r, ProxyTierConfig& c) {
  r.integer("count", c.count, {.help = "Machines.", .min = 1, .max = 60'000, .fallback = c.count});
}

void read_workers(Reader& r, std::string_view name, ProxyTierConfig& c, const std::string& what) {
  r.integer(name, c.workers,
            {.help = what,
             .min = 1,
             .max = 1024,
             .fallback = c.workers,
             .source = "an assumption: an eight-core machine"});
}

void read_keepalive(Reader& r, ProxyTierConfig& c, const std::string& source) {
  r.integer("keepalive", c.keepalive,
            {.help = "Idle connections to servers that each worker keeps.",
             .min = 0,
             .max = 1'000'000,
             .fallback = c.keepalive,
             .source = source});
  r.boolean("notices_closed", c.notices_closed,
            {.help = "Drops idle connections when a server that stops closes them, as nginx and "
                     "HAProxy do; else a request finds out.",
             .fallback = c.notices_closed});
}

void read_timeouts(Reader& r, ProxyTierConfig& c, const ProxyTierConfig& defaults,
                   const std::string& source) {
  const auto read = [&](std::string_view name, Duration ProxyTierConfig::*member,
                        const std::string& help) {
    r.duration(
        name, c.*member,
        {.help = help, .min = milliseconds(1), .fallback = defaults.*member, .source = source});
  };
  read("connect_timeout", &ProxyTierConfig::connect_timeout, "For a connection to a server.");
  read("read_timeout", &ProxyTierConfig::read_timeout, "For a server's answer.");
  read("client_keepalive", &ProxyTierConfig::client_keepalive,
       "Idle client connections are closed after this.");
}

void read_member_limit(Reader& r, std::string_view name, ProxyTierConfig& c) {
  r.integer(name, c.member_connections_max,
            {.help = "Requests that each machine of this tier sends to one server at once; 0: no "
                     "limit.",
             .max = 1'000'000'000,
             .fallback = c.member_connections_max});
}

void read_worker_connections(Reader& r, ProxyTierConfig& c) {
  std::uint32_t worker_connections = 0;
  r.count("worker_connections", worker_connections,
          {.help = "Client connections that each worker may hold.",
           .min = 1,
           .max = 4'000'000,
           .fallback = 512,
           .source = "nginx, worker_connections"});
  c.connections_max = worker_connections * static_cast<std::uint32_t>(c.workers);
}

void read_passive_checks(Reader& r, ProxyTierConfig& c) {
  const std::string source = "nginx, upstream module, server";
  r.integer("max_fails", c.max_fails,
            {.help = "Failed requests within fail_timeout that take a server out for as long.",
             .min = 0,
             .max = 1'000'000,
             .fallback = c.max_fails,
             .source = source});
  r.duration(
      "fail_timeout", c.fail_timeout,
      {.help = "See max_fails.", .min = seconds(1), .fallback = c.fail_timeout, .source = source});
}

// HAProxy's defaults set none of these; its manual's example does.
ProxyTierConfig haproxy_timeouts() {
  ProxyTierConfig c;
  c.connect_timeout = seconds(5);
  c.read_timeout = seconds(50);
  c.client_keepalive = seconds(50);
  return c;
}

// inter 2s, fall 3, rise 2; without timeout check a check ends with its interval.
HealthCheckConfig haproxy_checks() {
  return {.enabled = true,
          .interval = seconds(2),
          .timeout = seconds(2),
          .fall = 3,
          .rise = 2,
          .retry_interval = {}};
}

void read_haproxy_checks(Reader& r, ProxyTierConfig& c) {
  read_check(r, "check", c.check, haproxy_checks(),
             "Checks of the machines behind. Without this table nobody checks.",
             "HAProxy configuration manual: inter 2s, fall 3, rise 2");
  c.vrrp_enabled = r.optional_table(
      "vrrp", [&](Reader& t) { read_vrrp(t, c.vrrp, c.count); },
      {.help = "Keepalived gives the tier one virtual address, which one machine holds while the "
               "others stand by. Without this table each has its own address."});
  if (c.vrrp_enabled && c.count > kVrrpNodesMax) {
    r.fail("count", fmt::format("is {}, with one virtual address", c.count),
           fmt::format("at most {} machines share an address", kVrrpNodesMax));
  }
}

}  // namespace

void read_nginx(Reader& r, TierConfig& tier) {
  auto& c = tier.device.emplace<ProxyTierConfig>();
  c.kind = ProxyKind::nginx;
  read_next(r, tier);
  read_count(r, c);
  read_workers(r, "workers", c, "worker_processes: one core each.");
  read_method(r, "method", "nginx", c.method,
              {.help = "How a worker picks a server, as nginx's directives are called.",
               .fallback = "round_robin",
               .source = "nginx, upstream module"});
  read_parameters(r, "nginx", c.method, c.parameters);
  r.boolean("zone", c.zone,
            {.help = "A machine's workers share what they know of the servers (zone); else each "
                     "worker has its own view.",
             .fallback = false,
             .source = "nginx, zone: none unless configured"});
  read_worker_connections(r, c);
  read_keepalive(r, c, "an assumption; the examples of nginx's documentation keep 16 or 32");
  read_costs(r, c, kNginx, "measured on one AMD EPYC core with nginx, 1 KB and 20 KB responses");
  read_timeouts(r, c, ProxyTierConfig{},
                "nginx: proxy_connect_timeout 60s, proxy_read_timeout "
                "60s, keepalive_timeout 75s");
  read_passive_checks(r, c);
  read_member_limit(r, "max_conns", c);
  read_layer7(r, c, "nginx");
  read_nic(r, c.nic);
  read_cost(r, c.cost);
}

void read_haproxy(Reader& r, TierConfig& tier) {
  auto& c = tier.device.emplace<ProxyTierConfig>();
  c.kind = ProxyKind::haproxy;
  c.zone = true;  // threads share one process's state
  read_next(r, tier);
  r.choice("mode", c.mode,
           {{"http", ProxyMode::http, "balances requests."},
            {"tcp", ProxyMode::tcp, "balances connections."}},
           {.help = "What is balanced.",
            .fallback = ProxyMode::http,
            .source = "a program's own default is tcp; most configurations set http"});
  read_count(r, c);
  read_workers(r, "threads", c, "nbthread: one core each.");
  read_method(r, "method", "haproxy", c.method,
              {.help = "How a server is picked, as balance spells it.",
               .fallback = "roundrobin",
               .source = "HAProxy configuration manual, balance"});
  read_parameters(r, "haproxy", c.method, c.parameters);
  r.count("maxconn", c.connections_max,
          {.help = "Client connections of one machine; 0: no limit.",
           .max = 4'000'000'000,
           .fallback = 0,
           .source = "HAProxy derives it from the limit of file descriptors"});
  read_keepalive(r, c, "an assumption; HAProxy's pool-max-conn has no limit by default");
  read_costs(r, c, std::nullopt,
             "measured on one AMD EPYC core with HAProxy, 1 KB and 20 KB responses; http: 22us, "
             "220ns, 24us, 37us; tcp: 18.4us, 160ns, 26us, 26us");
  read_timeouts(r, c, haproxy_timeouts(),
                "HAProxy configuration manual, the example of an HTTP proxy: connect 5s, server "
                "50s, client 50s");
  read_member_limit(r, "server_maxconn", c);
  read_queue(r, c);
  read_haproxy_checks(r, c);
  read_layer7(r, c, "haproxy");
  read_nic(r, c.nic);
  read_cost(r, c.cost);
}

void read_balancer(Reader& r, TierConfig& tier) {
  auto& c = tier.device.emplace<ProxyTierConfig>();
  c.kind = ProxyKind::balancer;
  read_next(r, tier);
  read_count(r, c);
  read_workers(r, "workers", c, "Processes or threads: one core each.");
  read_any_method(r, "method", c.family, c.method,
                  {.help = "How a server is picked: a family of `lbsim algorithms` and one of its "
                           "methods.",
                   .fallback = "nginx/round_robin",
                   .source = "what most proxies do unless configured"});
  read_any_parameters(r, c.family, c.method, c.parameters);
  r.boolean("zone", c.zone,
            {.help = "A machine's workers share what they know of the servers; else each worker "
                     "has its own view.",
             .fallback = true});
  r.count("maxconn", c.connections_max,
          {.help = "Client connections of one machine; 0: no limit.",
           .max = 4'000'000'000,
           .fallback = 0});
  read_keepalive(r, c, "an assumption, as for haproxy");
  read_costs(r, c, kHaproxyHttp,
             "an assumption: what HAProxy was measured to need for HTTP on one AMD EPYC core");
  read_timeouts(r, c, haproxy_timeouts(), "as for haproxy");
  read_passive_checks(r, c);
  read_member_limit(r, "server_maxconn", c);
  read_queue(r, c);
  read_haproxy_checks(r, c);
  read_layer7(r, c, "");
  read_nic(r, c.nic);
  read_cost(r, c.cost);
}

}  // namespace lbsim::scenario
