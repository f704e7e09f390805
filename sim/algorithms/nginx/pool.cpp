#include "algorithms/nginx/pool.hpp"

#include <algorithm>

#include "algorithms/nginx/key.hpp"
#include "algorithms/nginx/parameters.hpp"
#include "core/check.hpp"

namespace lbsim::algorithms::nginx {

namespace {

bool sticks_by_what_is_read(const std::string& sticky) {
  const std::size_t lookup = sticky.find("lookup=");
  return !sticky.empty() &&
         (lookup == std::string::npos || !looks_at_address(sticky.substr(lookup)));
}

}  // namespace

std::vector<ParameterSpec> common_parameters() {
  return {
      {"proxy_next_upstream", "error timeout", "off | error timeout http_500 http_502 ...",
       "after which failures another server is tried; any http_5xx stands for all responses 5xx"},
      {"tries", "0", "0..",
       "most servers tried for one request (proxy_next_upstream_tries); 0: all"},
      {"sticky", "",
       "cookie NAME | route $VARIABLE ... | learn create=... lookup=... zone=NAME:SIZE",
       "sends a client's requests to the server of its first, as the commercial directive does",
       sticks_by_what_is_read,
       "\"learn create=$binary_remote_addr lookup=$binary_remote_addr zone=clients:1m\" binds "
       "clients by address"},
  };
}

Pool::Pool(const PoolConfig& config, const AlgorithmSpec& spec, Traits traits,
           std::shared_ptr<Libraries> libraries)
    : libraries_(std::move(libraries)),
      records_(1),
      usual_misses_(traits.usual_misses),
      follows_peers_(traits.follows_peers),
      times_requests_(traits.times_requests) {
  const Parameters parameters = check_config(config, spec, traits.allows_backup);
  max_tries_ = parameters.unsigned_integer("tries");
  next_upstream_ = next_upstream_results(parameters.text("proxy_next_upstream"));

  std::vector<ServerConfig> members[2];
  std::vector<ServerId> ids[2];
  for (ServerId id = 0; id < config.servers.size(); ++id) {
    const ServerConfig& server = config.servers[id];
    const std::uint32_t group = server.backup ? 1 : 0;
    places_.push_back({group, static_cast<PeerIndex>(members[group].size())});
    members[group].push_back(server);
    ids[group].push_back(id);
  }
  const bool several = config.servers.size() > 1;
  for (std::uint32_t g = 0; g < 2 && !members[g].empty(); ++g) {
    groups_.push_back(
        {Peers(members[g], several, traits.counts_conns), Rotation(&libraries_->cycles), ids[g]});
  }
}

// nginx allows as many tries as there are servers without `down`; a lone server has one.
std::uint32_t Pool::tries() const {
  std::uint32_t all = 0;
  for (const Group& group : groups_) all += group.peers.tries();
  return max_tries_ != 0 ? std::min(all, max_tries_) : all;
}

PeerIndex Pool::search_groups(std::uint32_t& group, Search& search) {
  PeerIndex found = look(groups_[group], search);
  if (found != kNoPeer || group + 1 == groups_.size()) return found;
  ++group;
  search.tried = nullptr;  // what was tried counts within a group
  return look(groups_[group], search);
}

Pick Pool::take(Attempt& attempt, std::uint32_t group, PeerIndex index, Time now) {
  groups_[group].peers.picked(index, now);
  if (follows_peers_) peer_changed(groups_[group], index);
  attempt.server = groups_[group].ids[index];
  return Pick::server;
}

Pick Pool::begin(const Request& request, Attempt& attempt, Time now) {
  attempt = {};
  Walk walk;
  Search search{request, nullptr, walk, now};
  std::uint32_t group = 0;
  const PeerIndex index = search_groups(group, search);
  if (index == kNoPeer) return Pick::none;
  take(attempt, group, index, now);
  if (__builtin_expect(walk.misses > usual_misses_ || times_requests_, 0)) {
    record_begin(walk, attempt, index);
    start_timing(attempt, now);
  }
  return Pick::server;
}

void Pool::record_begin(const Walk& walk, Attempt& attempt, PeerIndex index) {
  attempt.memory = new_record();
  Record& record = records_[attempt.memory];
  record.walk = walk;
  record.tries_left = tries();
  record.tried.add(index);
}

// The search that next() may start has had no proposal refused.
Pick Pool::begin_at(ServerId server, const Request& request, Attempt& attempt, Time now) {
  const Place place = places_[server];
  if (!groups_[place.group].peers.eligible(place.index, now)) return begin(request, attempt, now);
  attempt = {};
  take(attempt, place.group, place.index, now);
  if (times_requests_) {
    record_begin(first_walk(request), attempt, place.index);
    start_timing(attempt, now);
  }
  return Pick::server;
}

void Pool::start_timing(Attempt& attempt, Time now) {
  if (!times_requests_) return;
  const Place place = places_[attempt.server];
  records_[attempt.memory].timing = {now, false};
  request_began(groups_[place.group], place.index, now);
}

void Pool::stop_timing(Attempt& attempt, bool responded, Time now) {
  if (!times_requests_) return;
  const Place place = places_[attempt.server];
  const Timing& timing = records_[attempt.memory].timing;
  request_ended(groups_[place.group], place.index, timing, responded, now);
}

void Pool::header(Attempt& attempt, Time now) {
  if (!times_requests_) return;
  const Place place = places_[attempt.server];
  Timing& timing = records_[attempt.memory].timing;
  if (timing.header) return;
  header_came(groups_[place.group], place.index, timing, now);
  timing.header = true;
}

Pick Pool::next(const Request& request, Attempt& attempt, Result why, Time now) {
  Record& record = remember(request, attempt);
  const Place place = places_[attempt.server];
  if (why == Result::ok || why == Result::cancelled ||
      (why == Result::server_error && (record.tries_left <= 1 || !allows(why)))) {
    end(attempt, why, now);  // a 5xx response that no condition names goes to the client
    return Pick::none;
  }
  groups_[place.group].peers.failed(place.index, now);
  stop_timing(attempt, false, now);
  release(attempt.server);
  if (record.tries_left > 0) --record.tries_left;
  if (record.tries_left == 0 || !allows(why)) {
    forget(attempt);
    return Pick::none;
  }
  Search search{request, &record.tried, record.walk, now};
  std::uint32_t group = place.group;
  const PeerIndex index = search_groups(group, search);
  if (index == kNoPeer) {
    forget(attempt);
    attempt.server = kNoServer;
    return Pick::none;
  }
  if (group != place.group) record.tried.clear();
  record.tried.add(index);
  take(attempt, group, index, now);
  start_timing(attempt, now);
  return Pick::server;
}

void Pool::end(Attempt& attempt, Result result, Time now) {
  const Place place = places_[attempt.server];
  groups_[place.group].peers.succeeded(place.index);
  stop_timing(attempt, result == Result::ok || result == Result::server_error, now);
  release(attempt.server);
  if (attempt.memory != 0) forget(attempt);
}

void Pool::release(ServerId server) {
  const Place place = places_[server];
  groups_[place.group].peers.released(place.index);
  if (follows_peers_) peer_changed(groups_[place.group], place.index);
}

bool Pool::allows(Result why) const {
  return (next_upstream_ >> static_cast<unsigned>(why) & 1) != 0;
}

Pool::Record& Pool::remember(const Request& request, Attempt& attempt) {
  if (attempt.memory == 0) {
    attempt.memory = new_record();
    Record& record = records_[attempt.memory];
    record.walk = first_walk(request);
    record.tries_left = tries();
    record.tried.add(places_[attempt.server].index);
  }
  return records_[attempt.memory];
}

// Record 0 stands for no record.
std::uint32_t Pool::new_record() {
  if (free_records_.empty()) {
    records_.emplace_back();
    return static_cast<std::uint32_t>(records_.size() - 1);
  }
  const std::uint32_t record = free_records_.back();
  free_records_.pop_back();
  return record;
}

void Pool::forget(Attempt& attempt) {
  records_[attempt.memory].tried.clear();
  free_records_.push_back(attempt.memory);
  attempt.memory = 0;
}

void Pool::set_admin(ServerId server, AdminState state, Time) {
  const Place place = places_[server];
  groups_[place.group].peers.set_down(place.index, state != AdminState::ready);
  if (follows_peers_) peer_changed(groups_[place.group], place.index);
}

void Pool::set_weight(ServerId server, int weight, Time) {
  const Place place = places_[server];
  groups_[place.group].rotation.materialise(groups_[place.group].peers);
  groups_[place.group].peers.set_weight(place.index, weight);
  weights_changed();
}

std::string Pool::describe() const {
  std::vector<Peers> current;
  for (const Group& group : groups_) {
    current.push_back(group.peers);
    Rotation(group.rotation).materialise(current.back());
  }
  std::string text;
  for (ServerId id = 0; id < places_.size(); ++id) {
    const Place place = places_[id];
    text += std::to_string(id) + ": " + current[place.group].describe(place.index) + "\n";
  }
  return text;
}

}  // namespace lbsim::algorithms::nginx
