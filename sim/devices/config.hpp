// A site as the model takes it: what the scenario reader fills in and the devices are built from.
// Every duration, size and rate is in the unit that its name ends in, or is a Duration.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "algorithms/algorithm.hpp"
#include "core/distribution.hpp"
#include "core/time.hpp"
#include "devices/content_config.hpp"
#include "devices/layer7_config.hpp"
#include "kernel/kernel.hpp"

namespace lbsim {

// A machine's network card. 0 bytes/s: not a limit.
struct NicConfig {
  double bytes_per_s = 1.25e9;
};

// What one machine costs: bought once, and rented or run by the year.
struct CostConfig {
  double price_cny = 0;
  double rent_cny_per_year = 0;
};

// Active checks of a tier's members by the tier in front of it.
struct HealthCheckConfig {
  bool enabled = false;
  Duration interval = seconds(2);  // HAProxy inter, keepalived delay_loop, a monitor's period
  Duration timeout = seconds(2);   // no answer for this long: the check failed
  int fall = 3;                    // failed checks in a row until the member is taken out
  int rise = 2;                    // good checks in a row until it is put back
  Duration retry_interval{};  // keepalived delay_before_retry after a failed check; 0: interval
  std::vector<Duration> first = {};     // of each member: its first check; empty: within warmup
  std::optional<Duration> warmup = {};  // first checks are at random within; none: the interval
  bool from_end = false;                // keepalived: the interval counts from the end of a check
  bool sees_errors = false;             // HTTP: a machine that answers with errors fails
};

// Keepalived. Version 2: RFC 3768; version 3: RFC 5798.
struct VrrpConfig {
  int version = 2;
  Duration advert_interval = seconds(1);
  std::vector<int> priorities = {100, 90};  // one for each node of the tier
  bool preempt = true;
  Duration preempt_delay{};             // more, before a machine that came back takes the address
  Duration start = milliseconds(70);    // of keepalived, until it listens
  Duration respawn = milliseconds(20);  // of its VRRP process by its parent
  Duration arp_timeout = seconds(23);   // the LAN asks again for an address that is silent
};

// How resolvers keep an answer: as Unbound does, or for its TTL to the instant, as theory has it.
enum class ResolverKind : std::uint8_t { unbound, exact };

struct DnsTierConfig {
  std::string rrset_order = "cyclic";  // BIND rrset-order: cyclic, random, none, fixed
  Duration ttl = seconds(300);
  Duration authority_latency = milliseconds(20);  // one way, resolver to authoritative server
  Duration answer_cpu = microseconds(20);
  ResolverKind resolver = ResolverKind::unbound;
  HealthCheckConfig monitor;  // removes dead addresses from the zone
  CostConfig cost;
};

enum class LvsMode : std::uint8_t { dr, nat, tun };

struct LvsTierConfig {
  LvsMode mode = LvsMode::dr;
  std::string scheduler = "wlc";
  int directors = 2;
  int cores = 1;
  Duration packet_cpu{};  // CPU per packet handled
  NicConfig nic;
  int arms = 1;             // cards: with 2, one faces the clients and one the servers
  bool sync = false;        // connection synchronisation daemon
  bool sloppy_tcp = false;  // an unknown connection's packet is scheduled as a SYN is
  VrrpConfig vrrp;
  HealthCheckConfig check;          // keepalived's checkers
  bool inhibit_on_failure = false;  // a failed server stays at weight 0; else it is removed
  Duration tcp_timeout = seconds(900);
  Duration fin_timeout = seconds(120);
  Duration persistence_timeout{};     // zero: clients are not kept at their servers
  int persistence_prefix = 32;        // bits of the client's address that make it the same client
  std::uint32_t connections_max = 0;  // entries in the connection table; 0: no limit
  CostConfig cost;
};

enum class ProxyKind : std::uint8_t { nginx, haproxy, balancer, hardware };
enum class ProxyMode : std::uint8_t { http, tcp };

struct ProxyTierConfig {
  ProxyKind kind = ProxyKind::nginx;
  ProxyMode mode = ProxyMode::http;
  int count = 1;
  int workers = 8;     // nginx worker_processes or HAProxy threads, one core each
  std::string family;  // of the method; empty: that of the kind
  std::string method = "round_robin";
  std::map<std::string, std::string> parameters;  // of the method
  bool zone = false;                              // nginx: state shared by the workers of a node
  std::uint32_t connections_max = 0;  // client connections of a node (worker_connections, maxconn)
  int keepalive = 64;                 // idle connections to servers kept by each worker
  bool notices_closed = false;  // drops those that a server closes; else finds out by using them
  Duration request_cpu{};       // per request, kept-alive connections on both sides
  Duration kilobyte_cpu{};      // per 1,000 bytes of response passed on
  Duration accept_cpu{};        // per new client connection
  Duration connect_cpu{};       // per new connection to a server
  Duration queue_cpu{};         // more, for one that comes out of a queue
  Duration connect_timeout = seconds(60);   // proxy_connect_timeout, timeout connect
  Duration queue_timeout{};                 // timeout queue; 0: connect_timeout
  Duration read_timeout = seconds(60);      // proxy_read_timeout, timeout server
  Duration client_keepalive = seconds(75);  // keepalive_timeout of idle client connections
  int max_fails = 1;
  Duration fail_timeout = seconds(10);
  int member_connections_max = 0;  // nginx max_conns, HAProxy maxconn of each member
  NicConfig nic;
  bool vrrp_enabled = false;  // the nodes share one VIP; else each has its own address
  VrrpConfig vrrp;
  HealthCheckConfig check;  // HAProxy's active checks
  CostConfig cost;
  Layer7Config layer7;  // of mode http
  // Makes the pool of a worker; empty: as the method's spec does.
  std::function<std::unique_ptr<algorithms::Upstream>(const algorithms::PoolConfig&)> make_pool;

