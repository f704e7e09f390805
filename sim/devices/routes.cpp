#include "devices/routes.hpp"

#include "devices/kernels.hpp"

namespace lbsim {

template <class K>
Routes<K>::Routes(World<K>& world, std::uint32_t last, bool direct, kernel::LinkId uplink_out)
    : world_(world), uplink_out_(uplink_out) {
  find_digits(last, direct);
  std::size_t count = world.config.clients.size();
  for (const Digit& d : digits_) count *= d.machines;
  constexpr std::size_t kRoutesMax = 4'000'000;
  LBSIM_CHECK(count <= kRoutesMax);
  for (std::size_t g = 0; g < world.config.clients.size(); ++g) {
    client_nodes_.push_back(world.kernel.add_node({}));
  }
  routes_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) routes_.push_back(make(i));
}

template <class K>
void Routes<K>::find_digits(std::uint32_t last, bool direct) {
  std::uint32_t position[3] = {0, 0, 0};
  for (std::uint32_t t = 0; t <= last; ++t) {
    Tier<K>& tier = *world_.tiers[t];
    const auto level = static_cast<std::size_t>(tier.level());
    if (tier.carries_responses() && (!direct || t == last)) {
      digits_.push_back({t, tier.size(), tier.level(), position[level]});
    }
    ++position[level];
  }
}

template <class K>
std::uint32_t Routes<K>::digit(std::size_t i, const Request& request,
                               const Connection& connection) const {
  const Digit& d = digits_[i];
  if (d.level == Level::server) return request.server;
  if (d.level == Level::request) return request.leg[d.position].node;
  return connection.hop[d.position].node;
}

template <class K>
kernel::RouteId Routes<K>::make(std::size_t index) {
  std::vector<kernel::LinkId> links;
  kernel::NodeId from{};
  for (std::size_t i = digits_.size(); i-- > 0;) {
    Machine& machine = world_.tiers[digits_[i].tier]->machine(
        static_cast<std::uint32_t>(index % digits_[i].machines));
    index /= digits_[i].machines;
    const bool is_first = i + 1 == digits_.size();
    if (is_first) from = machine.cpu();
    if (!machine.has_nic) continue;
    if (!is_first) links.push_back(machine.nic_in);
    links.push_back(machine.nic_out);
  }
  if (world_.config.network.uplink_bytes_per_s > 0) links.push_back(uplink_out_);
  return world_.kernel.add_route(from, client_nodes_[index], links,
                                 world_.config.clients[index].latency);
}

LBSIM_FOR_EACH_KERNEL(Routes)

}  // namespace lbsim
