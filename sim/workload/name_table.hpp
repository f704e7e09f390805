// Names and how often each was counted; every name has a number, 0, 1, 2, ... in order of first
// appearance, so that nothing depends on a hash's order.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lbsim::workload {

class NameTable {
 public:
  // The name's number; a new name gets the next one.
  std::uint32_t number_of(std::string_view name);

  // The name's number, if it has one.
  std::optional<std::uint32_t> find(std::string_view name) const;

  void count(std::string_view name) { ++counts_[number_of(name)]; }

  std::size_t size() const { return names_.size(); }
  const std::string& name(std::uint32_t number) const { return names_[number]; }
  std::uint64_t counted(std::uint32_t number) const { return counts_[number]; }

  // Numbers in order of falling count; of equal counts the one seen first comes first.
  std::vector<std::uint32_t> by_count() const;
  // Numbers in order of the names' bytes.
  std::vector<std::uint32_t> by_name() const;

 private:
  std::deque<std::string> names_;  // a deque: growing leaves the names where they are
  std::vector<std::uint64_t> counts_;
  std::unordered_map<std::string_view, std::uint32_t> numbers_;  // looked up, never walked
};

}  // namespace lbsim::workload
