#include "algorithms/haproxy/queue.hpp"

#include <algorithm>

namespace lbsim::algorithms::haproxy {

RecordId Records::make() {
  if (free_.empty()) {
    records_.emplace_back();
    return static_cast<RecordId>(records_.size() - 1);
  }
  const RecordId id = free_.back();
  free_.pop_back();
  records_[id] = Record{};
  return id;
}

std::vector<Queue::Lane>::iterator Queue::lane_of(std::int32_t priority) {
  return std::lower_bound(lanes_.begin(), lanes_.end(), priority,
                          [](const Lane& lane, std::int32_t p) { return lane.priority < p; });
}

void Queue::push(Records& records, RecordId id) {
  Record& record = records[id];
  record.waiting = true;
  record.after = kNoRecord;
  ++length_;
  const auto lane = lane_of(record.priority);
  if (lane == lanes_.end() || lane->priority != record.priority) {
    record.before = kNoRecord;
    lanes_.insert(lane, {record.priority, id, id});
    return;
  }
  record.before = lane->last;
  records[lane->last].after = id;
  lane->last = id;
}

void Queue::remove(Records& records, RecordId id) {
  Record& record = records[id];
  record.waiting = false;
  --length_;
  const auto lane = lane_of(record.priority);
  if (record.before != kNoRecord) records[record.before].after = record.after;
  if (record.after != kNoRecord) records[record.after].before = record.before;
  if (lane->first == id) lane->first = record.after;
  if (lane->last == id) lane->last = record.before;
  if (lane->first == kNoRecord) lanes_.erase(lane);
}

}  // namespace lbsim::algorithms::haproxy
