#include "algorithms/algorithm.hpp"
#include "algorithms/apache/factory.hpp"
#include "algorithms/dns/factory.hpp"
#include "algorithms/f5/specs.hpp"
#include "algorithms/haproxy/specs.hpp"
#include "algorithms/ipvs/scheduler.hpp"
#include "algorithms/modern/specs.hpp"
#include "algorithms/parameters.hpp"

namespace lbsim::algorithms {

// Each algorithm's file defines one of these; a family adds its lines here and in catalog().
namespace nginx {
AlgorithmSpec round_robin_spec();
AlgorithmSpec least_conn_spec();
AlgorithmSpec least_time_spec();
AlgorithmSpec ip_hash_spec();
AlgorithmSpec hash_spec();
AlgorithmSpec hash_consistent_spec();
AlgorithmSpec random_spec();
AlgorithmSpec random_two_least_conn_spec();
AlgorithmSpec random_two_least_time_spec();
}  // namespace nginx

namespace {

std::vector<AlgorithmSpec>& entries() {
  static std::vector<AlgorithmSpec> all = {
      nginx::round_robin_spec(),
      nginx::least_conn_spec(),
      nginx::least_time_spec(),
      nginx::ip_hash_spec(),
      nginx::hash_spec(),
      nginx::hash_consistent_spec(),
      nginx::random_spec(),
      nginx::random_two_least_conn_spec(),
      nginx::random_two_least_time_spec(),
      ipvs::rr_spec(),
      ipvs::wrr_spec(),
      ipvs::lc_spec(),
      ipvs::wlc_spec(),
      ipvs::fo_spec(),
      ipvs::ovf_spec(),
      ipvs::lblc_spec(),
      ipvs::lblcr_spec(),
      ipvs::dh_spec(),
      ipvs::sh_spec(),
      ipvs::mh_spec(),
      ipvs::sed_spec(),
      ipvs::nq_spec(),
      ipvs::twos_spec(),
      haproxy::roundrobin_spec(),
      haproxy::static_rr_spec(),
      haproxy::leastconn_spec(),
      haproxy::first_spec(),
      haproxy::hash_expression_spec(),
      haproxy::source_spec(),
      haproxy::uri_spec(),
      haproxy::url_param_spec(),
      haproxy::hdr_spec(),
      haproxy::random_spec(),
      haproxy::rdp_cookie_spec(),
      apache::spec("byrequests"),
      apache::spec("bytraffic"),
      apache::spec("bybusyness"),
      apache::spec("heartbeat"),
      apache::spec("Request"),
      apache::spec("Session"),
      apache::spec("Traffic"),
      apache::spec("Busyness"),
      apache::spec("Next"),
      dns::spec("bind"),
      dns::spec("knot"),
      dns::spec("dnsmasq-hosts"),
      dns::spec("fixed"),
      dns::spec("shuffled"),
      dns::spec("gdnsd-weighted"),
      dns::spec("gdnsd-multifo"),
      dns::spec("gdnsd-simplefo"),
      dns::spec("gdnsd-metafo"),
      dns::spec("gdnsd-geoip"),
      dns::spec("pdns-pickrandom"),
      dns::spec("pdns-pickwrandom"),
      dns::spec("pdns-pickhashed"),
      dns::spec("pdns-pickwhashed"),
      dns::spec("pdns-pickclosest"),
      dns::spec("pdns-ifportup"),
      dns::spec("pdns-geoip"),
      dns::spec("dnsdist-roundrobin"),
      dns::spec("dnsdist-firstAvailable"),
      dns::spec("dnsdist-leastOutstanding"),
      dns::spec("dnsdist-wrandom"),
      dns::spec("dnsdist-whashed"),
      dns::spec("dnsdist-chashed"),
      dns::spec("bind-cache"),
      dns::spec("unbound"),
      dns::spec("dnsmasq"),
      dns::spec("recursor"),
      dns::spec("glibc"),
      f5::round_robin_spec(),
      f5::ratio_spec(),
      f5::least_connections_spec(),
      f5::weighted_least_connections_spec(),
      f5::observed_spec(),
      f5::predictive_spec(),
      f5::fastest_spec(),
      f5::dynamic_ratio_spec(),
      f5::least_sessions_spec(),
      modern::round_robin_spec(),
      modern::random_spec(),
      modern::power_of_d_spec(),
      modern::least_request_spec(),
      modern::p2c_ewma_spec(),
      modern::jiq_spec(),
      modern::prequal_spec(),
      modern::maglev_spec(),
      modern::ring_hash_spec(),
      modern::bounded_load_ring_spec(),
      modern::rendezvous_spec(),
      modern::jump_hash_spec(),
      modern::subsetting_spec(),
  };
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

const AlgorithmSpec* find_algorithm(std::string_view family, std::string_view name) {
  for (const AlgorithmSpec& spec : catalog()) {
    if (spec.family == family && spec.name == name) return &spec;
  }
  return nullptr;
}

}  // namespace lbsim::algorithms
