#include "workload/name_table.hpp"

#include <algorithm>
#include <numeric>

namespace lbsim::workload {

std::uint32_t NameTable::number_of(std::string_view name) {
  const auto found = numbers_.find(name);
  if (found != numbers_.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(names_.size());
  names_.emplace_back(name);
  counts_.push_back(0);
  numbers_.emplace(names_.back(), number);
  return number;
}

std::optional<std::uint32_t> NameTable::find(std::string_view name) const {
  const auto found = numbers_.find(name);
  if (found == numbers_.end()) return std::nullopt;
  return found->second;
}

std::vector<std::uint32_t> NameTable::by_count() const {
  std::vector<std::uint32_t> order(size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return counts_[a] > counts_[b]; });
  return order;
}

std::vector<std::uint32_t> NameTable::by_name() const {
  std::vector<std::uint32_t> order(size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return names_[a] < names_[b]; });
  return order;
}

}  // namespace lbsim::workload