  std::string kind_name() const {
    if (kind == ProxyKind::nginx) return "nginx";
    if (kind == ProxyKind::haproxy) return "haproxy";
    return kind == ProxyKind::hardware ? "hardware" : "balancer";
  }
  std::string method_family() const { return family.empty() ? kind_name() : family; }
};

struct ServerGroupConfig {
  std::string name;
  int count = 1;
  int cores = 1;
  double speed = 1.0;
  int weight = 1;
  NicConfig nic;
  CostConfig cost;
  int maxconn = 0;  // requests that one proxy sends to a machine at once; 0: as the proxy says
  std::optional<std::uint32_t> backlog{};  // of one machine; none: that of the tier
};

// What a request hears that finds a machine's backlog full.
enum class WhenFull : std::uint8_t { refuse, answer_503 };

struct ServerTierConfig {
  std::vector<ServerGroupConfig> groups;
  kernel::Discipline discipline = kernel::Discipline::fifo;
  std::uint32_t backlog = 511;  // requests that may wait at a server
  WhenFull when_full = WhenFull::refuse;
  std::uint32_t workers = 0;  // requests worked on at once; 0: as many as cores
  Duration client_keepalive = seconds(75);
};

struct TierConfig {
  std::string name;  // of the scenario table: "vip"
  std::string next;  // name of the tier behind; empty for servers
  std::variant<DnsTierConfig, LvsTierConfig, ProxyTierConfig, ServerTierConfig> device;
};

struct ClientGroupConfig {
  std::string name = "clients";
  double share = 1.0;
  Duration latency = milliseconds(15);  // one way, client to site
  int resolvers = 100;
  double resolver_zipf = 1.0;  // share of the k-th resolver is proportional to k^-zipf
  bool kept_alive = false;     // their connections are open before they ask: no handshake
};

struct NetworkConfig {
  Duration lan_latency = microseconds(50);  // one way, between machines of the site
  double uplink_bytes_per_s = 0;            // the site's Internet link, both ways; 0: not a limit
  int segment_bytes = 1460;                 // TCP MSS
  int initial_window = 10;                  // segments; RFC 6928
  int tls_round_trips = 0;                  // of a new client connection, after TCP's own
};

// Documents are the pages themselves, assets what they refer to.
struct FetchConfig {
  Distribution service;  // seconds of one core at speed 1
  Distribution response_bytes;
};

// How users come at a given rate: each for himself, or in step, as load generators send them.
enum class ArrivalLaw : std::uint8_t { poisson, even };

struct WorkloadConfig {
  double page_views_per_day = 100e6;
  int assets = 30;
  double asset_cached = 0.7;  // share of assets that the browser or an edge cache has
  FetchConfig document;
  FetchConfig asset;
  double request_bytes = 1000;
  int connections = 6;  // of a browser to one address
  double pages_per_session = 4;
  Duration think = seconds(7);      // mean, exponential
  Duration deadline = seconds(10);  // of one fetch, then the user gives up
  ArrivalLaw arrivals = ArrivalLaw::poisson;
  double burst_index = 1;  // index of dispersion of page views over burst_interval
  Duration burst_interval = seconds(60);
  ContentConfig content;  // of what the requests are
};

enum class FaultKind : std::uint8_t {
  crash,      // power loss: silent
  stop,       // the process ends: connections are reset, the port is closed
  repair,     // back after a crash or stop, empty
  slow,       // CPU speed times `factor`
  link_down,  // the machine's network card
  link_up,
  link_slow,  // its bandwidth times `factor`
  errors,     // it answers every request with an error
  errors_end,
  // Of machines that share an address by keepalived, whose own work goes on.
  keepalived_kill,         // all its processes, at once: the machine keeps the address
  keepalived_kill_parent,  // the others end in good order
  keepalived_kill_vrrp,    // the parent starts it again
  keepalived_stop,         // in good order
  keepalived_start,
  partition,  // the others of its tier and it do not hear each other; clients hear it
  partition_end,
};

constexpr bool is_of_keepalived(FaultKind kind) { return kind >= FaultKind::keepalived_kill; }

struct FaultConfig {
  Time at{};         // time of day; the window says what of it is simulated
  std::string node;  // "vip.1", "servers.3"
  FaultKind kind = FaultKind::crash;
  double factor = 1.0;
};

struct SiteConfig {
  std::string name;
  std::uint64_t seed = 1;
  WorkloadConfig workload;
  NetworkConfig network;
  std::vector<ClientGroupConfig> clients;
  TierConfig dns;                 // a DnsTierConfig: tells clients the first tier's addresses
  std::vector<TierConfig> tiers;  // in the order of the walk; the last are the servers
  std::vector<FaultConfig> faults;
};

}  // namespace lbsim
