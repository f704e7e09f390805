#include "algorithms/dns/powerdns_geo.hpp"

namespace lbsim::algorithms::dns {
namespace {

double squared_degrees(const Location& client, const Location& server) {
  const double north = client.latitude - server.latitude;
  double east = client.longitude - server.longitude;
  if (east > 180) east = 360 - east;
  return north * north + east * east;
}

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

}  // namespace

PowerdnsClosest::PowerdnsClosest(const RecordTable& table, std::vector<Location> places,
                                 const LocationMap& clients, Random& random)
    : Authority(table), places_(std::move(places)), clients_(&clients), random_(&random) {
  LBSIM_CHECK(places_.size() == table.size());
}

Answer PowerdnsClosest::answer(const Query& query, Time) {
  const LocationMap::Found found = clients_->find(query.client());
  const Location client = found.location ? *found.location : Location{};
  Order closest;
  double closest_distance = 0;
  for (const RecordIndex record : records()) {
    const double distance = squared_degrees(client, places_[record]);
    if (closest.empty() || distance < closest_distance) {
      closest.clear();
      closest_distance = distance;
    }
    if (distance == closest_distance) closest.push_back(record);
  }
  if (closest.empty()) return answer_with(closest);
  const std::size_t drawn = closest.size() > 1 ? random_->below(closest.size()) : 0;
  Answer result = answer_with(closest[drawn]);
  if (query.has_subnet) result.scope = query.subnet.length;
  return result;
}

PowerdnsGeoip::PowerdnsGeoip(const RecordTable& table, std::vector<std::string> services,
                             std::map<std::string, RecordIndex> by_service,
                             const LocationMap& clients)
    : Authority(table),
      services_(std::move(services)),
      by_service_(std::move(by_service)),
      clients_(&clients) {}

Answer PowerdnsGeoip::answer(const Query& query, Time) {
  const LocationMap::Found found = clients_->find(query.client());
  Answer result = answer_with(Order());
  if (query.has_subnet) {
    const unsigned scope = found.location ? found.prefix_length : address_bits(query.client());
    result.scope = static_cast<std::int16_t>(scope);
  }
  for (std::string service : services_) {
    replace_all(service, "%cc", found.location ? found.location->country : "unknown");
    replace_all(service, "%cn", found.location ? found.location->continent : "unknown");
    const auto record = by_service_.find(service);
    if (record == by_service_.end()) continue;
    result.order.push_back(record->second);
    break;
  }
  return result;
}

}  // namespace lbsim::algorithms::dns
