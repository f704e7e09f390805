// A sink that writes down what it hears and can be told what to do on hearing it.
#pragma once

#include <functional>
#include <vector>

#include "kernel/native.hpp"

namespace lbsim::kernel {

struct Heard {
  std::int64_t at_ps;
  std::uint32_t index;
  Outcome outcome;
  auto operator<=>(const Heard&) const = default;
};

struct Recorder {
  NativeKernel& kernel;
  std::function<void()> begin = [] {};
  std::function<void(Token, Outcome)> react = [](Token, Outcome) {};
  std::vector<Heard> heard = {};

  void start() { begin(); }
  void on(Token token, Outcome outcome) {
    heard.push_back({to_ps(kernel.now()), token.index, outcome});
    react(token, outcome);
  }
};

inline Token token(std::uint32_t index) { return {.index = index}; }

}  // namespace lbsim::kernel
