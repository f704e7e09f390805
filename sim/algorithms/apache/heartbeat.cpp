// lbmethod heartbeat: members say once a second how many of their workers are busy and ready
// (mod_heartbeat), and a draw among all ready workers decides. A member that nothing was heard of
// for 10 s takes no part. One without a busy worker may have just started: a quarter of its ready
// workers count, rounded down. Load factors, sets, standby and draining play no role.
//
// httpd draws from 0 to the number of ready workers, both included, and the last member in order
// that is reached takes the one number too many. Measured with httpd 2.4 as in Debian 12: of
// members with 1, 1 and 1 ready worker the last has half of the requests; with 2, 2 and 0 a fifth;
// with 2, 0 and 2 the second has none.
//
// mod_heartbeat counts the threads that run; here all that may (`workers`). Its random numbers are
// its own. O(N) per pick. Source: Apache HTTP Server documentation, mod_lbmethod_heartbeat,
// mod_heartmonitor, mod_heartbeat.
#include <algorithm>
#include <optional>

#include "algorithms/apache/proxy_methods.hpp"
#include "core/random.hpp"

namespace lbsim::algorithms::apache {
namespace {

constexpr Duration kInterval = seconds(1);
constexpr Duration kSilence = seconds(10);

class Heartbeat final : public ProxyMethod {
 public:
  Heartbeat(std::size_t members, std::uint32_t workers, std::uint64_t seed)
      : beats_(members), workers_(workers), random_(seed) {}

  bool is_better(ProxyMember&, const ProxyMember*) override { return false; }
  bool looks_at_all() const override { return true; }

  ServerId look(const std::vector<ProxyMember>& members, Time now) override {
    const auto takes_part = [&](ServerId s) {
      return members[s].usable() && beats_[s].heard && now - *beats_[s].heard < kSilence;
    };
    std::uint64_t all_ready = 0;
    for (ServerId s = 0; s < members.size(); ++s) all_ready += takes_part(s) ? beats_[s].ready : 0;
    if (all_ready == 0) return kNoServer;
    const std::uint64_t drawn = random_.below(all_ready + 1);
    ServerId found = kNoServer;
    std::uint64_t before = 0;
    for (ServerId s = 0; s < members.size() && before <= drawn; ++s) {
      if (!takes_part(s)) continue;
      found = s;
      before += beats_[s].ready;
    }
    return found;
  }

  ReportWishes report_wishes() const override {
    return {.interval = kInterval, .idle = false, .probes = false};
  }

  void report(ServerId server, const Report& report, Time now) override {
    const std::uint32_t busy = std::min(report.in_flight, workers_);
    const std::uint32_t ready = workers_ - busy;
    beats_[server] = {now, busy == 0 ? ready / 4 : ready};
  }

 private:
  struct Beat {
    std::optional<Time> heard;
    std::uint32_t ready = 0;
  };

  std::vector<Beat> beats_;  // by ServerId
  std::uint32_t workers_;
  Random random_;
};

}  // namespace

std::unique_ptr<ProxyMethod> make_heartbeat(std::size_t members, std::uint32_t workers,
                                            std::uint64_t seed) {
  return std::make_unique<Heartbeat>(members, workers, seed);
}

}  // namespace lbsim::algorithms::apache
