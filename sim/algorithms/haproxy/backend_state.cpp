// What an operator, a health check, or the clock does to the servers.
#include <algorithm>

#include "algorithms/haproxy/backend.hpp"
#include "core/check.hpp"

namespace lbsim::algorithms::haproxy {
namespace {

std::int64_t whole_seconds(Time t) { return to_ps(t) / seconds(1).count(); }

}  // namespace

// The weight of a server that warms up is computed anew each second from the moment it came up.
void Backend::advance(Time now) {
  while (next_step_ <= now) {
    const auto next =
        std::min_element(warming_.begin(), warming_.end(),
                         [](const Warming& a, const Warming& b) { return a.step < b.step; });
    const ServerId s = next->server;
    servers_.now_s = whole_seconds(next->step);
    next->step += seconds(1);
    refresh(s);
    if (!servers_[s].starting) warming_.erase(next);
    find_next_step();
  }
  now_ = now;
  servers_.now_s = whole_seconds(now);
}

void Backend::find_next_step() {
  next_step_ = kNever;
  for (const Warming& w : warming_) next_step_ = std::min(next_step_, w.step);
}

void Backend::refresh(ServerId s) {
  const std::uint32_t weight = servers_[s].weight;
  const bool usable = servers_[s].usable;
  if (servers_.refresh(s)) rule_->server_changed(s, weight, usable);
}

void Backend::set_health(ServerId s, bool up, Time now) {
  advance(now);
  set_state(s, servers_[s].admin, up);
}

void Backend::set_admin(ServerId s, AdminState state, Time now) {
  advance(now);
  set_state(s, state, servers_[s].healthy);
}

void Backend::set_state(ServerId s, AdminState admin, bool healthy) {
  Server& server = servers_[s];
  const bool was_running = server.running;
  const bool was_ready = server.running && server.admin == AdminState::ready;
  server.admin = admin;
  server.healthy = healthy;
  server.running = healthy && admin != AdminState::maintenance;
  if (server.running != was_running) {
    server.changed_s = servers_.now_s;
    std::erase_if(warming_, [s](const Warming& w) { return w.server == s; });
    server.starting = server.running && server.slow_start_s > 0;
    if (server.starting) warming_.push_back({s, now_ + seconds(1)});
    find_next_step();
  }
  refresh(s);
  if (server.running && !was_running) take_over_queue(s);
  // One that drains has a queue again: of requests with its cookie.
  const bool drains = was_ready && admin != AdminState::ready;
  if (drains || (was_running && !server.running)) send_queue_elsewhere(s);
}

void Backend::set_weight(ServerId s, int weight, Time now) {
  advance(now);
  LBSIM_CHECK(weight >= 0 && weight <= 256);
  change_weight(s, weight);
}

void Backend::set_weight_percent(ServerId s, int percent, Time now) {
  advance(now);
  LBSIM_CHECK(percent >= 0);
  const int weight = servers_[s].configured_weight * std::min(percent, 25600) / 100;
  change_weight(s, std::min(weight, 256));
}

void Backend::change_weight(ServerId s, int weight) {
  Server& server = servers_[s];
  const bool fixed = servers_.scale() == WeightScale::fixed;
  if (fixed && weight != 0 && weight != server.configured_weight) return;
  server.user_weight = weight;
  refresh(s);
}

void Backend::set_max_conns(ServerId s, int max_conns, Time now) {
  advance(now);
  Server& server = servers_[s];
  if (server.max_conns == server.min_conns) server.min_conns = max_conns;
  server.max_conns = max_conns;
  rule_->room_changed(s);
  if (may_dequeue(s)) serve_queues(s);
}

}  // namespace lbsim::algorithms::haproxy
