// An algorithm of one's own, whole: nginx's smooth weighted round robin without its failures.
#include "algorithms/plugin.hpp"

using namespace lbsim;
using namespace lbsim::algorithms;

namespace {

class MyRoundRobin final : public Upstream {
 public:
  explicit MyRoundRobin(const PoolConfig& config) : ready_(config.servers.size(), true) {
    for (const ServerConfig& server : config.servers) weights_.push_back(server.weight);
    currents_.resize(weights_.size());
  }

  // Each gains its weight; the largest wins, the first on a tie, and pays what all gained.
  Pick begin(const Request&, Attempt& attempt, Time) override {
    attempt = {};
    int total = 0;
    for (ServerId s = 0; s < size(); ++s) {
      if (!ready_[s]) continue;
      total += weights_[s];
      currents_[s] += weights_[s];
      if (attempt.server == kNoServer || currents_[s] > currents_[attempt.server])
        attempt.server = s;
    }
    if (attempt.server == kNoServer) return Pick::none;
    currents_[attempt.server] -= total;
    return Pick::server;
  }

  Pick next(const Request&, Attempt&, Result, Time) override { return Pick::none; }
  void end(Attempt&, Result, Time) override {}
  void abandon(std::uint64_t, Time) override {}
  void set_health(ServerId server, bool up, Time) override { ready_[server] = up; }
  void set_admin(ServerId s, AdminState a, Time) override { ready_[s] = a == AdminState::ready; }
  void set_weight(ServerId server, int weight, Time) override { weights_[server] = weight; }
  std::size_t size() const override { return weights_.size(); }
  std::string describe() const override { return "turns of " + std::to_string(size()) + "\n"; }

 private:
  std::vector<int> weights_;
  std::vector<int> currents_;
  std::vector<bool> ready_;
};

}  // namespace

LBSIM_PLUGIN(plugin) {
  plugin.add({"mine",
              "round_robin",
              "smooth weighted round robin, again",
              "this file",
              {},
              [](const PoolConfig& config) { return std::make_unique<MyRoundRobin>(config); }});
}
