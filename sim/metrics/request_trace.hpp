// Where some of the requests were, and when: spans on rows, one row for each tier. For people who
// want to see one request's way (`run --trace`), not for statistics.
//
// Which requests: at first each, and whenever there are kMost, every second of those kept is
// dropped and every second of those to come left out. So they lie evenly over the run, whatever its
// length, and the same ones every time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "metrics/outcome.hpp"

namespace lbsim {

struct Span {
  std::uint8_t row = 0;
  std::int32_t node = -1;  // the row's machine, from 0; -1: none
  const char* name = "";
  Time begin{};
  Time end = Time::max();  // max(): still open
};

struct TracedRequest {
  std::uint64_t number = 0;  // of the requests of the run, from 1
  RequestOutcome outcome = RequestOutcome::unfinished;
  std::vector<Span> spans;  // in the order of their beginnings; the first is the whole
};

class RequestTrace {
 public:
  // Rows before those of the tiers, which follow in the order of the walk.
  enum Row : std::uint8_t { kUsers, kNames, kNetwork, kTiers };
  static constexpr std::size_t kMost = 2000;

  explicit RequestTrace(std::vector<std::string> tiers);

  // A request is made. Returns its number among the traced ones, from 1 on, or 0: not traced.
  std::uint32_t start(Time now);
  // What follows does nothing for the number of a request that was dropped meanwhile.
  void begin(std::uint32_t traced, int row, const char* name, Time now, std::int32_t node = -1);
  void end(std::uint32_t traced, int row, Time now);  // of the latest span on the row
  void finish(std::uint32_t traced, RequestOutcome outcome, Time now);

  const std::vector<std::string>& rows() const { return rows_; }
  const std::vector<TracedRequest>& requests() const {
    return requests_;
  }  // dropped ones: no spans

 private:
  void thin();

  std::vector<std::string> rows_;
  std::vector<TracedRequest> requests_;  // by number of start(), less one
  std::size_t kept_ = 0;
  std::uint64_t made_ = 0;
  std::uint64_t stride_ = 1;
};

// Chrome's trace event format, which Perfetto and chrome://tracing read: a process for each row,
// nestable async events for each span, with the request's number as their id. Google, "Trace Event
// Format", https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU.
std::string to_trace_json(const RequestTrace& trace);

}  // namespace lbsim
