#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "algorithms/ipvs/service.hpp"
#include "core/error.hpp"
#include "core/random.hpp"

namespace lbsim::algorithms::ipvs {
namespace {

using ::testing::ElementsAre;

// Servers 0, 1, 2, ... are added in this order, so the kernel's list is the other way round.
class Farm {
 public:
  Farm(const std::string& scheduler, const std::vector<int>& weights,
       const std::vector<std::string>& flags = {})
      : service(config(scheduler, flags)) {
    for (const int weight : weights) {
      RealServer server;
      server.address = 0x0A000001 + static_cast<std::uint32_t>(service.servers().size());
      server.port = 80;
      server.weight = weight;
      service.add(server, kTimeZero);
    }
  }

  ServerId open(std::uint32_t client = 0, std::uint32_t vip = 0, Time now = kTimeZero) {
    return service.open({client, 1024, vip, 80}, now).server;
  }
  std::vector<ServerId> open_many(int n) {
    std::vector<ServerId> picks;
    for (int i = 0; i < n; ++i) picks.push_back(open());
    return picks;
  }

  static ServiceConfig config(const std::string& scheduler, const std::vector<std::string>& flags) {
    ServiceConfig config;
    config.scheduler = scheduler;
    config.flags = flags;
    return config;
  }

  Service service;
};

constexpr ServerId kNone = kNoServer;

TEST(IpvsRr, StartsWithTheServerAddedLastAndGoesRound) {
  Farm farm("rr", {1, 1, 1});
  EXPECT_THAT(farm.open_many(5), ElementsAre(2, 1, 0, 2, 1));
}

TEST(IpvsRr, StepsBackWhenItsCurrentServerIsRemoved) {
  Farm farm("rr", {1, 1, 1});
  EXPECT_THAT(farm.open_many(2), ElementsAre(2, 1));
  farm.service.remove(1, kTimeZero);
  EXPECT_THAT(farm.open_many(3), ElementsAre(0, 2, 0));
}

// Divisor and top weight follow the adds: after 4: cw 1; after 2: (1/2)*2+1 = 1; after 1: 1. So the
// first pass takes every server, front first, then come the passes for weights 4, 3, 2 and 1.
TEST(IpvsWrr, TheFirstRoundDependsOnTheOrderOfTheAdds) {
  Farm farm("wrr", {4, 2, 1});
  EXPECT_THAT(farm.open_many(10), ElementsAre(2, 1, 0, 0, 0, 1, 0, 2, 1, 0));
}

TEST(IpvsWrr, SwitchedToOnAServiceWithServersItStartsAtTheTopWeight) {
  Farm farm("rr", {4, 2, 1});
  farm.service.set_scheduler("wrr", {}, kTimeZero);
  EXPECT_THAT(farm.open_many(7), ElementsAre(0, 0, 1, 0, 2, 1, 0));
}

// The rule as it is told: pass after pass, one weight at a time.
class PassByPass {
 public:
  explicit PassByPass(const ServerList& servers) : servers_(servers) {}

  void changed() {
    std::int64_t most = 0;
    di_ = 0;
    for (const ServerId id : servers_.order()) {
      most = std::max<std::int64_t>(most, servers_[id].weight);
      di_ = std::gcd(di_, static_cast<std::int64_t>(servers_[id].weight));
    }
    if (di_ == 0) di_ = 1;
    mw_ = most - (di_ - 1);
    at_ = 0;
    if (cw_ > mw_ || cw_ == 0) {
      cw_ = mw_;
    } else if (di_ > 1) {
      cw_ = cw_ / di_ * di_ + 1;
    }
  }

  ServerId pick() {
    if (mw_ == 0) return kNoServer;
    for (bool whole = at_ == 0;; whole = true) {
      while (at_ < servers_.order().size()) {
        const ServerId id = servers_.order()[at_++];
        if (!servers_[id].overloaded && servers_[id].weight >= cw_) return id;
      }
      at_ = 0;
      cw_ -= di_;
      if (cw_ <= 0) {
        cw_ = mw_;
        if (whole) return kNoServer;
      }
    }
  }

