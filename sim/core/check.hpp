// Invariants that stay on in release builds. A broken one is a bug in lbsim: exit code 70.
#pragma once

#include <stdexcept>
#include <string>

namespace lbsim {

class Bug : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void report_bug(const char* condition, const char* file, int line);

}  // namespace lbsim

#define LBSIM_CHECK(condition)                 \
  (__builtin_expect(!!(condition), 1) ? void() \
                                      : ::lbsim::report_bug(#condition, __FILE__, __LINE__))
