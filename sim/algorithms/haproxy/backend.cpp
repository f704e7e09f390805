#include "algorithms/haproxy/backend.hpp"

#include <algorithm>
#include <utility>

#include "core/check.hpp"

namespace lbsim::algorithms::haproxy {

Backend::Backend(const PoolConfig& config, const BackendOptions& options, WeightScale scale,
                 const MakePickRule& make_rule)
    : servers_(config.servers, scale, options.all_backups, options.full_conns),
      options_(options),
      persistence_(options.cookie, config.servers),
      rule_(make_rule(servers_)),
      own_queues_(config.servers.size()) {
  for (const ServerConfig& server : config.servers) {
    if (server.weight >= 0 && server.weight <= 256) continue;
    reject(server.name + ".weight", std::to_string(server.weight) + " is out of range",
           "an integer from 0 to 256");
  }
}

Pick Backend::begin(const Request& request, Attempt& attempt, Time now) {
  advance(now);
  attempt = Attempt{};
  ++servers_.backend_sessions;
  if (persistence_.enabled() && !request.cookie.empty()) {
    const ServerId named = persistence_.find(request.cookie, servers_);
    if (named != kNoServer) {
      records_[ensure_record(attempt, request)].by_cookie = true;
      const Placement placement = place_at(named);
      // Who waits may have to go elsewhere after all.
      const Key key = placement.pick == Pick::queued ? key_of(request) : Key{};
      return settle(placement, key, request, attempt);
    }
  }
  const Key key = key_of(request);
  return settle(place(key, kNoServer), key, request, attempt);
}

Backend::Placement Backend::place(const Key& key, ServerId avoid) {
  if (servers_.total_weight() == 0) return {};
  if (!queue_.empty() && rule_->traits().trusts_queue) return {Pick::queued, kNoServer};
  const ServerId s = rule_->pick(key, avoid);
  return s == kNoServer ? Placement{Pick::queued, kNoServer} : place_at(s);
}

Backend::Placement Backend::place_at(ServerId s) {
  if (servers_.full(s)) return {Pick::queued, s};
  take_slot(s);
  return {Pick::server, s};
}

Pick Backend::settle(const Placement& placement, const Key& key, const Request& request,
                     Attempt& attempt) {
  switch (placement.pick) {
    case Pick::server:
      ++servers_[placement.server].sessions;
      attempt.server = placement.server;
      break;
    case Pick::queued: {
      const RecordId id = ensure_record(attempt, request);
      records_[id].key = key;
      by_ticket_[request.ticket] = id;
      enqueue(placement.server, id);
      attempt.server = kNoServer;
      break;
    }
    case Pick::none:
      close(attempt);
      break;
  }
  return placement.pick;
}

RecordId Backend::ensure_record(Attempt& attempt, const Request& request) {
  if (attempt.memory == 0) {
    const RecordId id = records_.make();
    records_[id].ticket = request.ticket;
    records_[id].priority = std::clamp(request.priority, -2047, 2047);
    attempt.memory = id + 1;
  }
  return record_of(attempt);
}

Pick Backend::next(const Request& request, Attempt& attempt, Result why, Time now) {
  advance(now);
  const ServerId failed = attempt.server;
  Record& record = records_[ensure_record(attempt, request)];
  const bool connection = why == Result::refused || why == Result::timeout;
  if (!connection || record.retries >= options_.retries) {
    end(attempt, why, now);
    return Pick::none;
  }
  ++record.retries;
  if (!may_redispatch(failed, record)) return Pick::server;
  const bool counted = !std::exchange(record.uncounted, false);
  record.by_cookie = false;
  give_slot_back(failed, counted);
  const Key key = key_of(request);
  return settle(place(key, failed), key, request, attempt);
}

// Besides at the interval asked for, requests leave a server that went down, and leave any server
// if all that the method wanted was some server.
bool Backend::may_redispatch(ServerId server, const Record& record) const {
  if (!options_.redispatch) return false;
  const Server& s = servers_[server];
  if (!s.running || s.starting) return true;
  const int interval = options_.redispatch_interval;
  if (interval > 0 && record.retries % interval == 0) return true;
  const int from_end = options_.retries + 1 + interval;
  if (interval < 0 && from_end > 0 && record.retries % from_end == 0) return true;
  return !record.by_cookie && servers_.active_count() > 1 && rule_->traits().any_server_will_do;
}

void Backend::end(Attempt& attempt, Result, Time now) {
  advance(now);
  LBSIM_CHECK(attempt.server < size());
  const RecordId id = record_of(attempt);
  give_slot_back(attempt.server, id == kNoRecord || !records_[id].uncounted);
  close(attempt);
}

// The session counts to the end: limits that follow the backend's load still see it when its slot
// is passed on.
void Backend::close(Attempt& attempt) {
  if (attempt.memory != 0) records_.release(record_of(attempt));
  attempt = Attempt{};
  LBSIM_CHECK(servers_.backend_sessions > 0);
  --servers_.backend_sessions;
}

void Backend::abandon(std::uint64_t ticket, Time now) {
  advance(now);
  const auto waiting = by_ticket_.find(ticket);
  LBSIM_CHECK(waiting != by_ticket_.end());
  const RecordId id = waiting->second;
  dequeue(id);
  records_.release(id);
  --servers_.backend_sessions;
}

const std::string* Backend::set_cookie(const Attempt& attempt) const {
  if (attempt.server == kNoServer || !persistence_.enabled()) return nullptr;
  const RecordId id = record_of(attempt);
  if (id != kNoRecord && records_[id].by_cookie) return nullptr;
  return persistence_.set_cookie(attempt.server);
}

std::string Backend::describe() const {
  std::string text = rule_->describe();
  if (!text.empty()) text += '\n';
  for (ServerId s = 0; s < size(); ++s) {
    const Server& server = servers_[s];
    text += std::to_string(s) + (server.backup ? " backup" : "") +
            (server.usable    ? ""
             : server.running ? " drained"
                              : " down") +
            " weight " + std::to_string(server.weight) + " served " +
            std::to_string(server.served) + " waiting " + std::to_string(server.waiting);
    if (server.max_conns != 0) text += " limit " + std::to_string(servers_.limit(s));
    const std::string own = rule_->describe(s);
    text += (own.empty() ? "" : " " + own) + '\n';
  }
  return text + "backend queue " + std::to_string(queue_.length());
}

}  // namespace lbsim::algorithms::haproxy
