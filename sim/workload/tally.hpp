// How often each value occurred, in order of the values. Memory grows with the distinct values, not
// with what is counted.
#pragma once

#include <cstdint>
#include <vector>

namespace lbsim::workload {

class Tally {
 public:
  struct Entry {
    std::int64_t value;
    std::uint64_t count;
    bool operator==(const Entry&) const = default;
  };

  void add(std::int64_t value) {
    if (!recent_.empty() && recent_.back().value == value) {
      ++recent_.back().count;
      return;
    }
    if (recent_.size() >= kLeastRecent && recent_.size() >= merged_.size()) merge();
    recent_.push_back({value, 1});
  }

  // Ascending, every value once. Valid until the next add.
  const std::vector<Entry>& entries() {
    merge();
    return merged_;
  }

 private:
  // Merging costs as much as there are distinct values: let as many new ones gather first.
  static constexpr std::size_t kLeastRecent = std::size_t{1} << 15;

  void merge();

  std::vector<Entry> merged_;
  std::vector<Entry> recent_;
};

}  // namespace lbsim::workload
