#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "algorithms/dns/bind.hpp"
#include "algorithms/dns/factory.hpp"
#include "algorithms/dns/glibc.hpp"
#include "algorithms/dns/jenkins.hpp"
#include "algorithms/dns/powerdns_pick.hpp"
#include "core/error.hpp"

namespace lbsim::algorithms::dns {
namespace {

RecordTable table_of(std::vector<int> weights) {
  std::vector<Record> records;
  for (const int weight : weights) {
    const auto n = static_cast<std::uint32_t>(records.size() + 1);
    records.push_back({{'a', static_cast<char>('0' + n)}, Address::v4(0xc0000200 + n), weight});
  }
  return RecordTable(std::move(records));
}

// Counts of the first address in `draws` answers.
std::vector<int> first_counts(Authority& authority, std::size_t n, int draws) {
  std::vector<int> counts(n, 0);
  for (int i = 0; i < draws; ++i) ++counts[authority.answer(Query(), kTimeZero).order[0]];
  return counts;
}

void expect_shares(const std::vector<int>& counts, const std::vector<double>& shares) {
  int draws = 0;
  for (const int count : counts) draws += count;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double deviation = std::sqrt(draws * shares[i] * (1 - shares[i]));
    EXPECT_NEAR(counts[i], draws * shares[i], 5 * deviation + 1e-9);
  }
}

// One number v decides all swaps, so orders repeat with period lcm(1..n): 12 of 24 for n = 4; the
// first place is v mod 4.
TEST(BindShuffle, OnlyTwelveOfTwentyFourOrdersOfFourOccur) {
  std::set<std::vector<int>> orders;
  for (std::uint32_t v = 0; v < 1000; ++v) {
    Order order;
    for (RecordIndex i = 0; i < 4; ++i) order.push_back(i);
    bind_shuffle(order, v);
    EXPECT_EQ(order[0], v % 4);
    orders.insert({order.begin(), order.end()});
  }
  EXPECT_EQ(orders.size(), 12u);
}

TEST(Authority, WeightedKindsPickInProportionToTheLiveWeights) {
  const RecordTable table = table_of({1, 2, 5});
  Random random(3);
  AuthorityConfig config;
  config.records = &table;
  config.random = &random;
  const std::vector<double> shares = {1 / 8.0, 2 / 8.0, 5 / 8.0};
  for (const char* name : {"gdnsd-weighted", "pdns-pickwrandom"}) {
    expect_shares(first_counts(*make_authority(name, config), 3, 80000), shares);
  }
  // Half of the weight 8 must live: with 1 + 2 of it all count as live, with 1 + 5 those two.
  const auto gdnsd = make_authority("gdnsd-weighted", config);
  gdnsd->set_state(2, false, kTimeZero);
  expect_shares(first_counts(*gdnsd, 3, 80000), shares);
  gdnsd->set_state(2, true, kTimeZero);
  gdnsd->set_state(1, false, kTimeZero);
  expect_shares(first_counts(*gdnsd, 3, 80000), {1 / 6.0, 0, 5 / 6.0});
}

TEST(Authority, GdnsdMultiKeepsEachItemWithItsWeightOverTheLargest) {
  const RecordTable table = table_of({10, 20, 40});
  Random random(3);
  AuthorityConfig config;
  config.records = &table;
  config.random = &random;
  config.parameters["multi"] = "yes";
  const auto authority = make_authority("gdnsd-weighted", config);
  std::vector<int> kept(3, 0);
  const int draws = 40000;
  for (int i = 0; i < draws; ++i) {
    for (const RecordIndex record : authority->answer(Query(), kTimeZero).order) ++kept[record];
  }
  EXPECT_EQ(kept[2], draws);
  EXPECT_NEAR(kept[0], draws / 4.0, 5 * std::sqrt(draws * 0.25 * 0.75));
  EXPECT_NEAR(kept[1], draws / 2.0, 5 * std::sqrt(draws * 0.25));
}

TEST(Dnsdist, ADeadServersQueriesGoElsewhereAndNobodyElsesMoveOnTheRing) {
  const RecordTable table = table_of({100, 100, 100});
  Random random(1);
  AuthorityConfig config;
  config.records = &table;
  config.random = &random;
  config.dnsdist_servers = {{1, "id-one"}, {1, "id-two"}, {1, "id-three"}};
  const auto ring = make_authority("dnsdist-chashed", config);
  const auto server_of = [&ring](const std::string& name) {
    Query query;
    query.name = name;
    return ring->answer(query, kTimeZero).order[0];
  };
  std::map<std::string, int> before;
  for (int i = 0; i < 500; ++i) {
    const std::string name = std::to_string(i) + ".ex.test";
    before[name] = server_of(name);
  }
  ring->set_state(1, false, kTimeZero);
  for (const auto& [name, server] : before) {
    if (server == 1) {
      EXPECT_NE(server_of(name), 1);
    } else {
      EXPECT_EQ(server_of(name), server);
    }
  }
}

TEST(Dnsdist, NoLiveServerGivesNoAnswer) {
  const RecordTable table = table_of({1});
  Random random(1);
  AuthorityConfig config;
  config.records = &table;
  config.random = &random;
  config.dnsdist_servers.resize(1);
  const auto servers = make_authority("dnsdist-leastOutstanding", config);
  servers->set_state(0, false, kTimeZero);
  EXPECT_TRUE(servers->answer(Query(), kTimeZero).negative());
}

TEST(Jenkins, NamesHashWithoutRegardToCaseOrTheFinalDot) {
  const std::uint32_t hash = jenkins_name_hash("www.ex.test", 7);
  EXPECT_EQ(jenkins_name_hash("WWW.Ex.Test.", 7), hash);
  EXPECT_NE(jenkins_name_hash("www.ex.test", 8), hash);
  const std::uint8_t wire[] = "\3www\2ex\4test";  // with the final zero
  EXPECT_EQ(jenkins_hash(wire, sizeof wire, 7), hash);
}

TEST(PowerdnsPicker, TheHashMapTurnsAListOfUpToThirteenAround) {
  EXPECT_EQ(hash_map_order(4), (std::vector<std::size_t>{3, 2, 1, 0}));
  const std::vector<std::size_t> fourteen = hash_map_order(14);
  EXPECT_EQ(fourteen[0], 13u);
  EXPECT_EQ(fourteen[1], 0u);
  EXPECT_EQ(fourteen[13], 12u);
}

// 10/8 with a hole at 10.2/16: around 10.1.0.0 the same list holds in 10.0/15, no further.
TEST(DatacenterMap, TheScopeIsTheShortestPrefixWithOneList) {
  DatacenterMap map(2);
  map.insert(*parse_prefix("10.0.0.0/8"), {1, 0});
  map.insert(*parse_prefix("10.2.0.0/16"), {1});
  EXPECT_EQ(map.scope(*parse_address("10.1.0.0")), 15u);
  EXPECT_EQ(map.scope(*parse_address("10.2.3.4")), 16u);
  EXPECT_EQ(map.scope(*parse_address("200.0.0.1")), 1u);
  EXPECT_EQ(map.list(*parse_address("10.2.3.4")), (DatacenterList{1}));
  EXPECT_EQ(map.list(*parse_address("11.0.0.1")), (DatacenterList{0, 1}));
}

TEST(Geo, AQuarterOfTheGlobeIsARightAngle) {
  EXPECT_NEAR(great_circle_angle({0, 0, "", ""}, {0, 90, "", ""}), std::acos(0.0), 1e-12);
  EXPECT_NEAR(great_circle_angle({0, 179, "", ""}, {0, -179, "", ""}), std::acos(0.0) / 45, 1e-12);
}

TEST(GlibcSorter, KeepsRotationOnAnIpv4OnlyHostAndLosesItOnOneWithIpv6) {
  const RecordTable table({{"far", *parse_address("10.1.2.130")},
                           {"near", *parse_address("10.1.2.2")},
                           {"off", *parse_address("192.0.2.1")}});
  const Prefix source{*parse_address("10.1.2.3"), 24};
  const std::vector<std::optional<Prefix>> sources(3, source);
  Order dns;
  for (const int i : {2, 0, 1}) dns.push_back(static_cast<RecordIndex>(i));
  EXPECT_EQ(table.text(GlibcSorter(table, sources, false).sorted(dns)), "off far near");
  EXPECT_EQ(table.text(GlibcSorter(table, sources, true).sorted(dns)), "near far off");
}

TEST(DnsFactory, EveryKindOfTheCatalogIsKnownAndErrorsNameTheField) {
  const RecordTable table = table_of({1, 1});
  Random random(1);
  AuthorityConfig config;
  config.records = &table;
  config.random = &random;
  for (const auto& [kind, expected] :
       {std::pair("bind", "rrset-order"), std::pair("bnd", "kind"),
        std::pair("knot", "rrset-order"), std::pair("pdns-geoip", "locations")}) {
    config.parameters.clear();
    if (expected == std::string("rrset-order")) config.parameters[expected] = "cyclical";
    try {
      make_authority(kind, config);
      ADD_FAILURE() << kind;
    } catch (const InputError& error) {
      EXPECT_EQ(error.diagnostics()[0].field, expected);
    }
  }
  EXPECT_THROW(cache_maker("unbound", {{"prefetch", "perhaps"}}, table, random), InputError);
  std::size_t lines = 0;
  for (const AlgorithmSpec& line : catalog()) lines += line.family == "dns";
  EXPECT_EQ(lines, 28u);
}

}  // namespace
}  // namespace lbsim::algorithms::dns
