#include <gtest/gtest.h>

#include "algorithms/dns/bind_cache.hpp"
#include "algorithms/dns/dnsmasq_cache.hpp"
#include "algorithms/dns/exact_cache.hpp"
#include "algorithms/dns/recursor_cache.hpp"
#include "algorithms/dns/unbound_cache.hpp"

namespace lbsim::algorithms::dns {
namespace {

constexpr Time at(std::int64_t s) { return kTimeZero + seconds(s); }

Answer fetched(std::initializer_list<int> records, std::uint32_t ttl_s) {
  Answer answer;
  for (const int record : records) answer.order.push_back(static_cast<RecordIndex>(record));
  answer.ttl_s = ttl_s;
  return answer;
}

std::vector<int> list(const Order& order) { return {order.begin(), order.end()}; }
using List = std::vector<int>;

Lookup look(ResolverCache& cache, Time now, Answer& answer, std::uint16_t id = 0) {
  Query query;
  query.id = id;
  return cache.lookup(query, now, answer);
}

TEST(UnboundCache, AnEntryIsValidUpToAndIncludingTheSecondInWhichItsTtlEnds) {
  UnboundOptions options;
  UnboundCache cache(options);
  Answer answer;
  EXPECT_EQ(look(cache, at(10), answer), Lookup::miss);
  cache.fill(fetched({0, 1}, 3), at(10));
  EXPECT_EQ(look(cache, at(13) + milliseconds(999), answer), Lookup::hit);
  EXPECT_EQ(answer.ttl_s, 0u);
  EXPECT_EQ(look(cache, at(14), answer), Lookup::miss);
}

TEST(UnboundCache, TheFirstAddressIsThatOfQueryIdPlusUnixSeconds) {
  UnboundOptions options;
  options.wall_clock_start_s = 1'000'000'000;
  UnboundCache cache(options);
  cache.fill(fetched({0, 1, 2}, 300), at(0));
  Answer answer;
  for (std::int64_t s = 0; s < 6; ++s) {
    for (std::uint16_t id = 0; id < 5; ++id) {
      look(cache, at(s), answer, id);
      EXPECT_EQ(answer.order[0], (1'000'000'000 + s + id) % 3);
    }
  }
}

TEST(UnboundCache, MinimumAndMaximumClampWhatIsKeptAndShown) {
  UnboundOptions options;
  options.ttl = {.min_s = 5, .max_s = 20, .negative_max_s = 2};
  UnboundCache cache(options);
  for (const auto& [ttl_s, kept_s] :
       {std::pair(1u, 5u), std::pair(10u, 10u), std::pair(60u, 20u)}) {
    const Answer answer = fetched({0}, ttl_s);
    cache.fill(answer, at(0));
    EXPECT_EQ(cache.forward(Query(), answer, at(0)).ttl_s, kept_s);
  }
  cache.fill(fetched({}, 60), at(0));
  Answer answer;
  EXPECT_EQ(look(cache, at(2), answer), Lookup::hit);
  EXPECT_TRUE(answer.negative());
  EXPECT_EQ(look(cache, at(3), answer), Lookup::miss);
}

TEST(UnboundCache, PrefetchStartsOneRefreshInTheLastTenthOfTheTtl) {
  UnboundOptions options;
  options.prefetch = true;
  UnboundCache cache(options);
  cache.fill(fetched({0}, 100), at(0));
  Answer answer;
  EXPECT_EQ(look(cache, at(89), answer), Lookup::hit);
  EXPECT_EQ(look(cache, at(90), answer), Lookup::hit_and_refresh);
  EXPECT_EQ(look(cache, at(91), answer), Lookup::hit);  // it is under way
  cache.fetch_failed(at(92));
  EXPECT_EQ(look(cache, at(92), answer), Lookup::hit_and_refresh);
}

TEST(UnboundCache, ServeExpiredAnswersAtOnceUntilItsLimit) {
  UnboundOptions options;
  options.serve_expired = true;
  options.serve_expired_ttl_s = 100;
  UnboundCache cache(options);
  cache.fill(fetched({0, 1}, 10), at(0));
  Answer answer;
  EXPECT_EQ(look(cache, at(11), answer), Lookup::hit_and_refresh);
  EXPECT_EQ(answer.ttl_s, 30u);
  EXPECT_EQ(look(cache, at(110), answer), Lookup::hit);
  EXPECT_EQ(look(cache, at(111), answer), Lookup::miss);
}

TEST(ExactCache, KeepsAnAnswerAsItCameToTheInstantAtWhichItsTtlEnds) {
  ExactCache cache;
  Answer answer;
  const Time begin = at(10) + milliseconds(700);
  EXPECT_EQ(look(cache, begin, answer), Lookup::miss);
  cache.fill(fetched({2, 0, 1}, 3), begin);
  EXPECT_EQ(look(cache, begin + seconds(3), answer), Lookup::hit);
  EXPECT_EQ(list(answer.order), (List{2, 0, 1}));
  EXPECT_EQ(look(cache, begin + seconds(3) + picoseconds(1), answer), Lookup::miss);
  cache.fill(fetched({0}, 0), begin);
  EXPECT_EQ(look(cache, begin, answer), Lookup::miss);
}

TEST(DnsmasqCache, ForwardsTheAuthoritysOrderRepeatsItOnceThenRotatesRight) {
  DnsmasqOptions options;
  DnsmasqCache cache(options);
  const Answer authority = fetched({2, 0, 1}, 4);
  cache.fill(authority, at(0));
  EXPECT_EQ(list(cache.forward(Query(), authority, at(0)).order), (List{2, 0, 1}));
  Answer answer;
  for (const List& expected : {List{2, 0, 1}, List{1, 2, 0}, List{0, 1, 2}, List{2, 0, 1}}) {
    EXPECT_EQ(look(cache, at(3), answer), Lookup::hit);
    EXPECT_EQ(list(answer.order), expected);
  }
  // One second less than Unbound.
  EXPECT_EQ(look(cache, at(4), answer), Lookup::miss);
}

TEST(DnsmasqCache, MaxTtlCapsWhatIsShownButNotWhatIsKept) {
  DnsmasqOptions options;
  options.max_ttl_s = 5;
  DnsmasqCache cache(options);
  cache.fill(fetched({0}, 100), at(0));
  Answer answer;
  EXPECT_EQ(look(cache, at(90), answer), Lookup::hit);
  EXPECT_EQ(answer.ttl_s, 5u);
}

TEST(BindCache, ARefetchStartsOneFurtherThanThePreviousEntryDid) {
  const RecordTable table({{"b", Address::v4(2)}, {"a", Address::v4(1)}, {"c", Address::v4(3)}});
  BindCacheOptions options;
  options.order = BindOrder::cyclic;
  Random random(1);
  BindCache cache(table, options, 0, random);
  const Answer authority = fetched({0, 1, 2}, 10);
  cache.fill(authority, at(0));
  Answer answer = cache.forward(Query(), authority, at(0));
  EXPECT_EQ(table.text(answer.order), "a b c");
  look(cache, at(1), answer);
  EXPECT_EQ(table.text(answer.order), "b c a");
  look(cache, at(2), answer);
  EXPECT_EQ(look(cache, at(10), answer), Lookup::miss);
  cache.fill(authority, at(10));
  EXPECT_EQ(table.text(cache.forward(Query(), authority, at(10)).order), "b c a");
}

// With the packet cache one shuffle serves a whole TTL; without it every answer is a new one: of
// 600 answers over 3 addresses, each order then comes 100 times, standard deviation 9.1.
TEST(RecursorCache, ThePacketCacheRepeatsOneOrderForItsLife) {
  Random random(7);
  RecursorOptions options;
  options.packetcache_ttl_s = 50;
  RecursorCache repeating(options, random);
  options.packet_cache = false;
  RecursorOptions without = options;
  RecursorCache shuffling(without, random);
  options.packet_cache = true;
  for (ResolverCache* cache :
       {static_cast<ResolverCache*>(&repeating), static_cast<ResolverCache*>(&shuffling)}) {
    cache->fill(fetched({0, 1, 2}, 1000), at(0));
  }
  std::map<List, int> counts;
  Answer first;
  look(repeating, at(0), first);
  for (int i = 0; i < 600; ++i) {
    Answer answer;
    look(repeating, at(49), answer);
    EXPECT_EQ(list(answer.order), list(first.order));
    look(shuffling, at(49), answer);
    ++counts[list(answer.order)];
  }
  EXPECT_EQ(counts.size(), 6u);
  for (const auto& [order, count] : counts) EXPECT_NEAR(count, 100, 5 * 9.1);
  const std::uint32_t before = repeating.composed();
  look(repeating, at(50), first);
  EXPECT_EQ(repeating.composed(), before + 1);
}

}  // namespace
}  // namespace lbsim::algorithms::dns
