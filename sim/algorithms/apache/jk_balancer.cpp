#include "algorithms/apache/jk_balancer.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "algorithms/apache/session_route.hpp"
#include "core/check.hpp"

namespace lbsim::algorithms::apache {
namespace {

// Two members in each of two rounds.
constexpr std::uint32_t kTriesMax = 4;

// Attempt::memory: how many members were tried, whether failed ones were forced, whether the load
// value holds this request (Busyness).
constexpr std::uint32_t kTriesMask = 0xf;
constexpr std::uint32_t kForced = 0x10;
constexpr std::uint32_t kLive = 0x20;

std::vector<std::string_view> session_ids(const Request& request) {
  const std::string_view in_path = path_parameter(request.target, ";jsessionid", ";?&");
  if (in_path.data()) return {in_path};
  return cookie_values(request.cookie, "JSESSIONID");
}

}  // namespace

JkBalancer::JkBalancer(std::vector<JkMember> members, JkConfig config, std::size_t processes)
    : members_(std::move(members)), config_(config), next_(processes, 0) {
  compute_mult();
}

// Many different lbfactors have a multiple that no number holds, which mod_jk's documentation does
// not speak of: a large one that need not be a multiple then keeps the ratios.
void JkBalancer::compute_mult() {
  constexpr std::uint64_t kLargest = 1ULL << 32;  // times a lbfactor fits
  std::uint64_t multiple = 1;
  for (const JkMember& member : members_) {
    multiple = std::lcm(multiple, member.lbfactor);
    if (multiple > kLargest) {
      multiple = kLargest;
      break;
    }
  }
  for (JkMember& member : members_) member.mult = multiple / member.lbfactor;
}

Pick JkBalancer::begin(const Request& request, Attempt& attempt, Time now) {
  if (automatic_maintenance_) {
    if (const auto due = due_maintenance(now)) {
      maintain(*due, now);
      last_maintenance_ = now;
    }
  }
  attempt.memory = 0;
  return try_members(request, attempt, now);
}

Pick JkBalancer::try_members(const Request& request, Attempt& attempt, Time) {
  if ((attempt.memory & kTriesMask) >= kTriesMax) return Pick::none;
  ServerId server = find(request);
  if (server == kNoServer && !(attempt.memory & kForced) && force_failed_members()) {
    attempt.memory |= kForced;
    server = find(request);
  }
  if (server == kNoServer) return Pick::none;
  ++attempt.memory;
  attempt.memory |= kLive;
  attempt.server = server;
  JkMember& member = members_[server];
  ++member.elected;
  if (member.state == JkState::recover) member.state = JkState::probe;
  const bool counts_all =
      config_.method == JkMethod::request || config_.method == JkMethod::busyness;
  const bool counts_new = config_.method == JkMethod::session || config_.method == JkMethod::next;
  if (counts_all || (counts_new && session_ids(request).empty())) member.value += member.mult;
  return Pick::server;
}

Pick JkBalancer::next(const Request& request, Attempt& attempt, Result why, Time now) {
  JkMember& member = members_[attempt.server];
  if (config_.method == JkMethod::busyness) member.value -= std::min(member.value, member.mult);
  attempt.memory &= ~kLive;
  fail(attempt.server, now);
  if (why != Result::refused) return Pick::none;
  return try_members(request, attempt, now);
}

void JkBalancer::end(Attempt& attempt, Result result, Time now) {
  if (!(attempt.memory & kLive)) return;
  attempt.memory &= ~kLive;
  JkMember& member = members_[attempt.server];
  // A change of weight in between must not take the value below zero.
  if (config_.method == JkMethod::busyness) member.value -= std::min(member.value, member.mult);
  const bool answered = result == Result::ok || result == Result::server_error;
  if (answered || result == Result::cancelled) {
    member.state = JkState::ok;
    member.unresolved_since.reset();
  } else {
    fail(attempt.server, now);
  }
}

void JkBalancer::fail(ServerId server, Time now) {
  JkMember& member = members_[server];
  member.state = JkState::error;
  member.error_time = now;
  if (!member.unresolved_since) member.unresolved_since = now;
}

bool JkBalancer::force_failed_members() {
  bool any = false;
  for (JkMember& member : members_) {
    if (member.state != JkState::error) continue;
    member.state = JkState::forced;
    any = true;
  }
  return any;
}

ServerId JkBalancer::find(const Request& request) {
  for (const std::string_view id : session_ids(request)) {
    const std::string_view route = route_of(id);
    if (route.empty()) continue;
    const ServerId server = find_by_session(route);
    if (server != kNoServer) return server;
  }
  const ServerId best = find_best();
  if (best != kNoServer) return best;
  // The last resort is where the first member with a redirect points.
  for (const JkMember& member : members_) {
    if (member.redirect.empty()) continue;
    const ServerId other = find_by_route(member.redirect);
    return other != kNoServer && members_[other].usable_for_its_sessions() ? other : kNoServer;
  }
  return kNoServer;
}

ServerId JkBalancer::find_by_route(std::string_view route) const {
  for (ServerId server = 0; server < members_.size(); ++server) {
    if (members_[server].route == route) return server;
  }
  return kNoServer;
}

ServerId JkBalancer::find_by_session(std::string_view route) const {
  const ServerId owner = find_by_route(route);
  if (owner == kNoServer) return find_in_domain(route);
  const JkMember& member = members_[owner];
  if (member.usable_for_its_sessions()) return owner;
  if (member.redirect.empty()) {
    return member.domain.empty() ? kNoServer : find_in_domain(member.domain);
  }
  const ServerId other = find_by_route(member.redirect);
  return other != kNoServer && members_[other].usable_for_its_sessions() ? other : kNoServer;
}

// The domain's name is the route up to its first dot.
ServerId JkBalancer::find_in_domain(std::string_view route) const {
  const std::string_view domain = route.substr(0, route.find('.'));
  ServerId best = kNoServer;
  for (ServerId server = 0; server < members_.size(); ++server) {
    const JkMember& member = members_[server];
    if (member.domain.empty() || member.domain != domain || !member.usable()) continue;
    if (best == kNoServer || member.distance < members_[best].distance ||
        (member.distance == members_[best].distance && member.value < members_[best].value)) {
      best = server;
    }
  }
  return best;
}

ServerId JkBalancer::find_best() {
  const auto count = static_cast<ServerId>(members_.size());
  ServerId best = kNoServer;
  ServerId server = next_[process_];
  for (ServerId left = count; left > 0; --left, ++server) {
    if (server >= count) server = 0;
    const JkMember& member = members_[server];
    if (!member.usable()) continue;
    if (best == kNoServer || member.distance < members_[best].distance ||
        (member.distance == members_[best].distance && member.value < members_[best].value)) {
      best = server;
      next_[process_] = server + 1;
    }
  }
  return best;
}

void JkBalancer::set_admin(ServerId server, AdminState state, Time) {
  constexpr JkActivation by_state[] = {JkActivation::active, JkActivation::disabled,
                                       JkActivation::stopped};
  set_activation(server, by_state[static_cast<std::size_t>(state)]);
}

void JkBalancer::set_activation(ServerId server, JkActivation activation) {
  members_[server].activation = activation;
  if (config_.method == JkMethod::busyness) return;
  for (JkMember& member : members_) member.value = 0;
}

void JkBalancer::set_weight(ServerId server, int weight, Time) {
  LBSIM_CHECK(weight > 0);
  members_[server].lbfactor = static_cast<std::uint64_t>(weight);
  compute_mult();
}

void JkBalancer::count_bytes(ServerId server, std::uint64_t sent, std::uint64_t received) {
  if (config_.method != JkMethod::traffic) return;
  members_[server].value += (sent + received) * members_[server].mult;
}

std::optional<JkMaintenance> JkBalancer::due_maintenance(Time now) const {
  if (now - last_maintenance_ < config_.maintain) return std::nullopt;
  JkMaintenance due;
  due.exponent = static_cast<unsigned>(
      std::min<std::int64_t>((now - last_maintenance_) / config_.maintain, 63));
  for (ServerId server = 0; server < members_.size(); ++server) {
    const JkMember& member = members_[server];
    if (member.state == JkState::error) {
      if (now - member.error_time > config_.recover_time) due.recovered.push_back(server);
    } else if (member.unresolved_since &&
               now - *member.unresolved_since >= config_.recover_time / 2) {
      due.escalated.push_back(server);
    }
  }
  return due;
}

// Returns the largest value as it is then (Next: as it was before).
std::uint64_t JkBalancer::decay(unsigned exponent) {
  std::uint64_t largest = 0;
  std::uint64_t smallest_usable = std::numeric_limits<std::uint64_t>::max();
  for (JkMember& member : members_) {
    const bool halves = config_.method != JkMethod::next && config_.method != JkMethod::busyness;
    if (halves) member.value >>= std::min(exponent, 63u);
    largest = std::max(largest, member.value);
    if (member.usable()) smallest_usable = std::min(smallest_usable, member.value);
  }
  if (config_.method != JkMethod::next) return largest;
  for (JkMember& member : members_) member.value -= std::min(member.value, smallest_usable);
  return largest;
}

void JkBalancer::maintain(const JkMaintenance& maintenance, Time now) {
  const std::uint64_t largest = decay(maintenance.exponent);
  for (const ServerId server : maintenance.recovered) {
    members_[server].state = JkState::recover;
    members_[server].unresolved_since.reset();
    if (config_.method != JkMethod::busyness) members_[server].value = largest;
  }
  for (const ServerId server : maintenance.escalated) fail(server, now);
  const bool all_failed = std::all_of(members_.begin(), members_.end(),
                                      [](const JkMember& m) { return m.state == JkState::error; });
  if (all_failed) force_failed_members();
}

std::string JkBalancer::describe() const {
  constexpr const char* states[] = {"ok", "recover", "probe", "forced", "error"};
  constexpr const char* activations[] = {"active", "disabled", "stopped"};
  std::string text;
  for (const JkMember& member : members_) {
    text += member.name + ": mult " + std::to_string(member.mult) + " value " +
            std::to_string(member.value) + ' ' + states[static_cast<int>(member.state)] + ' ' +
            activations[static_cast<int>(member.activation)] + '\n';
  }
  return text + "next " + std::to_string(next_[process_]);
}

}  // namespace lbsim::algorithms::apache
