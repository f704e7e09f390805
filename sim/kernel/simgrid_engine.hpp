// SimGrid without its headers: a platform of processors and routes on which activities run until
// they finish. Knows nothing of queues, failures or the order of equal dates; simgrid_kernel.cpp
// does.
//
// Work is counted in picoseconds on one core (hosts run at 1e12 flop/s), so that a duration on the
// picosecond grid is a whole number. Node speeds are the caller's scaling of the work.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace lbsim::kernel {

class SimgridEngine {
 public:
  SimgridEngine();  // throws InputError if this process has had one already
  ~SimgridEngine();
  SimgridEngine(const SimgridEngine&) = delete;
  SimgridEngine& operator=(const SimgridEngine&) = delete;

  std::uint32_t add_host(int cores);
  std::uint32_t add_link(double bytes_per_s);
  // The latency belongs to the route: its links have none of their own.
  std::uint32_t add_route(std::span<const std::uint32_t> links, double latency_s);
  void seal();  // after the last of them, before the first activity

  // `slot` is the caller's number of the activity; it is free again once the activity finished or
  // was cancelled.
  void start_transfer(std::uint32_t slot, std::uint32_t route, std::uint64_t bytes);
  void start_work(std::uint32_t slot, std::uint32_t host, double core_ps);
  double cancel(std::uint32_t slot);  // what remained: bytes or core_ps
  void set_bandwidth(std::uint32_t link, double bytes_per_s);

  double clock_s() const;

  // Moves the clock on until it reaches `date_s` (kForever: no date) or something finished,
  // whichever comes first, and reports the slots that finished. May return earlier with neither.
  static constexpr double kForever = -1;
  const std::vector<std::uint32_t>& advance(double date_s);

 private:
  class Platform;
  std::unique_ptr<Platform> platform_;
};

}  // namespace lbsim::kernel
