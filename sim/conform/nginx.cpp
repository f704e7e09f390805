// Replays recorded picks of nginx (schema 1 of the nginx and HAProxy traces).
#include <algorithm>
#include <map>
#include <memory>

#include "algorithms/algorithm.hpp"
#include "conform/chi_square.hpp"
#include "conform/json.hpp"
#include "conform/replay.hpp"

namespace lbsim::conform {
namespace {

using algorithms::AlgorithmSpec;
using algorithms::Attempt;
using algorithms::kNoServer;
using algorithms::Pick;
using algorithms::PoolConfig;
using algorithms::Request;
using algorithms::Result;
using algorithms::ServerConfig;
using algorithms::ServerId;
using algorithms::Upstream;

constexpr std::int64_t kMostPicks = 1'000'000'000;

// Servers tried for one request, in order; kNoServer at the end: no further one was eligible.
using Tried = std::vector<ServerId>;

std::string text(const Tried& tried) {
  std::string out;
  for (const ServerId server : tried) {
    out += out.empty() ? "" : ",";
    out += server == kNoServer ? "null" : std::to_string(server);
  }
  return "[" + out + "]";
}

// Fields that are absent keep their value: the same for a server's first state and for a reload.
void read_peer(const Field& from, ServerConfig& server) {
  constexpr int kMostValue = 1 << 30;
  const auto set = [&](const char* name, int& value, int least) {
    value = static_cast<int>(from.find(name).integer_or(value, least, kMostValue));
  };
  server.name = from.find("name").string_or(server.name);
  server.address = from.find("addr").string_or(server.address);
  server.backup = from.find("backup").boolean_or(server.backup);
  server.down = from.find("down").boolean_or(server.down);
  set("weight", server.weight, 1);
  set("max_fails", server.max_fails, 0);
  set("fail_timeout", server.fail_timeout_s, 0);
  set("max_conns", server.max_conns, 0);
}

std::map<std::string, std::string> read_parameters(const Field& params) {
  std::map<std::string, std::string> parameters;
  const auto copy = [&](const char* from, const char* to) {
    if (params.has(from)) parameters[to] = params.at(from).string();
  };
  copy("key", "key");
  copy("proxy_next_upstream", "proxy_next_upstream");
  const Field tries = params.find("proxy_next_upstream_tries");
  if (!tries.absent()) parameters["tries"] = std::to_string(tries.integer(0, UINT32_MAX));
  return parameters;
}

// What a request of an event brings with it; views point into this.
struct Input {
  std::string path = "/";
  algorithms::Address client = algorithms::Address::v4(0x7f000001);

  Request request() const {
    Request made;
    made.client = client;
    made.target = path;
    return made;
  }
};

Input read_input(const Field& path, const Field& client) {
  Input input;
  if (!path.absent()) input.path = path.string();
  if (!client.absent()) input.client = client.address();
  return input;
}

// Absent where there is no array, or its item is null.
Field item(const Field& array, std::size_t index) {
  if (array.absent()) return array;
  const Field found = array[index];
  return found.null() ? Field::none() : found;
}

// One playing of a trace with one seed.
class Playing {
 public:
  Playing(const Field& trace, const AlgorithmSpec& spec, std::uint64_t seed) : spec_(spec) {
    const Field servers = trace.at("servers");
    for (std::size_t i = 0; i < servers.size(); ++i) {
      ServerConfig server;
      read_peer(servers[i], server);
      config_.servers.push_back(server);
      refuses_.push_back(!servers[i].find("listening").boolean_or(true));
    }
    const Field params = trace.at("params");
    config_.parameters = read_parameters(params);
    config_.seed = seed;
    const bool zone = params.find("zone").boolean_or(false);
    pools_.resize(zone ? 1
                       : static_cast<std::size_t>(params.find("workers").integer_or(1, 1, 4096)));
    recorded_counts.resize(servers.size() + 1);
    played_counts.resize(servers.size() + 1);
    load();
    const Field events = trace.at("events");
    for (std::size_t i = 0; i < events.size(); ++i) play(events[i]);
  }

  Replay replay;
  // Picks by server; the last count is of requests that got none.
  std::vector<std::uint64_t> recorded_counts;
  std::vector<std::uint64_t> played_counts;

