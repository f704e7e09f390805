#include "algorithms/algorithm.hpp"
#include "algorithms/apache/factory.hpp"
#include "algorithms/dns/factory.hpp"

namespace lbsim::algorithms {

// Each algorithm's file defines one of these; a family adds its lines here and in catalog().
// namespace nginx { AlgorithmSpec round_robin_spec(); }

const std::vector<AlgorithmSpec>& catalog() {
  static const std::vector<AlgorithmSpec> all = {
      apache::spec("byrequests"),
      apache::spec("bytraffic"),
      apache::spec("bybusyness"),
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
  };
  return all;
}

const AlgorithmSpec* find_algorithm(std::string_view family, std::string_view name) {
  for (const AlgorithmSpec& spec : catalog()) {
    if (spec.family == family && spec.name == name) return &spec;
  }
  return nullptr;
}

}  // namespace lbsim::algorithms
