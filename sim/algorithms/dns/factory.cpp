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
  const std::string& word = parameters.text("rrset-order");
  if (word == "cyclic" || word == "fixed") return BindOrder::cyclic;
  if (word == "random") return BindOrder::random;
  if (word == "none") return BindOrder::none;
  reject("rrset-order", "is " + in_quotes(word) + ", not cyclic, random, none or fixed");
}

double up_threshold(const Parameters& p) { return p.fraction("up_thresh"); }

Made make_bind(const Config& c, const Parameters& p) {
  return std::make_unique<BindAuthority>(*c.records, bind_order(p), p.unsigned_integer("start"),
                                         *c.random);
}
Made make_knot(const Config& c, const Parameters& p) {
  return std::make_unique<KnotAuthority>(*c.records, p.flag("answer-rotation"));
}
Made make_hosts(const Config& c, const Parameters& p) {
  const bool round_robin = !p.flag("no-round-robin");
  return std::make_unique<DnsmasqHosts>(*c.records, c.owns_reverse, round_robin);
}
Made make_fixed(const Config& c, const Parameters&) {
  return std::make_unique<FixedAuthority>(*c.records);
}
Made make_shuffled(const Config& c, const Parameters&) {
  return std::make_unique<ShuffledAuthority>(*c.records, *c.random);
}
Made make_weighted(const Config& c, const Parameters& p) {
  return std::make_unique<GdnsdWeighted>(*c.records, p.flag("multi"), up_threshold(p), *c.random);
}
Made make_multifo(const Config& c, const Parameters& p) {
  return std::make_unique<GdnsdMultifo>(*c.records, up_threshold(p), *c.random);
}
Made make_simplefo(const Config& c, const Parameters&) {
  return std::make_unique<GdnsdSimplefo>(*c.records);
}

Made make_metafo(const Config& c, const Parameters& p) {
  return std::make_unique<GdnsdDatacenters>(
      *c.records, c.datacenters, DatacenterMap(c.datacenters.size()), up_threshold(p), *c.random);
}
Made make_gdnsd_geoip(const Config& c, const Parameters& p) {
  const auto all = static_cast<std::uint32_t>(c.datacenters.size());
  const std::uint32_t limit = p.unsigned_integer("auto_dc_limit");
  DatacenterMap map =
      c.locations ? nearest_datacenters(c.datacenters, *c.locations, limit == 0 ? all : limit)
                  : DatacenterMap(all);
  for (const auto& [network, list] : c.networks) map.insert(network, list);
  return std::make_unique<GdnsdDatacenters>(*c.records, c.datacenters, std::move(map),
                                            up_threshold(p), *c.random);
}

template <PowerdnsPick kind>
Made make_pick(const Config& c, const Parameters&) {
  return std::make_unique<PowerdnsPicker>(*c.records, kind, *c.random);
}
const LocationMap& locations_of(const Config& c) {
  if (!c.locations) reject("locations", "are missing: this kind chooses by the client's place");
  return *c.locations;
}
Made make_closest(const Config& c, const Parameters&) {
  if (c.places.size() != c.records->size()) reject("places", "are not one per address");
  return std::make_unique<PowerdnsClosest>(*c.records, c.places, locations_of(c), *c.random);
}
Made make_pdns_geoip(const Config& c, const Parameters&) {
  return std::make_unique<PowerdnsGeoip>(*c.records, c.services, c.by_service, locations_of(c));
}
Made make_ifportup(const Config& c, const Parameters& p) {
  const std::uint32_t interval_s = p.unsigned_integer("interval");
  return std::make_unique<PowerdnsIfportup>(*c.records, seconds(interval_s));
}

template <DnsdistPolicy policy>
Made make_dnsdist(const Config& c, const Parameters& p) {
  if (c.dnsdist_servers.size() != c.records->size()) {
    reject("dnsdist_servers", "are not one per address");
  }
  constexpr bool kHashes =
      policy == DnsdistPolicy::weighted_hashed || policy == DnsdistPolicy::consistent_hashed;
  constexpr bool kRotates = policy == DnsdistPolicy::round_robin;
  const std::uint32_t perturbation = kHashes ? p.unsigned_integer("perturbation") : 0;
  const std::uint32_t start = kRotates ? p.unsigned_integer("start") : 0;
  return std::make_unique<Dnsdist>(*c.records, c.dnsdist_servers, policy, perturbation, start,
                                   *c.random);
}

