// gdnsd metafo and geoip: an ordered list of datacenters for the client; the first one that is not
// down answers, or else the first. geoip takes the list from the longest of the configured
// networks, or sorts by great-circle distance and keeps the nearest; metafo has one list for
// everybody. Source: gdnsd-plugin-metafo(8), gdnsd-plugin-geoip(8); behaviour of gdnsd 3.8.
#pragma once

#include <string>
#include <vector>

#include "algorithms/dns/authority.hpp"
#include "algorithms/dns/geo.hpp"
#include "core/random.hpp"

namespace lbsim::algorithms::dns {

struct Datacenter {
  std::string name;
  std::vector<RecordIndex> addresses;
  Location location;
};

using DatacenterList = std::vector<std::size_t>;  // positions, the preferred one first

// Which list a client gets, and for which prefix around it that holds.
class DatacenterMap {
 public:
  // Everybody gets the configured order of `count` datacenters.
  explicit DatacenterMap(std::size_t count);

  void insert(const Prefix& network, const DatacenterList& list);

  const DatacenterList& list(const Address& client) const;
  unsigned scope(const Address& client) const { return map_.uniform_length(client); }

 private:
  std::vector<DatacenterList> lists_;  // distinct; the first is the configured order
  PrefixMap map_;                      // to positions in lists_
};

// Each known place's list is the `limit` datacenters nearest to it.
DatacenterMap nearest_datacenters(const std::vector<Datacenter>& datacenters,
                                  const LocationMap& clients, std::size_t limit);

class GdnsdDatacenters : public Authority {
 public:
  GdnsdDatacenters(const RecordTable& table, std::vector<Datacenter> datacenters, DatacenterMap map,
                   double up_threshold, Random& random);
  Answer answer(const Query& query, Time now) override;

 private:
  Order live_addresses(const Datacenter& datacenter) const;
  bool is_enough(const Datacenter& datacenter, const Order& live) const;

  std::vector<Datacenter> datacenters_;
  DatacenterMap map_;
  double up_threshold_;
  Random* random_;
};

}  // namespace lbsim::algorithms::dns
