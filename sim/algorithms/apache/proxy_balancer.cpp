#include "algorithms/apache/proxy_balancer.hpp"

#include <algorithm>

#include "algorithms/apache/session_route.hpp"
#include "core/check.hpp"

namespace lbsim::algorithms::apache {

ProxyBalancer::ProxyBalancer(std::vector<ProxyMember> members, ProxyConfig config,
                             std::unique_ptr<ProxyMethod> method)
    : members_(std::move(members)), config_(std::move(config)), method_(std::move(method)) {}

void ProxyBalancer::note(ProxyStep::Kind kind, ServerId server) {
  if (!keeps_steps_) return;
  steps_.push_back({kind, server, members_[server].busy, members_[server].lbstatus});
}

Pick ProxyBalancer::begin(const Request& request, Attempt& attempt, Time now) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(in_progress_.size()));
    in_progress_.emplace_back();
  }
  attempt.memory = free_.back() + 1;
  free_.pop_back();
  const Pick pick = try_once(request, attempt, now);
  if (pick == Pick::none) finish(attempt);
  return pick;
}

Pick ProxyBalancer::next(const Request& request, Attempt& attempt, Result why, Time now) {
  if (why == Result::refused) fail(attempt.server, now);
  const std::size_t tried = in_progress_[attempt.memory - 1].tried.size();
  const bool fails_over = why == Result::refused && !members_[attempt.server].usable();
  Pick pick = Pick::none;
  if (fails_over && tried < members_.size()) pick = try_once(request, attempt, now);
  if (pick == Pick::none) finish(attempt);
  return pick;
}

void ProxyBalancer::end(Attempt& attempt, Result result, Time now) {
  if (result == Result::server_error && !config_.fail_on_status.empty()) fail(attempt.server, now);
  finish(attempt);
}

void ProxyBalancer::end_with_status(Attempt& attempt, int status, Time now) {
  const auto& failures = config_.fail_on_status;
  if (std::find(failures.begin(), failures.end(), status) != failures.end()) {
    fail(attempt.server, now);
  }
  finish(attempt);
}

void ProxyBalancer::finish(Attempt& attempt) {
  LBSIM_CHECK(attempt.memory > 0);
  InProgress& request = in_progress_[attempt.memory - 1];
  for (const ServerId server : request.tried) --members_[server].busy;
  request.tried.clear();
  free_.push_back(attempt.memory - 1);
  attempt.memory = 0;
}

void ProxyBalancer::fail(ServerId server, Time now) {
  if (members_[server].ignores_errors) return;
  members_[server].in_error = true;
  members_[server].error_time = now;
}

Pick ProxyBalancer::try_once(const Request& request, Attempt& attempt, Time now) {
  recover_if_all_failed(now);
  const std::string_view route = session_route(request);
  ServerId server = route.empty() ? kNoServer : find_route(route, now, members_.size());
  if (server != kNoServer) {
    count_sticky_pick(server);
  } else {
    if (!route.empty() && config_.no_failover && is_member_route(route)) return Pick::none;
    server = find_best(now);
    if (server == kNoServer) return Pick::none;
  }
  ++members_[server].elected;
  ++members_[server].busy;
  in_progress_[attempt.memory - 1].tried.push_back(server);
  attempt.server = server;
  return Pick::server;
}

// One member that is not in error, even a disabled one, prevents a forced recovery. Failed members
// listed before it are checked for their retry all the same.
void ProxyBalancer::recover_if_all_failed(Time now) {
  for (ServerId server = 0; server < members_.size(); ++server) {
    retry_if_due(server, now);
    if (!members_[server].in_error) return;
  }
  if (!config_.force_recovery) return;
  for (ServerId server = 0; server < members_.size(); ++server) {
    members_[server].in_error = false;
    note(ProxyStep::Kind::forced_recovery, server);
  }
}

void ProxyBalancer::retry_if_due(ServerId server, Time now) {
  ProxyMember& member = members_[server];
  if (!member.in_error || member.stopped) return;
  if (member.retry > Duration::zero() && now <= member.error_time + member.retry) return;
  member.in_error = false;
  note(ProxyStep::Kind::retry, server);
}

std::string_view ProxyBalancer::session_route(const Request& request) const {
  const std::string_view delimiters = config_.semicolon_ends_path ? "?&;" : "?&";
  const std::string_view in_path = path_parameter(request.target, config_.sticky_path, delimiters);
  if (in_path.data()) return route_of(in_path);
  const auto cookies = cookie_values(request.cookie, config_.sticky_cookie);
  return cookies.empty() ? std::string_view() : route_of(cookies[0]);
}

bool ProxyBalancer::is_member_route(std::string_view route) const {
  return std::any_of(members_.begin(), members_.end(),
                     [route](const ProxyMember& member) { return member.route == route; });
}

ServerId ProxyBalancer::find_route(std::string_view route, Time now, std::size_t redirects_left) {
  const ServerId plain = find_route_among(route, false, now, redirects_left);
  return plain != kNoServer ? plain : find_route_among(route, true, now, redirects_left);
}

