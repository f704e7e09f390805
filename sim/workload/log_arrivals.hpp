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
  // Throws InputError if the log cannot be read.
  LogArrivals(const std::string& path, std::uint64_t seed, double length_s = 1e9);

  bool next(Arrival& arrival) override;

  // The same log from its start, cut after `length_s`.
  std::unique_ptr<ArrivalSource> restarted(double length_s) const;

  double start_s() const;  // time of day (UTC) of the log's first second
  Duration span() const { return replay_.span(); }
  std::int64_t requests() const { return replay_.requests_logged(); }
  std::int64_t invalid_lines() const { return replay_.invalid_lines(); }

 private:
  std::string path_;
  std::uint64_t seed_;
  double length_s_;
  workload::LogReplay replay_;
  std::uint64_t number_ = 0;
};

}  // namespace lbsim
