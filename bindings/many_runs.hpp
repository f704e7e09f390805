// Many runs in child processes, called with the GIL held all the time: a child is a copy of this
// process in which this thread alone goes on, and the GIL, if it needs it for an algorithm in
// Python, must be its own. Other threads get their turns in the callbacks.
#pragma once

#include <pybind11/pybind11.h>

#include <functional>

#include "planning/prepared_run.hpp"

namespace lbsim::python {

// `tell`(done, all) returns False when all is to end.
class Telling {
 public:
  explicit Telling(const pybind11::object& tell) : tell_(tell) {}

  std::function<bool()> stops() {
    return [this] { return stopped_; };
  }
  std::function<void(double, std::size_t)> progress() {
    return [this](double done, std::size_t all) {
      stopped_ = !tell_(done, all).cast<bool>() || stopped_;
    };
  }
  bool stopped() const { return stopped_; }

 private:
  const pybind11::object& tell_;
  bool stopped_ = false;
};

}  // namespace lbsim::python
