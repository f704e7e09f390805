// How requests get slots: at once, or from a queue when a slot is given back.
#include "algorithms/haproxy/backend.hpp"
#include "core/check.hpp"

namespace lbsim::algorithms::haproxy {

void Backend::take_slot(ServerId s) {
  ++servers_[s].served;
  ++servers_.backend_served;
  rule_->served_changed(s);
}

void Backend::give_slot_back(ServerId s, bool counted) {
  Server& server = servers_[s];
  LBSIM_CHECK(server.sessions > 0);
  --server.sessions;
  if (counted) {
    LBSIM_CHECK(server.served > 0);
    --server.served;
    --servers_.backend_served;
    rule_->served_changed(s);
  }
  if (may_dequeue(s)) serve_queues(s);
}

void Backend::enqueue(ServerId queue, RecordId id) {
  Record& record = records_[id];
  record.queue = queue;
  record.since_ms = to_ps(now_) / milliseconds(1).count();
  queue_of(queue).push(records_, id);
  if (queue == kNoServer) return;
  ++servers_[queue].waiting;
  rule_->room_changed(queue);
}

void Backend::dequeue(RecordId id) {
  const Record& record = records_[id];
  queue_of(record.queue).remove(records_, id);
  by_ticket_.erase(record.ticket);
  if (record.queue == kNoServer) return;
  --servers_[record.queue].waiting;
  rule_->room_changed(record.queue);
}

bool Backend::may_dequeue(ServerId s) const {
  const Server& server = servers_[s];
  if (server.waiting == 0 && (queue_.empty() || !server.usable)) return false;
  return server.max_conns == 0 || server.sessions < servers_.limit(s);
}

// A server serves its own queue in any state, the backend's only while it may be picked.
void Backend::serve_queues(ServerId s) {
  Server& server = servers_[s];
  const std::uint32_t limit = server.max_conns == 0 ? 0 : servers_.limit(s);
  const bool from_backend = server.usable && servers_.in_serving_group(s);
  bool any = false;
  while (server.served < limit) {
    const RecordId id = next_for(s, from_backend);
    if (id == kNoRecord) break;
    ++server.served;
    ++servers_.backend_served;
    start(id, s, true);
    any = true;
  }
  if (any) rule_->served_changed(s);
}

// The smaller priority class, then the one that has waited longer; the server's own on a tie.
RecordId Backend::next_for(ServerId s, bool from_backend) {
  const RecordId own = own_queues_[s].front();
  const RecordId common = from_backend ? queue_.front() : kNoRecord;
  if (own == kNoRecord || common == kNoRecord) return own == kNoRecord ? common : own;
  const Record& a = records_[own];
  const Record& b = records_[common];
  if (a.priority != b.priority) return a.priority < b.priority ? own : common;
  return a.since_ms <= b.since_ms ? own : common;
}

void Backend::start(RecordId id, ServerId s, bool counted) {
  dequeue(id);
  records_[id].uncounted = !counted;
  ++servers_[s].sessions;
  started_.push_back({records_[id].ticket, s});
}

// A server that comes up takes waiting requests for all its free slots, without using these up.
void Backend::take_over_queue(ServerId s) {
  const Server& server = servers_[s];
  if (!server.usable || !servers_.in_serving_group(s)) return;
  std::uint32_t slots = ~0U;
  if (server.max_conns != 0) {
    const std::uint32_t limit = servers_.limit(s);
    slots = limit > server.served ? limit - server.served : 0;
  }
  for (; slots > 0 && !queue_.empty(); --slots) start(queue_.front(), s, false);
}

// With `option redispatch`, those who wait for a server that goes down or drains are picked for
// again.
void Backend::send_queue_elsewhere(ServerId s) {
  if (!options_.redispatch) return;
  std::vector<RecordId> waiting;
  while (!own_queues_[s].empty()) {
    waiting.push_back(own_queues_[s].front());
    dequeue(waiting.back());
  }
  for (const RecordId id : waiting) {
    Record& record = records_[id];
    record.by_cookie = false;
    const Placement placement = place(record.key, s);
    if (placement.pick == Pick::queued) {
      by_ticket_[record.ticket] = id;
      enqueue(placement.server, id);
      continue;
    }
    started_.push_back({record.ticket, placement.server});
    if (placement.pick == Pick::server) {
      ++servers_[placement.server].sessions;
    } else {
      records_.release(id);
      --servers_.backend_sessions;
    }
  }
}

}  // namespace lbsim::algorithms::haproxy
