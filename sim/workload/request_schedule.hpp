// Requests that are given one by one: when each comes, and what it costs the server. A CSV, plain
// or gzip, whose first line names its columns:
//
//   at_us,service_us,client,bytes
//   1855,15847,10.0.0.7,1200
//
// `at_us` (microseconds since the window's begin, in any order) and `service_us` (microseconds of
// one core of speed 1) are needed; `client` is an IPv4 address, each request's own without it;
// `bytes` of the response are 0 without it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "workload/arrival.hpp"

namespace lbsim {

class RequestSchedule {
 public:
  // Throws InputError, naming the line.
  explicit RequestSchedule(const std::string& path);
  // Of one request at least, in any order.
  explicit RequestSchedule(std::vector<Arrival> requests);

  // Whether the first line of the file is one of a schedule. False if it cannot be read.
  static bool is_one(const std::string& path);

  // Those before `length_s`, in the order of their dates. This must outlive the source.
  std::unique_ptr<ArrivalSource> arrivals(std::uint64_t seed, double length_s) const;

  std::size_t requests() const { return requests_.size(); }
  // From the window's begin to just after the last request.
  double span_s() const;

 private:
  std::vector<Arrival> requests_;
};

}  // namespace lbsim
