// Requests that wait, in a server's own queue or in the backend's, and what has to be remembered of
// requests that are not ordinary (waited, retried, or placed by a cookie). A record exists from the
// pick to the end of such a request; ordinary requests have none.
#pragma once

#include <cstdint>
#include <vector>

#include "algorithms/haproxy/rule.hpp"

namespace lbsim::algorithms::haproxy {

using RecordId = std::uint32_t;
inline constexpr RecordId kNoRecord = ~RecordId{0};

struct Record {
  std::uint64_t ticket = 0;
  std::int64_t since_ms = 0;  // when it began to wait
  Key key;
  std::int32_t priority = 0;
  ServerId queue = kNoServer;  // while waiting: whose queue; kNoServer for the backend's
  RecordId before = kNoRecord;
  RecordId after = kNoRecord;
  std::uint16_t retries = 0;
  bool waiting = false;
  bool by_cookie = false;  // persistence chose the server
  bool uncounted = false;  // runs without a slot: moved to a server that left maintenance
};

class Records {
 public:
  RecordId make();
  void release(RecordId id) { free_.push_back(id); }
  Record& operator[](RecordId id) { return records_[id]; }
  const Record& operator[](RecordId id) const { return records_[id]; }

 private:
  std::vector<Record> records_;
  std::vector<RecordId> free_;
};

// Smallest priority class first, first in first out within a class. One lane per class in use.
class Queue {
 public:
  bool empty() const { return length_ == 0; }
  std::uint32_t length() const { return length_; }
  RecordId front() const { return lanes_.empty() ? kNoRecord : lanes_.front().first; }

  void push(Records& records, RecordId id);
  void remove(Records& records, RecordId id);

 private:
  struct Lane {
    std::int32_t priority;
    RecordId first;
    RecordId last;
  };

  std::vector<Lane>::iterator lane_of(std::int32_t priority);

  std::vector<Lane> lanes_;  // by priority
  std::uint32_t length_ = 0;
};

}  // namespace lbsim::algorithms::haproxy
