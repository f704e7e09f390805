// Join idle queue: servers say when they fall idle and wait in line; a request takes the first of
// the line, or a random member when nobody is idle. Made for clusters with many dispatchers. Looks
// at idle reports alone, which may be out of date. Cost per pick: O(1).
//
// At first, and when it comes (back), a member counts as idle. Members in line that a request may
// not take keep their place; those that no longer serve lose it. Weights count in random picks.
// Source: Y. Lu, Q. Xie, G. Kliot, A. Geller, J. Larus, A. Greenberg, "Join-Idle-Queue: A novel
// load balancing algorithm for dynamically scalable web services", Performance Evaluation 68
// (2011).
#include <algorithm>
#include <deque>

#include "algorithms/modern/specs.hpp"
#include "algorithms/pool/draws.hpp"

namespace lbsim::algorithms::modern {
namespace {

class JoinIdleQueue final : public pool::Rule {
 public:
  explicit JoinIdleQueue(const pool::Setting& setting)
      : Rule(setting.members),
        in_line_(setting.members.size()),
        serving_(setting.members.size()),
        draws_(setting.members, setting.seed) {
    changed();
  }

  ReportWishes report_wishes() const override { return {.idle = true}; }

  ServerId pick(const pool::Query& query) override {
    const auto first =
        std::find_if(line_.begin(), line_.end(), [&](ServerId s) { return query.takes(s); });
    return first == line_.end() ? draws_.one(query) : *first;
  }

  void started(ServerId s, Time) override { leave(s); }

  void report(ServerId s, const Report& report, Time) override {
    if (report.in_flight == 0 && members_[s].serving) join(s);
  }

  void changed() override {
    draws_.changed();
    for (ServerId s = 0; s < members_.size(); ++s) {
      if (members_[s].serving == serving_[s]) continue;
      serving_[s] = members_[s].serving;
      if (serving_[s]) {
        join(s);
      } else {
        leave(s);
      }
    }
  }

  std::string describe() const override {
    std::string text = "idle:";
    for (const ServerId s : line_) text += " " + std::to_string(s);
    return text;
  }

 private:
  void join(ServerId s) {
    if (in_line_[s]) return;
    in_line_[s] = true;
    line_.push_back(s);
  }
  void leave(ServerId s) {
    if (!in_line_[s]) return;
    in_line_[s] = false;
    line_.erase(std::find(line_.begin(), line_.end(), s));
  }

  std::deque<ServerId> line_;
  std::vector<bool> in_line_;
  std::vector<bool> serving_;  // as of the last change
  pool::Draws draws_;
};

}  // namespace

AlgorithmSpec jiq_spec() {
  return make_spec<JoinIdleQueue>("jiq", "the member that has been idle longest, else a random one",
                                  "Lu et al., Join-Idle-Queue, Performance Evaluation 68 (2011)");
}

}  // namespace lbsim::algorithms::modern