 private:
  const ServerList& servers_;
  std::size_t at_ = 0;
  std::int64_t cw_ = 0, mw_ = 0, di_ = 1;
};

TEST(IpvsWrr, PassesThatFindNobodyCanBeLeftOut) {
  Random random(3);
  Farm farm("wrr", {});
  PassByPass reference(farm.service.servers());
  const auto some_weight = [&] { return static_cast<std::int32_t>(random.below(5) * 60); };
  for (std::uint32_t i = 0; i < 6; ++i) {
    RealServer server;
    server.address = i;
    server.weight = some_weight();
    farm.service.add(server, kTimeZero);
    reference.changed();
  }
  Time now = kTimeZero;
  int refused = 0;
  for (int step = 0; step < 20000; ++step) {
    now += milliseconds(300);
    farm.service.advance(now);
    if (random.below(20) == 0) {
      const auto id = static_cast<ServerId>(random.below(6));
      const auto upper = static_cast<std::uint32_t>(1 + random.below(60));
      farm.service.edit(id, some_weight(), upper, upper / 2, now);
      reference.changed();
    }
    const ServerId expected = reference.pick();
    ASSERT_EQ(farm.open(0, 0, now), expected) << "step " << step;
    refused += expected == kNoServer;
  }
  EXPECT_GT(refused, 0);
}

TEST(IpvsWlc, AnActiveConnectionWeighsAs256InactiveOnes) {
  Farm farm("wlc", {1, 1});
  const auto first = farm.service.open({}, kTimeZero);
  EXPECT_EQ(first.server, 1u);
  farm.service.packet(first.connection, Packet::client_rst, kTimeZero);  // 1 * 256 -> 1 inactive
  EXPECT_THAT(farm.open_many(3), ElementsAre(0, 1, 0));
}

TEST(IpvsNq, AnIdleServerTakesTheConnectionWhateverItsWeight) {
  Farm farm("nq", {9, 1});
  EXPECT_THAT(farm.open_many(4), ElementsAre(1, 0, 0, 0));
}

// Weight + 1 connections fit: active <= weight is looked at before the connection counts.
TEST(IpvsOvf, FillsTheHighestWeightFirstAndThenRefuses) {
  Farm farm("ovf", {1, 2});
  EXPECT_THAT(farm.open_many(6), ElementsAre(1, 1, 1, 0, 0, kNone));
}

TEST(IpvsFo, TakesTheHighestWeightUntilThatIsQuiesced) {
  Farm farm("fo", {1, 5, 3});
  EXPECT_THAT(farm.open_many(2), ElementsAre(1, 1));
  farm.service.set_weight(1, 0, kTimeZero);
  EXPECT_THAT(farm.open_many(2), ElementsAre(2, 2));
}

TEST(IpvsSh, AClientStaysAndWeightsShareTheSlots) {
  Farm farm("sh", {3, 1});
  std::vector<int> picks(2);
  for (std::uint32_t client = 0; client < 40000; ++client) {
    const ServerId id = farm.open(client);
    ++picks[id];
    ASSERT_EQ(farm.open(client), id);
  }
  EXPECT_NEAR(picks[0] / 40000.0, 0.75, 0.01);  // rows of 3 and 1 slots, 192 of 256
}

TEST(IpvsSh, OnlyWithFallbackAnotherServerStandsIn) {
  Farm strict("sh", {1, 1});
  Farm lenient("sh", {1, 1}, {"sh-fallback"});
  strict.service.set_weight(0, 0, kTimeZero);
  lenient.service.set_weight(0, 0, kTimeZero);
  int refused = 0;
  for (std::uint32_t client = 0; client < 1000; ++client) {
    refused += strict.open(client) == kNoServer;
    ASSERT_EQ(lenient.open(client), 1u);
  }
  EXPECT_NEAR(refused, 500, 10);
}

// Maglev's promise: removing one of n servers moves its share and little else.
TEST(IpvsMh, RemovingAServerMovesLittleBeyondItsOwnClients) {
  Farm farm("mh", std::vector<int>(10, 1));
  std::vector<ServerId> before;
  for (std::uint32_t client = 0; client < 20000; ++client) before.push_back(farm.open(client));
  farm.service.remove(4, kTimeZero);
  int of_others = 0;
  for (std::uint32_t client = 0; client < 20000; ++client) {
    const bool moved = farm.open(client) != before[client];
    of_others += moved && before[client] != 4;
  }
  EXPECT_LT(of_others, 20000 / 20);
}

TEST(IpvsMh, QuiescingAServerDoesNotDisturbTheTable) {
  Farm farm("mh", {1, 1, 1});
  std::vector<ServerId> before;
  for (std::uint32_t client = 0; client < 1000; ++client) before.push_back(farm.open(client));
  farm.service.set_weight(1, 0, kTimeZero);
  for (std::uint32_t client = 0; client < 1000; ++client) {
    ASSERT_EQ(farm.open(client), before[client] == 1 ? kNoServer : before[client]);
  }
}

TEST(IpvsDh, TheDestinationDecidesNotTheClient) {
  Farm farm("dh", {1, 1, 1});
  for (std::uint32_t vip = 0; vip < 100; ++vip) {
    // hash32's slots go round the list, front first
    const ServerId expected = 2 - (vip * 0x61C88647u >> 24) % 3;
    ASSERT_EQ(farm.open(1, vip), expected);
    ASSERT_EQ(farm.open(2, vip), expected);
  }
}

// Leaves when active > weight (5 > 4) and another server has less than half its weight.
TEST(IpvsLblc, AnAddressStaysUntilItsServerIsTooBusy) {
  Farm farm("lblc", {4, 4});
  EXPECT_THAT(farm.open_many(6), ElementsAre(1, 1, 1, 1, 1, 0));
  EXPECT_EQ(farm.open(0, 77), 0u);  // a new address goes by wlc: 1 * 256 / 4 against 5 * 256 / 4
}

TEST(IpvsLblcr, ABusyAddressGetsAnotherServerAndKeepsTheFirst) {
  Farm farm("lblcr", {4, 4});
  EXPECT_THAT(farm.open_many(6), ElementsAre(1, 1, 1, 1, 1, 0));
  EXPECT_THAT(farm.open_many(4), ElementsAre(0, 0, 0, 0));  // the set is {0, 1}, wlc within it
}

// Shares p = 0.6, 0.3, 0.1 of the draws. No connection is kept active, so loads tie at zero and the
// first drawn wins: picks follow the weights. 5 sigma of 100,000 draws: 5 sqrt(p q / n) < 0.008.
TEST(IpvsTwos, DrawsByWeight) {
  ServiceConfig config = Farm::config("twos", {});
  config.protocol = Protocol::udp;
  config.one_packet = true;
  Service service(config);
  for (const int weight : {6, 3, 1}) {
    RealServer server;
    server.address = static_cast<std::uint32_t>(weight);
    server.weight = weight;
    service.add(server, kTimeZero);
  }
  std::vector<int> picks(3);
  for (int i = 0; i < 100000; ++i) ++picks[service.open({}, kTimeZero).server];
  EXPECT_NEAR(picks[0] / 1e5, 0.6, 0.008);
  EXPECT_NEAR(picks[1] / 1e5, 0.3, 0.008);
  EXPECT_NEAR(picks[2] / 1e5, 0.1, 0.008);
}

// One server holds a connection, the other none: the busy one is picked only if both draws hit it,
// with probability 1/4.
TEST(IpvsTwos, TakesTheLessLoadedOfTheTwoDrawn) {
  int busy = 0;
  for (std::uint64_t seed = 0; seed < 20000; ++seed) {
    ServiceConfig config = Farm::config("twos", {});
    config.seed = seed;
    Service service(config);
    for (std::uint32_t i = 0; i < 2; ++i) {
      RealServer server;
      server.address = i;
      service.add(server, kTimeZero);
    }
    const ServerId first = service.open({}, kTimeZero).server;
    busy += service.open({}, kTimeZero).server == first;
  }
  EXPECT_NEAR(busy / 20000.0, 0.25, 0.016);  // 5 sigma
}

TEST(IpvsSchedulers, UnknownNamesAndFlagsAreInputErrors) {
  EXPECT_THROW(Farm("wlcc", {}), InputError);
  EXPECT_THROW(Farm("sh", {}, {"sh-ports"}), InputError);
}

TEST(IpvsSchedulers, TheCatalogNamesEachAndEachCanBeMade) {
  int found = 0;
  for (const AlgorithmSpec& spec : catalog()) {
    if (spec.family != "ipvs") continue;
    ++found;
    Farm farm(spec.name, {1, 1});
    EXPECT_NE(farm.open(), kNoServer) << spec.name;
  }
  EXPECT_EQ(found, 14);
}

}  // namespace
}  // namespace lbsim::algorithms::ipvs
