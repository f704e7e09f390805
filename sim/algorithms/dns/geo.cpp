#include "algorithms/dns/geo.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lbsim::algorithms::dns {

void LocationMap::insert(const Prefix& prefix, Location location) {
  map_.insert(prefix, static_cast<PrefixMap::Value>(locations_.size()));
  prefixes_.push_back(prefix);
  locations_.push_back(std::move(location));
}

LocationMap::Found LocationMap::find(const Address& address) const {
  const PrefixMap::Match match = map_.match(address);
  if (match.value == PrefixMap::kNone) return {};
  return {.location = &locations_[static_cast<std::size_t>(match.value)],
          .prefix_length = match.length};
}

double great_circle_angle(const Location& a, const Location& b) {
  const double radians = std::numbers::pi / 180;
  const double north = std::sin((b.latitude - a.latitude) * radians / 2);
  const double east = std::sin((b.longitude - a.longitude) * radians / 2);
  const double shrink = std::cos(a.latitude * radians) * std::cos(b.latitude * radians);
  const double half_chord = std::sqrt(north * north + shrink * east * east);
  return 2 * std::asin(std::min(1.0, half_chord));
}

}  // namespace lbsim::algorithms::dns
