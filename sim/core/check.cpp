#include "core/check.hpp"

namespace lbsim {

void report_bug(const char* condition, const char* file, int line) {
  throw Bug("internal check failed: " + std::string(condition) + " at " + file + ":" +
            std::to_string(line));
}

}  // namespace lbsim
