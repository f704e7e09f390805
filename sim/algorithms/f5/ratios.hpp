// A rotation in which a member has as many turns as its ratio: first each member has one, then
// those with a ratio of 2 or more, and so on to the highest; then it begins anew.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "algorithms/pool/rule.hpp"

namespace lbsim::algorithms::f5 {

using pool::Members;
using pool::Query;

class Rotation {
 public:
  // ratio(s): at least 1. O(members).
  template <typename Ratio>
  ServerId pick(const Query& query, const Members& members, Ratio ratio) {
    std::uint32_t highest = 0;
    for (const ServerId s : members.serving()) {
      if (query.takes(s)) highest = std::max(highest, ratio(s));
    }
    while (highest != 0) {
      while (at_ < members.size()) {
        const ServerId s = at_++;
        if (query.takes(s) && ratio(s) >= round_) return s;
      }
      at_ = 0;
      round_ = round_ < highest ? round_ + 1 : 1;
    }
    return kNoServer;
  }

  std::string describe() const {
    return "round " + std::to_string(round_) + ", at " + std::to_string(at_);
  }

 private:
  std::uint32_t round_ = 1;
  ServerId at_ = 0;
};

// Ratios that the system makes itself, every second, from what it has observed of the members.
class ObservedRatios : public pool::Rule {
 public:
  ServerId pick(const Query& query) final {
    return rotation_.pick(query, members_, [&](ServerId s) { return ratios_[s]; });
  }

  // Nothing has happened since the last call, so the first of the seconds that have begun since
  // then saw what all of them saw.
  void advance(Time now) final {
    const std::int64_t second = now.time_since_epoch() / seconds(1);
    if (second == second_) return;
    second_ = second;
    observe(ratios_);
  }

  std::string describe(ServerId s) const final { return "ratio " + std::to_string(ratios_[s]); }
  std::string describe() const final { return rotation_.describe(); }

 protected:
  ObservedRatios(const Members& members, std::uint32_t ratio)
      : Rule(members), ratios_(members.size(), ratio) {}

  virtual void observe(std::vector<std::uint32_t>& ratios) = 0;

 private:
  Rotation rotation_;
  std::vector<std::uint32_t> ratios_;
  std::int64_t second_ = 0;
};

}  // namespace lbsim::algorithms::f5
