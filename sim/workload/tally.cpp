#include "workload/tally.hpp"

#include <algorithm>

namespace lbsim::workload {

void Tally::merge() {
  if (recent_.empty()) return;
  const auto by_value = [](const Entry& a, const Entry& b) { return a.value < b.value; };
  std::sort(recent_.begin(), recent_.end(), by_value);
  const auto middle = static_cast<std::ptrdiff_t>(merged_.size());
  merged_.insert(merged_.end(), recent_.begin(), recent_.end());
  std::inplace_merge(merged_.begin(), merged_.begin() + middle, merged_.end(), by_value);
  std::size_t kept = 0;
  for (std::size_t i = 1; i < merged_.size(); ++i) {
    if (merged_[i].value == merged_[kept].value) {
      merged_[kept].count += merged_[i].count;
    } else {
      merged_[++kept] = merged_[i];
    }
  }
  merged_.resize(kept + 1);
  recent_.clear();
}

}  // namespace lbsim::workload
