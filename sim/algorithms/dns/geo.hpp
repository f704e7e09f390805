// Where clients are: a geographic database, and distances.
#pragma once

#include <string>
#include <vector>

#include "algorithms/dns/prefix_map.hpp"

namespace lbsim::algorithms::dns {

struct Location {
  double latitude = 0;    // degrees, north positive
  double longitude = 0;   // degrees, east positive
  std::string country;    // ISO 3166 code, lower case
  std::string continent;  // two letters, lower case
};

class LocationMap {
 public:
  void insert(const Prefix& prefix, Location location);

  struct Found {
    const Location* location = nullptr;  // null: not in the database
    unsigned prefix_length = 0;
  };
  Found find(const Address& address) const;

  const std::vector<Prefix>& prefixes() const { return prefixes_; }
  const std::vector<Location>& locations() const { return locations_; }  // parallel to prefixes()

 private:
  PrefixMap map_;
  std::vector<Prefix> prefixes_;
  std::vector<Location> locations_;
};

// Angle of the great circle between two places, in radians (haversine formula). Only compared, so
// the C library's last bit decides nothing but ties of equal places.
double great_circle_angle(const Location& a, const Location& b);

}  // namespace lbsim::algorithms::dns