CacheMaker unbound_maker(const Parameters& p, const RecordTable&, Random&) {
  UnboundOptions o;
  o.rrset_roundrobin = p.flag("rrset-roundrobin");
  o.ttl.min_s = p.unsigned_integer("cache-min-ttl");
  o.ttl.max_s = p.unsigned_integer("cache-max-ttl");
  o.ttl.negative_max_s = p.unsigned_integer("cache-max-negative-ttl");
  o.serve_expired = p.flag("serve-expired");
  o.serve_expired_ttl_s = p.unsigned_integer("serve-expired-ttl");
  o.serve_expired_reply_ttl_s = p.unsigned_integer("serve-expired-reply-ttl");
  o.prefetch = p.flag("prefetch");
  o.wall_clock_start_s = p.unsigned_integer("wall-clock-start");
  const auto shared = std::make_shared<const UnboundOptions>(o);
  return [shared] { return std::make_unique<UnboundCache>(*shared); };
}

CacheMaker dnsmasq_maker(const Parameters& p, const RecordTable&, Random&) {
  DnsmasqOptions o;
  o.round_robin = !p.flag("no-round-robin");
  o.ttl.min_s = p.unsigned_integer("min-cache-ttl");
  o.ttl.max_s = p.unsigned_integer("max-cache-ttl");
  o.max_ttl_s = p.unsigned_integer("max-ttl");
  o.negative_cache = !p.flag("no-negcache");
  o.stale_cache = p.text("use-stale-cache") != "unset";
  if (o.stale_cache) o.stale_limit_s = p.unsigned_integer("use-stale-cache");
  const auto shared = std::make_shared<const DnsmasqOptions>(o);
  return [shared] { return std::make_unique<DnsmasqCache>(*shared); };
}

CacheMaker bind_maker(const Parameters& p, const RecordTable& records, Random& random) {
  BindCacheOptions o;
  o.order = bind_order(p);
  o.ttl.min_s = p.unsigned_integer("min-cache-ttl");
  o.ttl.max_s = p.unsigned_integer("max-cache-ttl");
  o.ttl.negative_max_s = p.unsigned_integer("max-ncache-ttl");
  const std::uint32_t start = p.unsigned_integer("start");
  const auto shared = std::make_shared<const BindCacheOptions>(o);
  return [shared, start, &records, &random] {
    return std::make_unique<BindCache>(records, *shared, start, random);
  };
}

CacheMaker recursor_maker(const Parameters& p, const RecordTable&, Random& random) {
  RecursorOptions o;
  o.packet_cache = !p.flag("disable-packetcache");
  o.packetcache_ttl_s = p.unsigned_integer("packetcache-ttl");
  o.packetcache_negative_ttl_s = p.unsigned_integer("packetcache-negative-ttl");
  o.ttl.min_s = p.unsigned_integer("minimum-ttl-override");
  o.ttl.max_s = p.unsigned_integer("max-cache-ttl");
  o.ttl.negative_max_s = p.unsigned_integer("max-negative-ttl");
  const auto shared = std::make_shared<const RecursorOptions>(o);
  return [shared, &random] { return std::make_unique<RecursorCache>(*shared, random); };
}

struct AuthorityKind {
  std::string_view name;
  Made (*make)(const Config&, const Parameters&);
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

Parameters checked(std::string_view name, const GivenParameters& given) {
  return Parameters(given, find_algorithm("dns", name)->parameters);
}

}  // namespace

std::unique_ptr<Authority> make_authority(std::string_view name, const AuthorityConfig& config) {
  for (const AuthorityKind& kind : kAuthorities) {
    if (kind.name == name) return kind.make(config, checked(name, config.parameters));
  }
  reject("kind", in_quotes(name) + " is no authoritative DNS server");
}

CacheMaker cache_maker(std::string_view name, const GivenParameters& given,
                       const RecordTable& records, Random& random) {
  for (const CacheKind& kind : kCaches) {
    if (kind.name == name) return kind.make(checked(name, given), records, random);
  }
  reject("kind", in_quotes(name) + " is no DNS resolver");
}

}  // namespace lbsim::algorithms::dns
