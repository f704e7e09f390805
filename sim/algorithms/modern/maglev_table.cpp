#include "algorithms/modern/maglev_table.hpp"

#include <algorithm>

#include "algorithms/pool/keys.hpp"

namespace lbsim::algorithms::modern {
namespace {

struct Walk {
  const MaglevShare* share;
  std::uint64_t at;
  std::uint64_t skip;
  std::uint64_t due = 0;  // weight saved up since its last entry
};

}  // namespace

std::vector<ServerId> maglev_table(const std::vector<MaglevShare>& shares, std::size_t size) {
  if (shares.empty()) return {};
  std::vector<Walk> walks;
  std::uint64_t heaviest = 0;
  for (const MaglevShare& share : shares) {
    walks.push_back({&share, pool::hash_of(share.name, 1) % size,
                     pool::hash_of(share.name, 2) % (size - 1) + 1});
    heaviest = std::max<std::uint64_t>(heaviest, share.weight);
  }
  std::vector<ServerId> table(size, kNoServer);
  for (std::size_t filled = 0; filled < size;) {
    for (Walk& walk : walks) {
      walk.due += walk.share->weight;
      if (walk.due < heaviest) continue;
      walk.due -= heaviest;
      while (table[walk.at] != kNoServer) walk.at = (walk.at + walk.skip) % size;
      table[walk.at] = walk.share->server;
      if (++filled == size) break;
    }
  }
  return table;
}

}  // namespace lbsim::algorithms::modern
