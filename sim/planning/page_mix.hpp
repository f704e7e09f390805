// What users ask of a site, on average: requests, bytes and connections of a page view.
#pragma once

#include "devices/config.hpp"
#include "workload/page_arrivals.hpp"
#include "workload/rate_curve.hpp"

namespace lbsim::planning {

struct PageMix {
  double requests_per_page = 1;
  double service_s = 0;          // of one core at speed 1, mean over requests
  double response_bytes = 0;     // mean over requests
  double response_segments = 0;  // whole ones, mean over requests
  double request_bytes = 0;
  double connections_per_request = 0;  // new client connections
  // Connections that a client keeps open, per request/s: their mean life, without the time in which
  // they carry something, over the requests that they carry.
  double open_connections_s = 0;
  double sessions_per_page = 1;
};

PageMix page_mix(const SiteConfig& site);

struct BusiestMinute {
  double start_s = 0;      // of the day
  double pages_per_s = 0;  // mean over the minute, or over the window if that is shorter
};

// Of the mean rate, the earliest of equals; bursts are not in it.
BusiestMinute busiest_minute(const WorkloadConfig& workload, const workload::RateCurve& curve,
                             const Window& window);

}  // namespace lbsim::planning
