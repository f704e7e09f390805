#include "algorithms/algorithm.hpp"
#include "algorithms/apache/factory.hpp"
#include "algorithms/dns/factory.hpp"
#include "algorithms/parameters.hpp"

namespace lbsim::algorithms {

// Every algorithm, a line each: ONE if its file defines NAME_spec(), NAMED if its family makes the
// specs of several by their names.
// clang-format off
#define LBSIM_CATALOG(ONE, NAMED) \
  ONE(nginx, round_robin) \
  ONE(nginx, least_conn) \
  ONE(nginx, least_time) \
  ONE(nginx, ip_hash) \
  ONE(nginx, hash) \
  ONE(nginx, hash_consistent) \
  ONE(nginx, random) \
  ONE(nginx, random_two_least_conn) \
  ONE(nginx, random_two_least_time) \
  ONE(ipvs, rr) \
  ONE(ipvs, wrr) \
  ONE(ipvs, lc) \
  ONE(ipvs, wlc) \
  ONE(ipvs, fo) \
  ONE(ipvs, ovf) \
  ONE(ipvs, lblc) \
  ONE(ipvs, lblcr) \
  ONE(ipvs, dh) \
  ONE(ipvs, sh) \
  ONE(ipvs, mh) \
  ONE(ipvs, sed) \
  ONE(ipvs, nq) \
  ONE(ipvs, twos) \
  ONE(haproxy, roundrobin) \
  ONE(haproxy, static_rr) \
  ONE(haproxy, leastconn) \
  ONE(haproxy, first) \
  ONE(haproxy, hash_expression) \
  ONE(haproxy, source) \
  ONE(haproxy, uri) \
  ONE(haproxy, url_param) \
  ONE(haproxy, hdr) \
  ONE(haproxy, random) \
  ONE(haproxy, rdp_cookie) \
  NAMED(apache, "byrequests") \
  NAMED(apache, "bytraffic") \
  NAMED(apache, "bybusyness") \
  NAMED(apache, "heartbeat") \
  NAMED(apache, "Request") \
  NAMED(apache, "Session") \
  NAMED(apache, "Traffic") \
  NAMED(apache, "Busyness") \
  NAMED(apache, "Next") \
  NAMED(dns, "bind") \
  NAMED(dns, "knot") \
  NAMED(dns, "dnsmasq-hosts") \
  NAMED(dns, "fixed") \
  NAMED(dns, "shuffled") \
  NAMED(dns, "gdnsd-weighted") \
  NAMED(dns, "gdnsd-multifo") \
  NAMED(dns, "gdnsd-simplefo") \
  NAMED(dns, "gdnsd-metafo") \
  NAMED(dns, "gdnsd-geoip") \
  NAMED(dns, "pdns-pickrandom") \
  NAMED(dns, "pdns-pickwrandom") \
  NAMED(dns, "pdns-pickhashed") \
  NAMED(dns, "pdns-pickwhashed") \
  NAMED(dns, "pdns-pickclosest") \
  NAMED(dns, "pdns-ifportup") \
  NAMED(dns, "pdns-geoip") \
  NAMED(dns, "dnsdist-roundrobin") \
  NAMED(dns, "dnsdist-firstAvailable") \
  NAMED(dns, "dnsdist-leastOutstanding") \
  NAMED(dns, "dnsdist-wrandom") \
  NAMED(dns, "dnsdist-whashed") \
  NAMED(dns, "dnsdist-chashed") \
  NAMED(dns, "bind-cache") \
  NAMED(dns, "unbound") \
  NAMED(dns, "dnsmasq") \
  NAMED(dns, "recursor") \
  NAMED(dns, "glibc") \
  ONE(f5, round_robin) \
  ONE(f5, ratio) \
  ONE(f5, least_connections) \
  ONE(f5, weighted_least_connections) \
  ONE(f5, observed) \
  ONE(f5, predictive) \
  ONE(f5, fastest) \
  ONE(f5, dynamic_ratio) \
  ONE(f5, least_sessions) \
  ONE(modern, round_robin) \
  ONE(modern, random) \
  ONE(modern, power_of_d) \
  ONE(modern, least_request) \
  ONE(modern, p2c_ewma) \
  ONE(modern, jiq) \
  ONE(modern, prequal) \
  ONE(modern, maglev) \
  ONE(modern, ring_hash) \
  ONE(modern, bounded_load_ring) \
  ONE(modern, rendezvous) \
  ONE(modern, jump_hash) \
  ONE(modern, subsetting)
// clang-format on

#define LBSIM_DECLARE(family, name) \
  namespace family {                \
  AlgorithmSpec name##_spec();      \
  }
#define LBSIM_NOTHING(family, name)
LBSIM_CATALOG(LBSIM_DECLARE, LBSIM_NOTHING)

namespace {

std::vector<AlgorithmSpec>& entries() {
#define LBSIM_CALL(family, name) family::name##_spec(),
#define LBSIM_CALL_NAMED(family, name) family::spec(name),
  static std::vector<AlgorithmSpec> all = {LBSIM_CATALOG(LBSIM_CALL, LBSIM_CALL_NAMED)};
  return all;
}

}  // namespace

const std::vector<AlgorithmSpec>& catalog() { return entries(); }

void add_algorithm(AlgorithmSpec spec) {
  const std::string name = spec.family + '/' + spec.name;
  const auto is_word = [](const std::string& text) {
    return !text.empty() && text.find_first_of(" /\t\n") == std::string::npos;
  };
  if (!is_word(spec.family) || !is_word(spec.name)) {
    reject(name, "is no name of an algorithm", "a family and a name, each a word");
  }
  if (find_algorithm(spec.family, spec.name)) {
    reject(name, "is the name of another algorithm", "choose a family or a name of your own");
  }
  if (spec.summary.empty() || spec.source.empty()) {
    reject(name, "has no summary or no source", "say what it does, and where that is written");
  }
  if (!spec.make) reject(name, "has nothing that makes a pool", "set AlgorithmSpec::make");
  auto place = entries().end();
  while (place != entries().begin() && std::prev(place)->family != spec.family) --place;
  if (place == entries().begin()) place = entries().end();
  entries().insert(place, std::move(spec));
}

void remove_algorithm(std::string_view family, std::string_view name) {
  std::erase_if(entries(), [&](const AlgorithmSpec& spec) {
    return spec.family == family && spec.name == name;
  });
}

const AlgorithmSpec* find_algorithm(std::string_view family, std::string_view name) {
  for (const AlgorithmSpec& spec : catalog()) {
    if (spec.family == family && spec.name == name) return &spec;
  }
  return nullptr;
}

}  // namespace lbsim::algorithms
