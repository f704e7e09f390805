// What can be said of a log without simulating it: `lbsim log FILE`.
//
// The fields of the JSON form, for an access log in the common or combined format (kind
// access_log):
// * valid: lines of the strict or the lenient grammar (common_line.hpp) with a possible date.
// * times are UTC. out_of_order: valid lines earlier than the latest one so far, max_backward_s the
//   largest such step; descents: valid lines earlier than the one just before.
// * peak_60s_aligned: the most lines in a UTC minute; _sliding: in any [t, t+60).
// * idc: index of dispersion for counts, variance / mean over consecutive windows of so many
// seconds
//   from the first second on, the last partial window dropped. A Poisson process has 1.
// * percentiles of bytes: the sorted value at index floor(q (n - 1)).
// * bytes_histogram_log2: key k counts sizes from 2^k to 2^(k+1) - 1.
// Ratios are rounded to the digits shown, ties to even. HAProxy logs (kind haproxy_log) and rate
// series (kinds series and table) have fields of their own.
#pragma once

#include <string>

#include "workload/json_text.hpp"
#include "workload/log_format.hpp"

namespace lbsim::workload {

struct LogFacts {
  std::string file;  // the path as given
  Json values;       // the fields above, values["kind"] first
};

// Reads the whole file once. Throws InputError if it cannot be read, is a truncated gzip file, or
// holds no valid line of the format.
LogFacts facts_of(const std::string& path, LogFormat format = LogFormat::kAuto);

std::string to_json(const LogFacts& facts);  // ends with a line feed
std::string to_text(const LogFacts& facts);  // for people: every number with its unit

}  // namespace lbsim::workload
