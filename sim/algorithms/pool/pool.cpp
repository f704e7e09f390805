#include "algorithms/pool/pool.hpp"

#include "algorithms/pool/options.hpp"
#include "core/check.hpp"

namespace lbsim::algorithms::pool {

Pool::Pool(const PoolConfig& config, const Parameters& parameters, const MakeRule& make_rule)
    : members_(check_servers(config), read_groups(config, parameters),
               static_cast<std::uint32_t>(parameters.integer("min_active", 1, kMostServers))),
      sticky_(parameters.text("sticky"),
              seconds(parameters.integer("sticky_timeout", 0, kMostSeconds)), config.servers),
      slow_start_(read_slow_starts(config, parameters)),
      bound_thousandths_(read_bound(parameters)),
      tries_max_(static_cast<std::uint32_t>(parameters.integer("tries", 0, kMostServers))),
      rule_(make_rule(members_)),
      timed_(rule_->timed()),
      records_(1) {}

ServerId Pool::choose(const Request& request, const Tried* tried, Time now) {
  if (!slow_start_.idle()) slow_start_.earn(members_, now);
  const SlowStart* slow_start = slow_start_.idle() ? nullptr : &slow_start_;
  const Barriers all{tried, slow_start, bound_thousandths_};
  ServerId s = rule_->pick(Query(members_, all, request, now, probes_));
  if (s == kNoServer && (slow_start != nullptr || bound_thousandths_ != 0)) {
    const Barriers hard{tried, nullptr, 0};
    s = rule_->pick(Query(members_, hard, request, now, probes_));
  }
  if (s == kNoServer) return spare(tried);
  if (slow_start != nullptr) slow_start_.spend(s);
  return s;
}

// Stickiness comes before the rule, the bound and the groups, not before limits.
ServerId Pool::stuck_to(const Request& request) const {
  const ServerId s = sticky_.find(request, members_);
  const bool usable = s != kNoServer && members_[s].reachable() && !members_[s].full();
  return usable ? s : kNoServer;
}

ServerId Pool::spare(const Tried* tried) const {
  ServerId best = kNoServer;
  for (ServerId s = 0; s < members_.size(); ++s) {
    const Member& member = members_[s];
    if (member.serving || !member.available() || member.full()) continue;
    if (tried != nullptr && tried->has(s)) continue;
    const auto less = [&](const Member& a, const Member& b) {
      return a.group != b.group
                 ? a.group < b.group
                 : std::uint64_t{a.conns} * b.weight < std::uint64_t{b.conns} * a.weight;
    };
    if (best == kNoServer || less(member, members_[best])) best = s;
  }
  return best;
}

Pick Pool::take(const Request& request, Attempt& attempt, ServerId s, Time now) {
  attempt.server = s;
  if (timed_) remember(attempt).started = now;
  members_.count_conns(s, 1);
  sticky_.put(request, s, members_, now);
  rule_->started(s, now);
  return Pick::server;
}

Pick Pool::begin(const Request& request, Attempt& attempt, Time now) {
  advance(now);
  attempt = {};
  ServerId s = stuck_to(request);
  if (s == kNoServer) s = choose(request, nullptr, now);
  return s == kNoServer ? Pick::none : take(request, attempt, s, now);
}

Pick Pool::next(const Request& request, Attempt& attempt, Result why, Time now) {
  advance(now);
  const bool again = why == Result::refused || why == Result::timeout || why == Result::reset;
  release(attempt, why, now);
  Record& record = remember(attempt);
  record.tried.add(attempt.server);
  ServerId s = kNoServer;
  if (again && (tries_max_ == 0 || record.tries < tries_max_)) {
    s = choose(request, &record.tried, now);
  }
  if (s == kNoServer) {
    forget(attempt);
    return Pick::none;
  }
  ++record.tries;
  return take(request, attempt, s, now);
}

void Pool::end(Attempt& attempt, Result result, Time now) {
  advance(now);
  release(attempt, result, now);
  forget(attempt);
}

void Pool::release(const Attempt& attempt, Result result, Time now) {
  members_.count_conns(attempt.server, -1);
  const Duration took = timed_ ? now - records_[attempt.memory].started : Duration::zero();
  rule_->finished(attempt.server, result, took, now);
}

// Record 0 stands for no record.
Pool::Record& Pool::remember(Attempt& attempt) {
  if (attempt.memory == 0) {
    if (free_records_.empty()) {
      free_records_.push_back(static_cast<std::uint32_t>(records_.size()));
      records_.emplace_back();
    }
    attempt.memory = free_records_.back();
    free_records_.pop_back();
    records_[attempt.memory].tries = 1;
  }
  return records_[attempt.memory];
}

void Pool::forget(Attempt& attempt) {
  if (attempt.memory == 0) return;
  records_[attempt.memory].tried.clear();
  free_records_.push_back(attempt.memory);
  attempt.memory = 0;
}

void Pool::advance(Time now) {
  rule_->advance(now);
  sticky_.expire(members_, now);
}

void Pool::set_health(ServerId server, bool up, Time now) {
  advance(now);
  const bool was_available = members_[server].available();
  members_.set_up(server, up);
  after_change(server, was_available, now);
}

void Pool::set_admin(ServerId server, AdminState state, Time now) {
  advance(now);
  const bool was_available = members_[server].available();
  members_.set_admin(server, state);
  after_change(server, was_available, now);
}

void Pool::set_weight(ServerId server, int weight, Time now) {
  LBSIM_CHECK(weight >= 0 && weight <= kMostWeight);
  advance(now);
  const bool was_available = members_[server].available();
  members_.set_weight(server, static_cast<std::uint32_t>(weight));
  after_change(server, was_available, now);
}

void Pool::after_change(ServerId server, bool was_available, Time now) {
  if (!was_available && members_[server].available()) slow_start_.begin(server, now);
  rule_->changed();
}

void Pool::report(ServerId server, const Report& report, Time now) {
  advance(now);
  rule_->report(server, report, now);
}

std::string Pool::describe() const {
  std::string text;
  for (ServerId s = 0; s < members_.size(); ++s) {
    text += members_.describe(s);
    const std::string own = rule_->describe(s);
    text += own.empty() ? "\n" : ", " + own + "\n";
  }
  const std::string rest = rule_->describe();
  return rest.empty() ? text : text + rest + "\n";
}

}  // namespace lbsim::algorithms::pool