 private:
  struct Open {
    std::shared_ptr<Upstream> pool;  // null: the request got no server
    Attempt attempt;
  };

  // Starts from scratch, as nginx does at each reload; open requests stay with the old state.
  void load() {
    for (std::shared_ptr<Upstream>& pool : pools_) pool = spec_.make(config_);
  }

  void play(const Field& event) {
    const std::string action = event.at("action").string();
    if (action == "requests") return requests(event);
    if (action == "counts") return counts(event);
    if (action == "open") return open(event);
    if (action == "finish") return finish(event);
    if (action == "time") return set_clock(event);
    if (action == "listen_off") return set_refuses(event, true);
    if (action == "listen_on") return set_refuses(event, false);
    if (action == "reload") return reload(event);
    if (action != "workers") event.at("action").fail("unknown action \"" + action + "\"");
  }

  void set_clock(const Field& event) {
    const double phase = event.find("phase").number_or(0.25);
    if (!(phase >= 0 && phase <= 1)) event.at("phase").fail("must be in 0..1");
    now_ = kTimeZero + from_seconds(event.at("t").seconds() + phase);
  }

  void set_refuses(const Field& event, bool refuses) {
    refuses_[event.at("server").server(refuses_.size())] = refuses;
  }

  void reload(const Field& event) {
    const Field changes = event.at("set");
    for (std::size_t i = 0; i < changes.size(); ++i) {
      read_peer(changes[i], config_.servers[changes[i].at("server").server(refuses_.size())]);
    }
    load();
  }

  const std::shared_ptr<Upstream>& pool_of(const Field& worker) const {
    if (pools_.size() == 1 || worker.absent()) return pools_[0];
    return pools_[static_cast<std::size_t>(
        worker.integer(0, static_cast<std::int64_t>(pools_.size()) - 1))];
  }

  // Picks until a server accepts the connection.
  Tried serve(Upstream& pool, const Request& request, Attempt& attempt) {
    Tried tried;
    Pick pick = pool.begin(request, attempt, now_);
    while (pick == Pick::server) {
      tried.push_back(attempt.server);
      if (!refuses_[attempt.server]) return tried;
      pick = pool.next(request, attempt, Result::refused, now_);
    }
    if (attempt.server == kNoServer) tried.push_back(kNoServer);
    attempt.server = kNoServer;
    return tried;
  }

  ServerId read_pick(const Field& picked) const {
    return picked.null() ? kNoServer : picked.server(refuses_.size());
  }

  // Without `tried` the request was decided by its first pick.
  Tried read_tried(const Field& tried, ServerId picked) const {
    if (tried.absent()) return {picked};
    Tried servers;
    for (std::size_t i = 0; i < tried.size(); ++i) servers.push_back(read_pick(tried[i]));
    return servers;
  }

  void count(std::vector<std::uint64_t>& counts, ServerId server, std::uint64_t times = 1) const {
    counts[std::min<std::size_t>(server, refuses_.size())] += times;
  }

  void compare(const std::string& where, const Field& picked, const Field& tried,
               const Tried& actual, ServerId actual_pick) {
    const ServerId expected_pick = read_pick(picked);
    const Tried expected = read_tried(tried, expected_pick);
    count(recorded_counts, expected_pick);
    count(played_counts, actual_pick);
    replay.compare(where, text(expected), text(actual), before_);
  }

  void requests(const Field& event) {
    const Field picked = event.at("picked");
    const Field path = event.find("path");
    const Field client = event.find("client_ip");
    const Field tried = event.find("tried");
    const Field worker = event.find(event.has("via") ? "via" : "worker");
    const auto size = static_cast<std::int64_t>(picked.size());
    if (event.find("count").integer_or(size) != size) picked.fail("must have `count` items");
    for (std::size_t i = 0; i < picked.size(); ++i) {
      const Input input = read_input(item(path, i), item(client, i));
      Upstream& pool = *pool_of(item(worker, i));
      before_ = pool.describe();
      Attempt attempt;
      const Tried actual = serve(pool, input.request(), attempt);
      const ServerId server = attempt.server;
      if (server != kNoServer) pool.end(attempt, Result::ok, now_);
      compare(picked[i].path(), picked[i], item(tried, i), actual, server);
    }
  }

