#include "algorithms/dns/factory.hpp"

namespace lbsim::algorithms::dns {
namespace {

const ParameterSpec kRrsetOrder{"rrset-order", "random", "cyclic | random | none | fixed",
                                "order of the answer; fixed acts as cyclic"};
const ParameterSpec kUpThreshold{"up_thresh", "0.5", "0..1",
                                 "share that must live, or all count as live"};
const ParameterSpec kPerturbation{"perturbation", "0", "0..4294967295", "start of the hash"};
const ParameterSpec kCounter{"start", "0", "0..4294967295", "where the rotation starts"};

const char* const kBind = "BIND 9 Administrator Reference Manual, rrset-order";
const char* const kPdnsLua = "PowerDNS Authoritative documentation, Lua reference";
const char* const kDnsdistDoc = "dnsdist documentation, Loadbalancing and Server Policies";

AlgorithmSpec line(std::string name, std::string summary, std::string source,
                   std::vector<ParameterSpec> parameters = {}) {
  AlgorithmSpec spec;
  spec.family = "dns";
  spec.name = std::move(name);
  spec.summary = std::move(summary);
  spec.source = std::move(source);
  spec.parameters = std::move(parameters);
  return spec;
}

std::vector<AlgorithmSpec> resolver_specs() {
  return {
      line("bind-cache", "BIND as resolver: canonical order, arranged by rrset-order", kBind,
           {kRrsetOrder,
            kCounter,
            {"min-cache-ttl", "0", "seconds", "shortest time kept"},
            {"max-cache-ttl", "604800", "seconds", "longest time kept"},
            {"max-ncache-ttl", "10800", "seconds", "longest time a negative answer is kept"}}),
      line("unbound", "Unbound: rotated by query id + seconds, or the order received",
           "unbound.conf(5)",
           {{"rrset-roundrobin", "yes", "yes | no", "rotate"},
            {"cache-min-ttl", "0", "seconds", "shortest time kept"},
            {"cache-max-ttl", "86400", "seconds", "longest time kept"},
            {"cache-max-negative-ttl", "3600", "seconds", "longest time for negative answers"},
            {"serve-expired", "no", "yes | no", "answer from expired entries at once"},
            {"serve-expired-ttl", "0", "seconds", "how long after expiry; 0: for ever"},
            {"serve-expired-reply-ttl", "30", "seconds", "TTL shown with an expired entry"},
            {"prefetch", "no", "yes | no", "refresh on a hit in the TTL's last tenth"},
            {"wall-clock-start", "0", "Unix time", "wall clock at the start"}}),
      line("dnsmasq", "dnsmasq's cache: each answer the previous one rotated right by one",
           "dnsmasq(8)",
           {{"no-round-robin", "no", "yes | no", "do not rotate"},
            {"min-cache-ttl", "0", "seconds", "shortest time kept"},
            {"max-cache-ttl", "4294967295", "seconds", "longest time kept"},
            {"max-ttl", "4294967295", "seconds", "largest TTL shown"},
            {"no-negcache", "no", "yes | no", "do not keep negative answers"},
            {"use-stale-cache", "unset", "seconds; 0: for ever", "answer from expired entries"}}),
      line("recursor", "PowerDNS Recursor: shuffled, then repeated by the packet cache",
           "PowerDNS Recursor documentation, Performance guide",
           {{"disable-packetcache", "no", "yes | no", "shuffle for every answer"},
            {"packetcache-ttl", "86400", "seconds", "longest life of a packet"},
            {"packetcache-negative-ttl", "60", "seconds", "the same for negative answers"},
            {"minimum-ttl-override", "1", "seconds", "shortest time kept"},
            {"max-cache-ttl", "86400", "seconds", "longest time kept"},
            {"max-negative-ttl", "3600", "seconds", "longest time for negative answers"}}),
      line("glibc", "getaddrinfo's order of the addresses that a stub tries",
           "RFC 3484, gai.conf(5)"),
  };
}

std::vector<AlgorithmSpec> server_specs() {
  return {
      line("bind", "canonical order, rotated by a counter per RRset, shuffled or as it is", kBind,
           {kRrsetOrder, {"start", "32", "0..4294967295", "where the rotation starts"}}),
      line("knot", "canonical order, rotated by the query id",
           "Knot DNS documentation, answer-rotation",
           {{"answer-rotation", "no", "yes | no", "rotate"}}),
      line("dnsmasq-hosts", "names of a hosts file, rotated left by one per query", "dnsmasq(8)",
           {{"no-round-robin", "no", "yes | no", "do not rotate"}}),
      line("fixed", "always the order of the zone", "RFC 1034"),
      line("shuffled", "every order equally likely, as gdnsd and PowerDNS give any RRset",
           "gdnsd(8)"),
  };
}

std::vector<AlgorithmSpec> picker_specs() {
  return {
      line("gdnsd-weighted", "live items by weight: one of them, or each on its own",
           "gdnsd-plugin-weighted(8)",
           {kUpThreshold, {"multi", "no", "yes | no", "each item kept with weight / largest"}}),
      line("gdnsd-multifo", "all live addresses", "gdnsd-plugin-multifo(8)", {kUpThreshold}),
      line("gdnsd-simplefo", "primary, or the secondary while only that lives",
           "gdnsd-plugin-simplefo(8)"),
      line("gdnsd-metafo", "first datacenter that is not down", "gdnsd-plugin-metafo(8)",
           {kUpThreshold}),
      line("gdnsd-geoip", "first live datacenter of the client's network, or nearest to it",
           "gdnsd-plugin-geoip(8)",
           {kUpThreshold, {"auto_dc_limit", "3", "0..", "nearest datacenters kept; 0: all"}}),
      line("pdns-pickrandom", "one address, uniformly", kPdnsLua),
      line("pdns-pickwrandom", "one address, by weight", kPdnsLua),
      line("pdns-pickhashed", "one address, by hash of the client's", kPdnsLua),
      line("pdns-pickwhashed", "one address, by weight and hash of the client's", kPdnsLua),
      line("pdns-pickclosest", "the address closest to the client in degrees", kPdnsLua),
      line("pdns-ifportup", "the addresses that the last check found up", kPdnsLua,
           {{"interval", "5", "seconds", "health check interval"}}),
      line("pdns-geoip", "record of the client's country, continent or a default",
           "PowerDNS Authoritative documentation, GeoIP backend"),
      line("dnsdist-roundrobin", "live servers in turn; weights ignored", kDnsdistDoc, {kCounter}),
      line("dnsdist-firstAvailable", "the first live server by order", kDnsdistDoc),
      line("dnsdist-leastOutstanding", "fewest open queries, then order", kDnsdistDoc),
      line("dnsdist-wrandom", "a live server by weight", kDnsdistDoc),
      line("dnsdist-whashed", "a live server by weight and hash of the name", kDnsdistDoc,
           {kPerturbation}),
      line("dnsdist-chashed", "a live server on a hash ring, by hash of the name", kDnsdistDoc,
           {kPerturbation}),
  };
}

}  // namespace

AlgorithmSpec spec(std::string_view name) {
  for (const auto& specs : {server_specs(), picker_specs(), resolver_specs()}) {
    for (const AlgorithmSpec& candidate : specs) {
      if (candidate.name == name) return candidate;
    }
  }
  reject("kind", in_quotes(name) + " is no DNS kind");
}

}  // namespace lbsim::algorithms::dns
