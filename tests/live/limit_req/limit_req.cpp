// Prints what the library's leaky bucket makes of requests, one line each: "rejected", or the delay
// in milliseconds. Arguments: thousandths of a request per second, burst, delay (-1: nodelay).
// Input: milliseconds.
#include <cstdint>
#include <cstdlib>
#include <iostream>

#include "algorithms/limits/leaky_bucket.hpp"

int main(int, char** argv) {
  using namespace lbsim;
  algorithms::limits::LeakyBucketConfig config;
  config.rate = std::atoll(argv[1]);
  config.burst = std::atoll(argv[2]);
  config.nodelay = std::atoll(argv[3]) < 0;
  config.delay = config.nodelay ? 0 : std::atoll(argv[3]);
  algorithms::limits::LeakyBuckets buckets(config);
  for (std::int64_t ms = 0; std::cin >> ms;) {
    const auto verdict = buckets.admit(1, kTimeZero + milliseconds(ms));
    if (verdict.rejected) {
      std::cout << "rejected\n";
    } else {
      std::cout << verdict.delay / milliseconds(1) << '\n';
    }
  }
}