  void counts(const Field& event) {
    const auto wanted = static_cast<std::uint64_t>(event.at("count").integer(0, kMostPicks));
    const Field recorded = event.at("counts");
    if (recorded.size() != refuses_.size()) recorded.fail("must have one item per server");
    before_ = pools_[0]->describe();
    Tried picks(refuses_.size() + 1);
    const Input input;
    for (std::uint64_t i = 0; i < wanted; ++i) {
      Attempt attempt;
      serve(*pools_[0], input.request(), attempt);
      ++picks[std::min<std::size_t>(attempt.server, refuses_.size())];
      count(played_counts, attempt.server);
      if (attempt.server != kNoServer) pools_[0]->end(attempt, Result::ok, now_);
    }
    picks.pop_back();
    Tried expected;
    for (ServerId server = 0; server < refuses_.size(); ++server) {
      const std::int64_t times = recorded[server].integer(0, kMostPicks);
      expected.push_back(static_cast<ServerId>(times));
      count(recorded_counts, server, static_cast<std::uint64_t>(times));
    }
    replay.compare(recorded.path(), text(expected), text(picks), before_, wanted);
  }

  void open(const Field& event) {
    const std::int64_t id = event.at("id").integer();
    if (open_.contains(id)) event.at("id").fail("is open already");
    const Input input = read_input(event.find("path"), event.find("client_ip"));
    Open opened{pool_of(event.find(event.has("via") ? "via" : "worker")), {}};
    before_ = opened.pool->describe();
    const Tried actual = serve(*opened.pool, input.request(), opened.attempt);
    const ServerId server = opened.attempt.server;
    // The response is still to come when the pick is recorded, and with it the list of what was
    // tried: only requests that no server got have one.
    const bool known = event.has("tried") || server == kNoServer;
    compare(event.path(), event.at("picked"), event.find("tried"), known ? actual : Tried{server},
            server);
    if (server == kNoServer) opened.pool = nullptr;
    open_[id] = opened;
  }

  void finish(const Field& event) {
    const auto found = open_.find(event.at("id").integer());
    if (found == open_.end()) event.at("id").fail("is not open");
    Open& opened = found->second;
    if (opened.pool) opened.pool->end(opened.attempt, Result::ok, now_);
    open_.erase(found);
  }

  const AlgorithmSpec& spec_;
  PoolConfig config_;
  std::vector<std::shared_ptr<Upstream>> pools_;  // by worker, or one for all
  std::vector<bool> refuses_;                     // by server: connections are refused
  std::map<std::int64_t, Open> open_;
  Time now_ = kTimeZero;
  std::string before_;  // the pool's state before the pick that is compared next
};

// The seed of the recording is unknown: are the picks distributed as ours, over many seeds, are?
Replay by_distribution(const Field& trace, const AlgorithmSpec& spec) {
  constexpr std::uint64_t kPlayings = 20;
  std::uint64_t picks = 0;
  std::vector<std::uint64_t> recorded;
  std::vector<std::uint64_t> played;
  for (std::uint64_t seed = 1; seed <= kPlayings; ++seed) {
    const Playing playing(trace, spec, seed);
    picks = playing.replay.total;
    recorded = playing.recorded_counts;
    played.resize(recorded.size());
    for (std::size_t i = 0; i < played.size(); ++i) played[i] += playing.played_counts[i];
  }
  ChiSquare test;
  test.add(recorded, played);
  Replay replay;
  replay.compare_distribution(picks, test.p(), test.text());
  return replay;
}

bool reloads(const Field& trace) {
  const Field events = trace.at("events");
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].at("action").string() == "reload") return true;
  }
  return false;
}

}  // namespace

Replay replay_nginx(const nlohmann::json& json) {
  const Field trace(json);
  const std::string name = trace.at("algorithm").string();
  const AlgorithmSpec* spec = algorithms::find_algorithm("nginx", name);
  if (spec == nullptr) trace.at("algorithm").fail("nginx has no method \"" + name + "\"");
  const Field seed = trace.at("params").find("random_seed");
  // A reload starts another process, whose seed is not recorded.
  if (name.starts_with("random") && (seed.absent() || reloads(trace))) {
    return by_distribution(trace, *spec);
  }
  return Playing(trace, *spec, static_cast<std::uint64_t>(seed.integer_or(1, 0, UINT32_MAX)))
      .replay;
}

}  // namespace lbsim::conform
