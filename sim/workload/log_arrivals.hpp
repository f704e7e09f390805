// An access log as the users of a site: each logged request is one user who asks for one thing,
// from the logged client's address, over a connection of its own.
#pragma once

#include <memory>
#include <string>

#include "workload/arrival.hpp"
#include "workload/log_replay.hpp"

namespace lbsim {

// Whether a request's target is a page, made by a program or ending in .html; else a file that a
// page refers to.
bool is_page_target(std::string_view target);

class LogArrivals final : public ArrivalSource {
 public:
  // The log of which this is the index, cut after `length_s`. Throws InputError if it cannot be
  // read any more.
  LogArrivals(const std::string& path, std::shared_ptr<const workload::LogIndex> index,
              std::uint64_t seed, double length_s = 1e9);

  bool next(Arrival& arrival) override;

 private:
  std::uint64_t seed_;
  double length_s_;
  workload::LogReplay replay_;
  std::uint64_t number_ = 0;
};

}  // namespace lbsim
