// Makes the DNS kinds of the catalog by name.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "algorithms/algorithm.hpp"
#include "algorithms/dns/authority.hpp"
#include "algorithms/dns/cache.hpp"
#include "algorithms/dns/dnsdist.hpp"
#include "algorithms/dns/gdnsd_datacenter.hpp"
#include "algorithms/dns/geo.hpp"
#include "algorithms/parameters.hpp"
#include "core/random.hpp"

namespace lbsim::algorithms::dns {

// What an authority may need besides its records. Pointees outlive it.
struct AuthorityConfig {
  const RecordTable* records = nullptr;
  Random* random = nullptr;
  GivenParameters parameters;
  std::vector<bool> owns_reverse;                           // dnsmasq-hosts; empty: all do
  std::vector<DnsdistServer> dnsdist_servers;               // dnsdist-*; by RecordIndex
  std::vector<Datacenter> datacenters;                      // gdnsd-metafo, gdnsd-geoip
  std::vector<std::pair<Prefix, DatacenterList>> networks;  // gdnsd-geoip by nets
  const LocationMap* locations = nullptr;  // gdnsd-geoip by distance, pdns-pickclosest, pdns-geoip
  std::vector<Location> places;            // pdns-pickclosest; by RecordIndex
  std::vector<std::string> services;       // pdns-geoip
  std::map<std::string, RecordIndex> by_service;
};

// Throw InputError on an unknown name, a missing part or a parameter out of range.
std::unique_ptr<Authority> make_authority(std::string_view name, const AuthorityConfig& config);

// One kind of resolver: each call makes the cache of one resolver for one name. The maker, the
// table and the random stream outlive the caches, which share them.
using CacheMaker = std::function<std::unique_ptr<ResolverCache>()>;
CacheMaker cache_maker(std::string_view name, const GivenParameters& given,
                       const RecordTable& records, Random& random);

// The catalog's line for an authority, a resolver's cache or a stub's order of this name.
AlgorithmSpec spec(std::string_view name);

}  // namespace lbsim::algorithms::dns