ServerId ProxyBalancer::find_route_among(std::string_view route, bool standbys, Time now,
                                         std::size_t redirects_left) {
  int last_set = 0;
  for (const ProxyMember& member : members_) last_set = std::max(last_set, member.lbset);
  for (int lbset = 0; lbset <= last_set; ++lbset) {
    for (ServerId server = 0; server < members_.size(); ++server) {
      ProxyMember& member = members_[server];
      if (member.lbset != lbset || member.standby != standbys || member.route != route) continue;
      if (!member.usable()) retry_if_due(server, now);
      if (member.usable()) return server;
      if (member.redirect.empty() || redirects_left == 0) continue;
      const ServerId other = find_route(member.redirect, now, redirects_left - 1);
      if (other != kNoServer) return other;
    }
  }
  return kNoServer;
}

// Sessions count too: every usable member, standby and draining ones included, of all sets.
void ProxyBalancer::count_sticky_pick(ServerId server) {
  note(ProxyStep::Kind::sticky, server);
  std::int64_t sum = 0;
  for (ProxyMember& member : members_) {
    if (!member.usable()) continue;
    member.lbstatus += member.lbfactor;
    sum += member.lbfactor;
  }
  members_[server].lbstatus -= sum;
}

ServerId ProxyBalancer::look_at_all(Time now) {
  for (ServerId server = 0; server < members_.size(); ++server) retry_if_due(server, now);
  const ServerId found = method_->look(members_, now);
  if (found != kNoServer) note(ProxyStep::Kind::pick, found);
  return found;
}

ServerId ProxyBalancer::find_best(Time now) {
  if (method_->looks_at_all()) return look_at_all(now);
  int last_set = 0;
  for (const ProxyMember& member : members_) last_set = std::max(last_set, member.lbset);
  for (int lbset = 0; lbset <= last_set; ++lbset) {
    const ServerId best = find_best_in_set(lbset, now);
    if (best == kNoServer) continue;
    note(ProxyStep::Kind::pick, best);
    method_->picked(members_[best]);
    return best;
  }
  return kNoServer;
}

void ProxyBalancer::offer(ServerId server, ServerId& best) {
  const ProxyMember* so_far = best == kNoServer ? nullptr : &members_[best];
  if (method_->is_better(members_[server], so_far)) best = server;
}

// Spares stand in for unusable members of their own set only.
ServerId ProxyBalancer::find_best_in_set(int lbset, Time now) {
  ServerId best = kNoServer;
  std::size_t unusable = 0;
  spares_.clear();
  standbys_.clear();
  for (ServerId server = 0; server < members_.size(); ++server) {
    ProxyMember& member = members_[server];
    if (member.lbset != lbset) continue;
    const bool in_reserve = member.spare || member.standby;
    if (!member.draining && !member.usable()) retry_if_due(server, now);
    if (member.draining || !member.usable()) {
      if (!in_reserve) ++unusable;
    } else if (member.spare) {
      spares_.push_back(server);
    } else if (member.standby) {
      standbys_.push_back(server);
    } else {
      offer(server, best);
    }
  }
  for (std::size_t i = 0; i < spares_.size() && i < unusable; ++i) offer(spares_[i], best);
  if (best != kNoServer) return best;
  for (const ServerId server : standbys_) offer(server, best);
  return best;
}

void ProxyBalancer::set_health(ServerId server, bool up, Time) {
  members_[server].check_failed = !up;
}

void ProxyBalancer::set_admin(ServerId server, AdminState state, Time) {
  members_[server].draining = state == AdminState::drain;
  members_[server].disabled = state == AdminState::maintenance;
  members_[server].stopped = false;
}

void ProxyBalancer::set_weight(ServerId server, int weight, Time) {
  set_lbfactor(server, std::int64_t{weight} * 100);
}

void ProxyBalancer::set_lbfactor(ServerId server, std::int64_t lbfactor) {
  members_[server].lbfactor = members_.size() == 1 ? 100 : lbfactor;
  for (ProxyMember& member : members_) member.lbstatus = member.lbfactor;
}

void ProxyBalancer::count_bytes(ServerId server, std::uint64_t sent, std::uint64_t received) {
  members_[server].transferred += sent;
  members_[server].read += received;
}

std::string ProxyBalancer::describe() const {
  std::string text;
  for (const ProxyMember& member : members_) {
    text += member.name + ": lbfactor " + std::to_string(member.lbfactor) + " lbstatus " +
            std::to_string(member.lbstatus) + " busy " + std::to_string(member.busy) +
            " transferred " + std::to_string(member.transferred) + " read " +
            std::to_string(member.read);
    if (member.in_error) text += " error";
    if (member.disabled) text += " disabled";
    if (member.stopped) text += " stopped";
    if (member.draining) text += " draining";
    if (member.standby) text += " standby";
    if (member.spare) text += " spare";
    text += '\n';
  }
  return text;
}

}  // namespace lbsim::algorithms::apache
