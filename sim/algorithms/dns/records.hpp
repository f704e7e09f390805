// All addresses that a name has or will ever have. Answers and caches name them by their index
// here, so that a cached answer keeps its meaning when the authority's content changes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "algorithms/dns/order.hpp"
#include "algorithms/upstream.hpp"

namespace lbsim::algorithms::dns {

struct Record {
  std::string name;  // for people
  Address address;
  int weight = 1;
};

class RecordTable {
 public:
  // Throws InputError if there are more than a RecordIndex can name.
  explicit RecordTable(std::vector<Record> records);

  std::size_t size() const { return records_.size(); }
  const Record& operator[](RecordIndex index) const { return records_[index]; }

  // Sorts by the records' binary content, the canonical order of RFC 4034 section 6.3, in which
  // servers keep an RRset whatever the order in the zone file.
  void sort_canonically(Order& order) const;

  // "a1 a3 a2"
  std::string text(const Order& order) const;

 private:
  std::vector<Record> records_;
  std::vector<std::uint8_t> canonical_rank_;  // by RecordIndex
};

}  // namespace lbsim::algorithms::dns
