// The one model that every peer simulates: requests come as a Poisson stream, a balancer sends each
// to one of the servers at random, and a server does one at a time, in order, for an exponential
// time. Each server is an M/M/1 queue: a request stays kServiceS / (1 - kLoad) on average.
//
// A program is called with the number of requests, and prints what it measured as a line of JSON.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include "core/random.hpp"

namespace lbsim::bench {

inline constexpr int kServers = 16;
inline constexpr double kLoad = 0.8;
inline constexpr double kServiceS = 0.020;
inline constexpr double kRatePerS = kServers * kLoad / kServiceS;

// What is drawn, by the same generator in all programs in C++.
class Draws {
 public:
  double gap_s() { return random_.exponential() / kRatePerS; }
  int server() { return static_cast<int>(random_.below(kServers)); }
  double service_s() { return random_.exponential() * kServiceS; }

 private:
  Random random_{1};
};

class Stopwatch {
 public:
  double cpu_s() const { return static_cast<double>(std::clock() - begin_) / CLOCKS_PER_SEC; }

 private:
  std::clock_t begin_ = std::clock();
};

inline std::uint64_t requests_of(int argc, char** argv) {
  const auto requests = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 0;
  if (requests > 0) return requests;
  std::fprintf(stderr, "usage: %s REQUESTS\n", argv[0]);
  std::exit(2);
}

// `events` 0: the program does not count them.
inline void print(const std::string& version, double requests, double cpu_s, double events,
                  double mean_s) {
  std::printf("{\"version\": \"%s\", \"requests\": %.0f, \"cpu_s\": %.6f, \"events\": %.0f, ",
              version.c_str(), requests, cpu_s, events);
  std::printf("\"mean_ms\": %.4f}\n", mean_s * 1e3);
}

}  // namespace lbsim::bench
