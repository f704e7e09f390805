#include "conform/replay.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lbsim::conform {
namespace {

// The contract of `lbsim conform`: smaller, and the picks are not distributed as recorded.
constexpr double kLeastP = 1e-6;

}  // namespace

void Replay::compare(const std::string& where, const std::string& expected, const std::string& got,
                     const std::string& state_before, std::uint64_t items) {
  total += items;
  if (expected == got) {
    matched += items;
  } else {
    tell(where, expected, got, state_before);
  }
}

void Replay::differs(const std::string& where, const std::string& expected, const std::string& got,
                     const std::string& state_before) {
  ++total;
  tell(where, expected, got, state_before);
}

void Replay::compare_distribution(std::uint64_t picks, double p, const std::string& test) {
  total += picks;
  if (p > kLeastP) {
    matched += picks;
  } else {
    details = {fmt::format("the picks are not distributed as expected: {}: p = {:.3g}", test, p)};
  }
}

void Replay::tell(const std::string& where, const std::string& expected, const std::string& got,
                  const std::string& state_before) {
  if (!details.empty()) return;
  details = {where + ": expected " + expected + ", got " + got, "state before:"};
  for (std::size_t at = 0; at < state_before.size();) {
    const std::size_t end = std::min(state_before.find('\n', at), state_before.size());
    details.emplace_back("  ").append(state_before, at, end - at);
    at = end + 1;
  }
}

}  // namespace lbsim::conform
