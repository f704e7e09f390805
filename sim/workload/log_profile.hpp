// What a site's own log tells of its users and its servers, in one reading: rates, sizes, times,
// visits, popularity. What `lbsim calibrate` fits a scenario to.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "workload/log_format.hpp"
#include "workload/request_time.hpp"
#include "workload/tally.hpp"

namespace lbsim::workload {

// Of requests for pages, or of those for the files that pages refer to.
struct ProfileOfKind {
  std::uint64_t requests = 0;
  Tally sizes;                  // bytes, where they were logged
  Tally server_times_us;        // of the server alone, where they were logged
  Tally total_times_us;         // at the proxy
  Tally quiet_server_times_us;  // in minutes no busier than the median minute, as the next
  Tally quiet_total_times_us;
};

struct LogProfile {
  std::uint64_t requests = 0;
  std::int64_t invalid_lines = 0;
  std::uint64_t failed = 0;  // status 5xx
  std::string why_no_times;  // of the numbers that end its lines, if they are none
  std::int64_t begin_s = 0;  // the first and the last second, on the log's own clock
  std::int64_t end_s = 0;    // one after the last
  ProfileOfKind documents;
  ProfileOfKind assets;
  std::vector<std::uint32_t> requests_per_minute;  // from the minute of begin_s on
  std::array<double, 24> documents_per_hour{};     // by hour of the day: mean over covered time
  std::array<double, 24> requests_per_hour{};
  std::array<double, 24> covered_s{};  // that the log covers of each hour of the day

  // Visits: pages of one client with less than half an hour between them.
  std::uint64_t clients = 0;
  std::uint64_t visits = 0;
  std::uint64_t gaps = 0;  // from a page to the next one of a visit
  double gap_sum_s = 0;

  std::vector<std::uint64_t> url_counts;  // requests of each URL without its query, most first

  double span_s() const { return static_cast<double>(end_s - begin_s); }
};

// Throws InputError if the log cannot be read or is none of requests. `unit` is that of whole
// numbers that end its lines (request_time.hpp).
LogProfile profile_of(const std::string& path, LogFormat format = LogFormat::kAuto,
                      NumberUnit unit = NumberUnit::automatic);

// The exponent s of a Zipf law over so many ranks, share of rank k proportional to k^-s, by maximum
// likelihood over the observed ranks (Clauset, Shalizi and Newman, SIAM Review 51, 2009, appendix
// B). In [0, 5]; 0 with fewer than two.
double zipf_exponent(const std::vector<std::uint64_t>& counts);

// Variance of the counts per minute over their mean, within hours: the hours' own means are taken
// out, so that a day curve does not count as burstiness. Whole hours only, or all of a log that is
// shorter; 1 if there are fewer than 10 minutes.
double dispersion_within_hours(const std::vector<std::uint32_t>& per_minute);

}  // namespace lbsim::workload
