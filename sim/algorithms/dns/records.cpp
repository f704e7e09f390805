#include "algorithms/dns/records.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "algorithms/dns/prefix.hpp"
#include "algorithms/parameters.hpp"

namespace lbsim::algorithms::dns {
namespace {

bool canonically_before(const Address& a, const Address& b) {
  if (a.v6 != b.v6) return b.v6;
  return std::memcmp(address_bytes(a), address_bytes(b), address_size(a)) < 0;
}

}  // namespace

RecordTable::RecordTable(std::vector<Record> records) : records_(std::move(records)) {
  if (records_.size() > 256) {
    reject("records", "a name has more than 256 addresses");
  }
  std::vector<std::size_t> sorted(records_.size());
  std::iota(sorted.begin(), sorted.end(), std::size_t{0});
  std::stable_sort(sorted.begin(), sorted.end(), [this](std::size_t a, std::size_t b) {
    return canonically_before(records_[a].address, records_[b].address);
  });
  canonical_rank_.resize(records_.size());
  for (std::size_t rank = 0; rank < sorted.size(); ++rank) {
    canonical_rank_[sorted[rank]] = static_cast<std::uint8_t>(rank);
  }
}

void RecordTable::sort_canonically(Order& order) const {
  std::sort(order.begin(), order.end(), [this](RecordIndex a, RecordIndex b) {
    return canonical_rank_[a] < canonical_rank_[b];
  });
}

std::string RecordTable::text(const Order& order) const {
  std::string result;
  for (const RecordIndex index : order) {
    if (!result.empty()) result += ' ';
    result += records_[index].name;
  }
  return result;
}

}  // namespace lbsim::algorithms::dns
