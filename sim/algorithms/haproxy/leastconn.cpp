// balance leastconn: the server with the fewest requests for its weight, its own queue included;
// idle servers in turn, whatever their weights. O(log servers) when a server's load changes, O(1)
// to pick. Source: HAProxy 2.6 configuration manual, section 4.2, "balance".
#include "algorithms/haproxy/method.hpp"
#include "algorithms/haproxy/ordered_with_room.hpp"

namespace lbsim::algorithms::haproxy {
namespace {

constexpr std::uint32_t kLoadScale = 4096;

class LeastConnections : public PickRule {
 public:
  explicit LeastConnections(const Servers& servers)
      : PickRule(servers, {}),
        groups_{OrderedWithRoom(servers, false), OrderedWithRoom(servers, false)} {
    for (ServerId s = 0; s < servers.size(); ++s) {
      if (servers[s].usable) group(s).insert(s, load_key(s));
    }
  }

  ServerId pick(const Key&, ServerId avoid) override {
    if (servers_.serving() == Servers::Serving::first_backup) return servers_.first_backup();
    return groups_[servers_.serving() == Servers::Serving::active ? 0 : 1].first(avoid);
  }

  void server_changed(ServerId s, std::uint32_t, bool) override {
    if (servers_[s].usable)
      group(s).insert(s, load_key(s));
    else
      group(s).erase(s);
  }

  // Only another key moves a server, and then behind its equals.
  void served_changed(ServerId s) override {
    if (!group(s).contains(s)) return;
    const std::uint32_t key = load_key(s);
    if (key != group(s).key(s))
      group(s).insert(s, key);
    else
      group(s).room_changed(s);
  }

  void room_changed(ServerId s) override { group(s).room_changed(s); }

  std::string describe(ServerId s) const override {
    const OrderedWithRoom& own = groups_[servers_[s].backup ? 1 : 0];
    return own.contains(s) ? "key " + std::to_string(own.key(s)) : "out";
  }

 private:
  OrderedWithRoom& group(ServerId s) { return groups_[servers_[s].backup ? 1 : 0]; }

  std::uint32_t load_key(ServerId s) const {
    const std::uint32_t in_flight = servers_[s].served + servers_[s].waiting;
    return in_flight == 0 ? 0 : (in_flight + 1) * kLoadScale / servers_[s].weight;
  }

  OrderedWithRoom groups_[2];  // active, backup
};

}  // namespace

AlgorithmSpec leastconn_spec() {
  return backend_spec("leastconn", "fewest requests in flight for the weight", {},
                      [](const Servers& servers, const Parameters&) -> std::unique_ptr<PickRule> {
                        return std::make_unique<LeastConnections>(servers);
                      });
}

}  // namespace lbsim::algorithms::haproxy
