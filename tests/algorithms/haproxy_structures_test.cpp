// The fast structures against the plain definitions that they stand for.
#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <utility>

#include "algorithms/haproxy/hash.hpp"
#include "algorithms/haproxy/levels.hpp"
#include "algorithms/haproxy/ordered.hpp"
#include "algorithms/haproxy/queue.hpp"
#include "core/random.hpp"

namespace lbsim::algorithms::haproxy {
namespace {

// Plain version: a list kept sorted, each new server behind its equals.
class SortedList {
 public:
  void insert(ServerId server, std::uint32_t key) {
    erase(server);
    const auto place = std::find_if(list_.begin(), list_.end(),
                                    [key](const auto& entry) { return entry.first > key; });
    list_.insert(place, {key, server});
  }
  void erase(ServerId server) {
    list_.remove_if([server](const auto& entry) { return entry.second == server; });
  }
  ServerId first() const { return list_.empty() ? kNoServer : list_.front().second; }

 private:
  std::list<std::pair<std::uint32_t, ServerId>> list_;
};

TEST(HaproxyOrderedServers, AgreeWithASortedListOverRandomHistories) {
  for (const std::size_t servers : {1, 2, 3, 8, 33}) {
    Random random(servers);
    OrderedServers fast(servers);
    SortedList plain;
    for (int step = 0; step < 20'000; ++step) {
      const auto server = static_cast<ServerId>(random.below(servers));
      const auto key = static_cast<std::uint32_t>(random.below(4));  // many equals
      if (random.below(3) == 0) {
        fast.erase(server);
        plain.erase(server);
      } else {
        fast.insert(server, key);
        plain.insert(server, key);
      }
      ASSERT_EQ(fast.first(), plain.first()) << "step " << step << ", " << servers << " servers";
    }
  }
}

TEST(HaproxyOrderedServers, AServerThatIsPutBackHasItsPlaceAmongEqualsAgain) {
  OrderedServers ordered(3);
  for (ServerId s = 0; s < 3; ++s) ordered.insert(s, 7);
  const OrderedServers::Position place = ordered.position(0);
  ordered.erase(0);
  EXPECT_EQ(ordered.first(), 1U);
  ordered.restore(0, place);
  EXPECT_EQ(ordered.first(), 0U);
}

// Plain version: scores, as the map's definition has them.
std::vector<ServerId> spread_plainly(const std::vector<Share>& shares, std::uint32_t total) {
  std::vector<std::int64_t> score(shares.size());
  std::vector<ServerId> entries;
  for (std::uint32_t entry = 0; entry < total; ++entry) {
    std::size_t best = 0;
    std::int64_t most = -1;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      score[i] += shares[i].weight;
      const std::int64_t level = (score[i] + total) / total;
      if (level > most) {
        most = level;
        best = i;
      }
    }
    score[best] -= total;
    entries.push_back(shares[best].server);
  }
  return entries;
}

TEST(HaproxySpread, AgreesWithScoresForRandomWeights) {
  Random random(5);
  for (int round = 0; round < 600; ++round) {
    const std::uint64_t servers = 1 + random.below(40);
    const std::uint64_t heaviest = round % 2 == 0 ? 5 : 256;
    std::vector<Share> shares;
    std::uint32_t total = 0;
    for (ServerId s = 0; s < servers; ++s) {
      shares.push_back({s, 1 + static_cast<std::uint32_t>(random.below(heaviest))});
      total += shares.back().weight;
    }
    ASSERT_EQ(spread(shares, total), spread_plainly(shares, total)) << "round " << round;
  }
}

// The order of a queue is (priority, arrival), whatever leaves from its middle.
TEST(HaproxyQueue, AgreesWithAStableSortOverRandomHistories) {
  Random random(6);
  Records records;
  Queue queue;
  std::list<std::pair<int, RecordId>> plain;
  for (int step = 0; step < 20'000; ++step) {
    if (random.below(2) == 0 || plain.empty()) {
      const RecordId id = records.make();
      const int priority = static_cast<int>(random.below(3)) - 1;
      records[id].priority = priority;
      queue.push(records, id);
      const auto place = std::find_if(plain.begin(), plain.end(), [priority](const auto& entry) {
        return entry.first > priority;
      });
      plain.insert(place, {priority, id});
    } else {
      const std::uint64_t steps = random.below(3) == 0 ? random.below(plain.size()) : 0;
      const auto leaves = std::next(plain.begin(), static_cast<std::ptrdiff_t>(steps));
      queue.remove(records, leaves->second);
      records.release(leaves->second);
      plain.erase(leaves);
    }
    ASSERT_EQ(queue.length(), plain.size());
    ASSERT_EQ(queue.front(), plain.empty() ? kNoRecord : plain.front().second) << "step " << step;
  }
}

// Check values: CRC-32 of "123456789" is that of ISO 3309; djb2 and sdbm by hand for one letter,
// 5381 * 33 + 97 and 97; for two letters of sdbm, 97 * 65599 + 98.
TEST(HaproxyHashes, HaveTheirPublishedValues) {
  EXPECT_EQ(crc32("123456789"), 0xcbf43926U);
  EXPECT_EQ(djb2("a"), 177670U);
  EXPECT_EQ(sdbm("a"), 97U);
  EXPECT_EQ(sdbm("ab"), 97U * 65599 + 98);
  EXPECT_EQ(sdbm(""), 0U);
}

// A flipped input bit flips each output bit with probability 1/2: of 32 bits, 16 on average.
TEST(HaproxyHashes, AvalancheSpreadsEachBitOverAllBits) {
  int flipped = 0;
  for (std::uint32_t x = 0; x < 1000; ++x) {
    for (int bit = 0; bit < 32; ++bit) {
      flipped += std::popcount(avalanche(x) ^ avalanche(x ^ 1U << bit));
    }
  }
  EXPECT_NEAR(flipped / 32000.0, 16.0, 0.5);
}

}  // namespace
}  // namespace lbsim::algorithms::haproxy
