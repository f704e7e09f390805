// PowerDNS choices by location: the Lua record pickclosest and the geoip backend's services.
// Source: PowerDNS Authoritative documentation, "Lua reference" and "GeoIP backend"; behaviour of
// PowerDNS 4.7.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "algorithms/dns/authority.hpp"
#include "algorithms/dns/geo.hpp"
#include "core/random.hpp"

namespace lbsim::algorithms::dns {

// The address with the smallest squared difference of latitude and longitude in degrees: no
// projection, and only differences above 180 (client east of the server) go around the globe.
// Equals are drawn from. A client that is not in the database counts as at 0, 0.
class PowerdnsClosest : public Authority {
 public:
  // `places` by RecordIndex. The database outlives the authority.
  PowerdnsClosest(const RecordTable& table, std::vector<Location> places,
                  const LocationMap& clients, Random& random);
  Answer answer(const Query& query, Time now) override;

 private:
  std::vector<Location> places_;
  const LocationMap* clients_;
  Random* random_;
};

// Service names are tried in order until one has a record: "%cc" stands for the client's country,
// "%cn" for its continent ("unknown" if it is in no database), other text for itself.
class PowerdnsGeoip : public Authority {
 public:
  PowerdnsGeoip(const RecordTable& table, std::vector<std::string> services,
                std::map<std::string, RecordIndex> by_service, const LocationMap& clients);
  Answer answer(const Query& query, Time now) override;

 private:
  std::vector<std::string> services_;
  std::map<std::string, RecordIndex> by_service_;
  const LocationMap* clients_;
};

}  // namespace lbsim::algorithms::dns
