#include "algorithms/ipvs/server_list.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace lbsim::algorithms::ipvs {

ServerId ServerList::add(const RealServer& server) {
  LBSIM_CHECK(server.weight >= 0);
  const auto same = [&](const RealServer& other) {
    return other.address == server.address && other.port == server.port;
  };
  const auto known = std::find_if(configs_.begin(), configs_.end(), same);
  const auto id = static_cast<ServerId>(known - configs_.begin());
  if (known == configs_.end()) {
    configs_.push_back(server);
    destinations_.emplace_back();
  } else {
    LBSIM_CHECK(!destinations_[id].listed);
    *known = server;
  }
  Destination& destination = destinations_[id];
  destination.listed = true;
  destination.weight = destination.last_weight = server.weight;
  destination.upper = server.upper;
  destination.lower = server.lower;
  destination.update_overload();
  order_.insert(order_.begin(), id);
  return id;
}

void ServerList::edit(ServerId id, std::int32_t weight, std::optional<std::uint32_t> upper,
                      std::optional<std::uint32_t> lower) {
  LBSIM_CHECK(id < size() && weight >= 0);
  Destination& destination = destinations_[id];
  LBSIM_CHECK(destination.listed);
  destination.weight = configs_[id].weight = weight;
  if (weight != 0) destination.last_weight = weight;
  if (upper) destination.upper = configs_[id].upper = *upper;
  if (lower) destination.lower = configs_[id].lower = *lower;
  destination.update_overload();
}

std::size_t ServerList::remove(ServerId id) {
  const auto at = std::find(order_.begin(), order_.end(), id);
  LBSIM_CHECK(at != order_.end());
  const auto position = static_cast<std::size_t>(at - order_.begin());
  order_.erase(at);
  destinations_[id].listed = false;
  return position;
}

}  // namespace lbsim::algorithms::ipvs
