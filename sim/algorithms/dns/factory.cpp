#include "algorithms/dns/factory.hpp"

#include "algorithms/dns/bind.hpp"
#include "algorithms/dns/bind_cache.hpp"
#include "algorithms/dns/dnsmasq_cache.hpp"
#include "algorithms/dns/dnsmasq_hosts.hpp"
#include "algorithms/dns/gdnsd_failover.hpp"
#include "algorithms/dns/gdnsd_weighted.hpp"
#include "algorithms/dns/knot.hpp"
#include "algorithms/dns/plain.hpp"
#include "algorithms/dns/powerdns_geo.hpp"
#include "algorithms/dns/powerdns_ifportup.hpp"
#include "algorithms/dns/powerdns_pick.hpp"
#include "algorithms/dns/recursor_cache.hpp"
#include "algorithms/dns/unbound_cache.hpp"

namespace lbsim::algorithms::dns {
namespace {

using Config = AuthorityConfig;
using Made = std::unique_ptr<Authority>;

BindOrder bind_order(const Parameters& parameters) {
  const std::string word = read_word(parameters, "rrset-order", "random");
  if (word == "cyclic" || word == "fixed") return BindOrder::cyclic;
  if (word == "random") return BindOrder::random;
  if (word == "none") return BindOrder::none;
  reject("rrset-order", "is " + in_quotes(word) + ", not cyclic, random, none or fixed");
}

double up_threshold(const Config& c) {
  return read_fraction(c.parameters, "up_thresh", kGdnsdUpThreshold);
}

Made make_bind(const Config& c) {
  return std::make_unique<BindAuthority>(*c.records, bind_order(c.parameters),
                                         read_number(c.parameters, "start", 32), *c.random);
}
Made make_knot(const Config& c) {
  return std::make_unique<KnotAuthority>(*c.records,
                                         read_flag(c.parameters, "answer-rotation", false));
}
Made make_hosts(const Config& c) {
  const bool round_robin = !read_flag(c.parameters, "no-round-robin", false);
  return std::make_unique<DnsmasqHosts>(*c.records, c.owns_reverse, round_robin);
}
Made make_fixed(const Config& c) { return std::make_unique<FixedAuthority>(*c.records); }
Made make_shuffled(const Config& c) {
  return std::make_unique<ShuffledAuthority>(*c.records, *c.random);
}
Made make_weighted(const Config& c) {
  return std::make_unique<GdnsdWeighted>(*c.records, read_flag(c.parameters, "multi", false),
                                         up_threshold(c), *c.random);
}
Made make_multifo(const Config& c) {
  return std::make_unique<GdnsdMultifo>(*c.records, up_threshold(c), *c.random);
}
Made make_simplefo(const Config& c) { return std::make_unique<GdnsdSimplefo>(*c.records); }

Made make_metafo(const Config& c) {
  return std::make_unique<GdnsdDatacenters>(
      *c.records, c.datacenters, DatacenterMap(c.datacenters.size()), up_threshold(c), *c.random);
}
Made make_gdnsd_geoip(const Config& c) {
  const auto all = static_cast<std::uint32_t>(c.datacenters.size());
  const std::uint32_t limit = read_number(c.parameters, "auto_dc_limit", 3);
  DatacenterMap map =
      c.locations ? nearest_datacenters(c.datacenters, *c.locations, limit == 0 ? all : limit)
                  : DatacenterMap(all);
  for (const auto& [network, list] : c.networks) map.insert(network, list);
  return std::make_unique<GdnsdDatacenters>(*c.records, c.datacenters, std::move(map),
                                            up_threshold(c), *c.random);
}

template <PowerdnsPick kind>
Made make_pick(const Config& c) {
  return std::make_unique<PowerdnsPicker>(*c.records, kind, *c.random);
}
const LocationMap& locations_of(const Config& c) {
  if (!c.locations) reject("locations", "are missing: this kind chooses by the client's place");
  return *c.locations;
}
Made make_closest(const Config& c) {
  if (c.places.size() != c.records->size()) reject("places", "are not one per address");
  return std::make_unique<PowerdnsClosest>(*c.records, c.places, locations_of(c), *c.random);
}
Made make_pdns_geoip(const Config& c) {
  return std::make_unique<PowerdnsGeoip>(*c.records, c.services, c.by_service, locations_of(c));
}
Made make_ifportup(const Config& c) {
  const std::uint32_t interval_s = read_number(c.parameters, "interval", 5);
  return std::make_unique<PowerdnsIfportup>(*c.records, seconds(interval_s));
}

template <DnsdistPolicy policy>
Made make_dnsdist(const Config& c) {
  if (c.dnsdist_servers.size() != c.records->size()) {
    reject("dnsdist_servers", "are not one per address");
  }
  return std::make_unique<Dnsdist>(*c.records, c.dnsdist_servers, policy,
                                   read_number(c.parameters, "perturbation", 0),
                                   read_number(c.parameters, "start", 0), *c.random);
}

CacheMaker unbound_maker(const Parameters& p, const RecordTable&, Random&) {
  UnboundOptions o;
  o.rrset_roundrobin = read_flag(p, "rrset-roundrobin", o.rrset_roundrobin);
  o.ttl.min_s = read_number(p, "cache-min-ttl", o.ttl.min_s);
  o.ttl.max_s = read_number(p, "cache-max-ttl", o.ttl.max_s);
  o.ttl.negative_max_s = read_number(p, "cache-max-negative-ttl", o.ttl.negative_max_s);
  o.serve_expired = read_flag(p, "serve-expired", o.serve_expired);
  o.serve_expired_ttl_s = read_number(p, "serve-expired-ttl", o.serve_expired_ttl_s);
  o.serve_expired_reply_ttl_s =
      read_number(p, "serve-expired-reply-ttl", o.serve_expired_reply_ttl_s);
  o.prefetch = read_flag(p, "prefetch", o.prefetch);
  o.wall_clock_start_s = read_number(p, "wall-clock-start", 0);
  const auto shared = std::make_shared<const UnboundOptions>(o);
  return [shared] { return std::make_unique<UnboundCache>(*shared); };
}

CacheMaker dnsmasq_maker(const Parameters& p, const RecordTable&, Random&) {
  DnsmasqOptions o;
  o.round_robin = !read_flag(p, "no-round-robin", false);
  o.ttl.min_s = read_number(p, "min-cache-ttl", o.ttl.min_s);
  o.ttl.max_s = read_number(p, "max-cache-ttl", o.ttl.max_s);
  o.max_ttl_s = read_number(p, "max-ttl", o.max_ttl_s);
  o.negative_cache = !read_flag(p, "no-negcache", false);
  o.stale_cache = p.count("use-stale-cache") > 0;
  o.stale_limit_s = read_number(p, "use-stale-cache", o.stale_limit_s);
  const auto shared = std::make_shared<const DnsmasqOptions>(o);
  return [shared] { return std::make_unique<DnsmasqCache>(*shared); };
}

CacheMaker bind_maker(const Parameters& p, const RecordTable& records, Random& random) {
  BindCacheOptions o;
  o.order = bind_order(p);
  o.ttl.min_s = read_number(p, "min-cache-ttl", o.ttl.min_s);
  o.ttl.max_s = read_number(p, "max-cache-ttl", o.ttl.max_s);
  o.ttl.negative_max_s = read_number(p, "max-ncache-ttl", o.ttl.negative_max_s);
  const std::uint32_t start = read_number(p, "start", 0);
  const auto shared = std::make_shared<const BindCacheOptions>(o);
  return [shared, start, &records, &random] {
    return std::make_unique<BindCache>(records, *shared, start, random);
  };
}

CacheMaker recursor_maker(const Parameters& p, const RecordTable&, Random& random) {
  RecursorOptions o;
  o.packet_cache = !read_flag(p, "disable-packetcache", false);
  o.packetcache_ttl_s = read_number(p, "packetcache-ttl", o.packetcache_ttl_s);
  o.packetcache_negative_ttl_s =
      read_number(p, "packetcache-negative-ttl", o.packetcache_negative_ttl_s);
  o.ttl.min_s = read_number(p, "minimum-ttl-override", o.ttl.min_s);
  o.ttl.max_s = read_number(p, "max-cache-ttl", o.ttl.max_s);
  o.ttl.negative_max_s = read_number(p, "max-negative-ttl", o.ttl.negative_max_s);
  const auto shared = std::make_shared<const RecursorOptions>(o);
  return [shared, &random] { return std::make_unique<RecursorCache>(*shared, random); };
}

struct AuthorityKind {
  std::string_view name;
  Made (*make)(const Config&);
};
constexpr AuthorityKind kAuthorities[] = {
    {"bind", make_bind},
    {"knot", make_knot},
    {"dnsmasq-hosts", make_hosts},
    {"fixed", make_fixed},
    {"shuffled", make_shuffled},
    {"gdnsd-weighted", make_weighted},
    {"gdnsd-multifo", make_multifo},
    {"gdnsd-simplefo", make_simplefo},
    {"gdnsd-metafo", make_metafo},
    {"gdnsd-geoip", make_gdnsd_geoip},
    {"pdns-pickrandom", make_pick<PowerdnsPick::random>},
    {"pdns-pickwrandom", make_pick<PowerdnsPick::weighted_random>},
    {"pdns-pickhashed", make_pick<PowerdnsPick::hashed>},
    {"pdns-pickwhashed", make_pick<PowerdnsPick::weighted_hashed>},
    {"pdns-pickclosest", make_closest},
    {"pdns-geoip", make_pdns_geoip},
    {"pdns-ifportup", make_ifportup},
    {"dnsdist-roundrobin", make_dnsdist<DnsdistPolicy::round_robin>},
    {"dnsdist-firstAvailable", make_dnsdist<DnsdistPolicy::first_available>},
    {"dnsdist-leastOutstanding", make_dnsdist<DnsdistPolicy::least_outstanding>},
    {"dnsdist-wrandom", make_dnsdist<DnsdistPolicy::weighted_random>},
    {"dnsdist-whashed", make_dnsdist<DnsdistPolicy::weighted_hashed>},
    {"dnsdist-chashed", make_dnsdist<DnsdistPolicy::consistent_hashed>},
};

struct CacheKind {
  std::string_view name;
  CacheMaker (*make)(const Parameters&, const RecordTable&, Random&);
};
constexpr CacheKind kCaches[] = {
    {"unbound", unbound_maker},
    {"dnsmasq", dnsmasq_maker},
    {"bind-cache", bind_maker},
    {"recursor", recursor_maker},
};

}  // namespace

std::unique_ptr<Authority> make_authority(std::string_view name, const AuthorityConfig& config) {
  for (const AuthorityKind& kind : kAuthorities) {
    if (kind.name == name) return kind.make(config);
  }
  reject("kind", in_quotes(name) + " is no authoritative DNS server");
}

CacheMaker cache_maker(std::string_view name, const Parameters& parameters,
                       const RecordTable& records, Random& random) {
  for (const CacheKind& kind : kCaches) {
    if (kind.name == name) return kind.make(parameters, records, random);
  }
  reject("kind", in_quotes(name) + " is no DNS resolver");
}

}  // namespace lbsim::algorithms::dns
