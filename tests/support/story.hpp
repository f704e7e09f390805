// A short history told to a kernel: at these dates do this; write down what ended, how and when.
#pragma once

#include <functional>
#include <ostream>
#include <utility>
#include <vector>

#include "child.hpp"
#include "kernel/kernel.hpp"

namespace lbsim::test {

struct Ended {
  std::uint32_t what;
  kernel::Outcome outcome;
  std::int64_t at_ps;
  double value;  // of a note; 0 for what a kernel ended
  bool operator==(const Ended&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const Ended& e) {
  return out << "{" << e.what << (e.outcome == kernel::Outcome::ok ? " ok " : " failed ") << e.at_ps
             << " ps, " << e.value << "}";
}

inline Ended ok(std::uint32_t what, std::int64_t at_ps) {
  return {what, kernel::Outcome::ok, at_ps, 0};
}
inline Ended failed(std::uint32_t what, std::int64_t at_ps) {
  return {what, kernel::Outcome::failed, at_ps, 0};
}

inline kernel::Token named(std::uint32_t what) {
  return {.index = what, .generation = 0, .kind = 1};
}

template <class K>
class Story {
 public:
  K kernel;

  void at(Duration date, std::function<void()> deed) { deeds_.emplace_back(date, std::move(deed)); }

  // When `what` ends, the deed is done in the same callback.
  void when(std::uint32_t what, std::function<void()> deed) {
    reactions_.emplace_back(what, std::move(deed));
  }

  void note(std::uint32_t what, double value) {
    ended_.push_back({what, kernel::Outcome::ok, to_ps(kernel.now()), value});
  }

  std::vector<Ended> run() {
    kernel.run(*this);
    return ended_;
  }

  void start() {
    for (std::uint32_t i = 0; i < deeds_.size(); ++i) {
      kernel.after(deeds_[i].first, {.index = i, .generation = 0, .kind = 0});
    }
  }

  void on(kernel::Token token, kernel::Outcome outcome) {
    if (token.kind == 0) return deeds_[token.index].second();
    ended_.push_back({token.index, outcome, to_ps(kernel.now()), 0});
    for (const auto& [what, deed] : reactions_) {
      if (what == token.index) deed();
    }
  }

 private:
  std::vector<std::pair<Duration, std::function<void()>>> deeds_;
  std::vector<std::pair<std::uint32_t, std::function<void()>>> reactions_;
  std::vector<Ended> ended_;
};

// The story that `tell` tells to a K, in a process of its own.
template <class K, class Tell>
std::vector<Ended> told(Tell tell) {
  return in_child<Ended>([&tell] {
    Story<K> story;
    tell(story);
    return story.run();
  });
}

}  // namespace lbsim::test
