// balance first: the server with the smallest numeric id that has a free slot, so that the others
// can be switched off. Weights do not matter. O(1) to pick, O(log servers) when a server fills or
// frees. Source: HAProxy 2.6 configuration manual, section 4.2, "balance".
#include "algorithms/haproxy/method.hpp"
#include "algorithms/haproxy/ordered_with_room.hpp"

namespace lbsim::algorithms::haproxy {
namespace {

class First : public PickRule {
 public:
  explicit First(const Servers& servers)
      : PickRule(servers, {.trusts_queue = true}),
        groups_{OrderedWithRoom(servers, true), OrderedWithRoom(servers, true)} {
    for (ServerId s = 0; s < servers.size(); ++s) server_changed(s, 0, false);
  }

  ServerId pick(const Key&, ServerId avoid) override {
    if (servers_.serving() == Servers::Serving::first_backup) return servers_.first_backup();
    return groups_[servers_.serving() == Servers::Serving::active ? 0 : 1].first(avoid);
  }

  void server_changed(ServerId s, std::uint32_t, bool) override {
    if (servers_[s].usable)
      group(s).insert(s, static_cast<std::uint32_t>(servers_[s].id));
    else
      group(s).erase(s);
  }
  void served_changed(ServerId s) override { room_changed(s); }
  void room_changed(ServerId s) override {
    if (servers_[s].max_conns != 0) group(s).room_changed(s);
  }

  std::string describe(ServerId s) const override { return "id " + std::to_string(servers_[s].id); }

 private:
  OrderedWithRoom& group(ServerId s) { return groups_[servers_[s].backup ? 1 : 0]; }

  OrderedWithRoom groups_[2];  // active, backup
};

}  // namespace

AlgorithmSpec first_spec() {
  return backend_spec("first", "the first server, by id, that has a free slot", {},
                      [](const Servers& servers, const Parameters&) -> std::unique_ptr<PickRule> {
                        return std::make_unique<First>(servers);
                      });
}

}  // namespace lbsim::algorithms::haproxy
