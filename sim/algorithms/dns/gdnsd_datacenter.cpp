#include "algorithms/dns/gdnsd_datacenter.hpp"

#include <algorithm>
#include <numeric>

#include "algorithms/dns/gdnsd_failover.hpp"

namespace lbsim::algorithms::dns {

DatacenterMap::DatacenterMap(std::size_t count) : lists_(1), map_(0) {
  lists_[0].resize(count);
  std::iota(lists_[0].begin(), lists_[0].end(), std::size_t{0});
}

void DatacenterMap::insert(const Prefix& network, const DatacenterList& list) {
  const auto known = std::find(lists_.begin(), lists_.end(), list);
  const auto position = static_cast<PrefixMap::Value>(known - lists_.begin());
  if (known == lists_.end()) lists_.push_back(list);
  map_.insert(network, position);
}

const DatacenterList& DatacenterMap::list(const Address& client) const {
  return lists_[static_cast<std::size_t>(map_.match(client).value)];
}

DatacenterMap nearest_datacenters(const std::vector<Datacenter>& datacenters,
                                  const LocationMap& clients, std::size_t limit) {
  DatacenterMap result(datacenters.size());
  for (std::size_t place = 0; place < clients.prefixes().size(); ++place) {
    std::vector<double> angle;
    for (const Datacenter& datacenter : datacenters) {
      angle.push_back(great_circle_angle(clients.locations()[place], datacenter.location));
    }
    DatacenterList list(datacenters.size());
    std::iota(list.begin(), list.end(), std::size_t{0});
    std::stable_sort(list.begin(), list.end(),
                     [&angle](std::size_t a, std::size_t b) { return angle[a] < angle[b]; });
    if (list.size() > limit) list.resize(limit);
    result.insert(clients.prefixes()[place], list);
  }
  return result;
}

GdnsdDatacenters::GdnsdDatacenters(const RecordTable& records, std::vector<Datacenter> datacenters,
                                   DatacenterMap map, double up_threshold, Random& random)
    : Authority(records),
      datacenters_(std::move(datacenters)),
      map_(std::move(map)),
      up_threshold_(up_threshold),
      random_(&random) {}

Order GdnsdDatacenters::live_addresses(const Datacenter& datacenter) const {
  Order live;
  for (const RecordIndex record : datacenter.addresses) {
    if (is_up(record)) live.push_back(record);
  }
  return live;
}

bool GdnsdDatacenters::is_enough(const Datacenter& datacenter, const Order& live) const {
  return live.size() >= gdnsd_needed(up_threshold_, datacenter.addresses.size());
}

Answer GdnsdDatacenters::answer(const Query& query, Time) {
  const DatacenterList& list = map_.list(query.client());
  Order chosen;
  for (const std::size_t position : list) {
    const Order live = live_addresses(datacenters_[position]);
    if (!is_enough(datacenters_[position], live)) continue;
    chosen = live;
    break;
  }
  // All are down: the first datacenter, as if all its addresses lived.
  if (chosen.empty() && !list.empty()) {
    for (const RecordIndex record : datacenters_[list[0]].addresses) chosen.push_back(record);
  }
  shuffle(chosen, *random_);
  Answer result = answer_with(chosen);
  if (query.has_subnet) result.scope = static_cast<std::int16_t>(map_.scope(query.client()));
  return result;
}

}  // namespace lbsim::algorithms::dns
