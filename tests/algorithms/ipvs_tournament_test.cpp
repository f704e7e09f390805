// Above 16 servers lc, wlc, sed, nq and fo keep a tournament. It must pick what the definition
// says: the first in the list of the usable servers that no other beats, here found by looking at
// all.
#include <gtest/gtest.h>

#include "algorithms/ipvs/service.hpp"
#include "core/random.hpp"
#include "ipvs_plain.hpp"

namespace lbsim::algorithms::ipvs {
namespace {

struct Rule {
  const char* scheduler;
  bool (*beats)(const Destination&, const Destination&);
};

const Rule kRules[] = {
    {"lc", lc_beats}, {"wlc", wlc_beats}, {"sed", sed_beats}, {"nq", nq_beats}, {"fo", fo_beats},
};

ServerId first_unbeaten(const ServerList& servers, const Rule& rule) {
  for (const ServerId id : servers.order()) {
    const Destination& server = servers[id];
    if (server.weight == 0 || server.overloaded) continue;
    bool unbeaten = true;
    for (const ServerId other : servers.order()) {
      const Destination& rival = servers[other];
      if (rival.weight == 0 || rival.overloaded) continue;
      unbeaten = unbeaten && !rule.beats(rival, server);
    }
    if (unbeaten) return id;
  }
  return kNoServer;
}

class Tournament : public ::testing::TestWithParam<Rule> {};

// A random life of a farm that grows and shrinks around the size at which the tournament starts.
class Farm {
 public:
  Farm(const char* scheduler, std::uint64_t seed) : random_(seed), service_(config(scheduler)) {}

  const ServerList& servers() const { return service_.servers(); }

  ServerId open() {
    const auto opened = service_.open({}, now_);
    if (opened.connection) connections_.push_back(opened.connection);
    return opened.server;
  }

  void live() {
    now_ += milliseconds(static_cast<std::int64_t>(random_.below(400)));
    service_.advance(now_);
    const std::uint64_t what = random_.below(100);
    if (what < 4) {
      add();
    } else if (what < 6) {
      with_listed([&](ServerId id) { service_.remove(id, now_); });
    } else if (what < 10) {
      with_listed([&](ServerId id) { edit(id); });
    } else if (what < 70 && !connections_.empty()) {
      const Connection some = connections_[random_.below(connections_.size())];
      service_.packet(some, static_cast<Packet>(1 + random_.below(7)), now_);
    }
  }

 private:
  static ServiceConfig config(const char* scheduler) {
    ServiceConfig config;
    config.scheduler = scheduler;
    return config;
  }

  void add() {
    RealServer server;
    server.address = static_cast<std::uint32_t>(random_.below(40));
    for (const ServerId id : servers().order()) {
      if (servers().config(id).address == server.address) return;
    }
    server.weight = static_cast<std::int32_t>(random_.below(4));
    server.upper = static_cast<std::uint32_t>(random_.below(3) * 4);
    service_.add(server, now_);
  }

  void edit(ServerId id) {
    const auto weight = static_cast<std::int32_t>(random_.below(4));
    const auto upper = static_cast<std::uint32_t>(random_.below(3) * 4);
    service_.edit(id, weight, upper, upper / 2, now_);
  }

  template <class F>
  void with_listed(F&& f) {
    if (!servers().order().empty()) f(servers().order()[random_.below(servers().order().size())]);
  }

  Random random_;
  Service service_;
  Time now_ = kTimeZero;
  std::vector<Connection> connections_;
};

TEST_P(Tournament, PicksTheFirstServerThatNoneBeats) {
  std::size_t largest = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Farm farm(GetParam().scheduler, seed);
    for (int step = 0; step < 5000; ++step) {
      farm.live();
      const ServerId expected = first_unbeaten(farm.servers(), GetParam());
      ASSERT_EQ(plain_scan(farm.servers(), GetParam().beats), expected);
      ASSERT_EQ(farm.open(), expected) << "seed " << seed << " step " << step;
      largest = std::max(largest, farm.servers().order().size());
    }
  }
  EXPECT_GT(largest, 20u);  // the tournament has been played
}

INSTANTIATE_TEST_SUITE_P(All, Tournament, ::testing::ValuesIn(kRules),
                         [](const auto& rule) { return std::string(rule.param.scheduler); });

}  // namespace
}  // namespace lbsim::algorithms::ipvs
