#include "algorithms/nginx/sticky.hpp"

#include <algorithm>
#include <charconv>

#include "algorithms/nginx/md5.hpp"
#include "algorithms/parameters.hpp"

namespace lbsim::algorithms::nginx {
namespace {

constexpr const char* kParameter = "sticky";
constexpr const char* kForms =
    "cookie NAME, route $VARIABLE ... or learn create=$VARIABLE lookup=$VARIABLE zone=NAME:SIZE";

// A number and what follows it.
std::pair<int, std::string_view> number_in(std::string_view text, const std::string& word) {
  int value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || value < 1) {
    reject(kParameter, in_quotes(word) + " has no number above 0");
  }
  return {value, text.substr(static_cast<std::size_t>(rest - text.data()))};
}

// "90", "90s", "10m", "1h", "1d".
int seconds_in(std::string_view text, const std::string& word) {
  const auto [value, unit] = number_in(text, word);
  if (unit.empty() || unit == "s") return value;
  if (unit == "m" && value <= 1'000'000) return value * 60;
  if (unit == "h" && value <= 100'000) return value * 3600;
  if (unit == "d" && value <= 10'000) return value * 86400;
  reject(kParameter, in_quotes(word) + " is no time", "such as 90s, 10m or 1h");
}

// "client_sessions:1m": how many sessions there is room for.
std::size_t sessions_in(std::string_view zone, const std::string& word) {
  const std::size_t colon = zone.find(':');
  if (colon == std::string_view::npos) reject(kParameter, in_quotes(word) + " has no size");
  const auto [value, unit] = number_in(zone.substr(colon + 1), word);
  if (unit != "k" && unit != "m") reject(kParameter, in_quotes(word) + " is in neither k nor m");
  const std::size_t kilobytes = static_cast<std::size_t>(value) * (unit == "m" ? 1024u : 1u);
  return std::max<std::size_t>(kilobytes * 4000 / 1024, 1);
}

std::string_view first_value(const std::vector<Key>& keys, const Request& request,
                             std::string& buffer) {
  for (const Key& key : keys) {
    const std::string_view value = key.of(request, buffer);
    if (!value.empty()) return value;
  }
  return {};
}

// The balancer's cookie and `route`: variables that hold a route.
class Routed final : public Binding {
 public:
  Routed(std::vector<Key> keys, const std::vector<std::string>& routes)
      : keys_(std::move(keys)), routes_(routes) {}

  ServerId find(const Request& request, Time) override {
    const std::string_view route = first_value(keys_, request, buffer_);
    if (route.empty()) return kNoServer;
    const auto place = std::find(routes_.begin(), routes_.end(), route);
    return place == routes_.end() ? kNoServer : static_cast<ServerId>(place - routes_.begin());
  }

 private:
  std::vector<Key> keys_;
  const std::vector<std::string>& routes_;
  std::string buffer_;
};

class Learned final : public Binding {
 public:
  Learned(std::vector<Key> lookup, std::size_t most, Duration timeout)
      : sessions(most, timeout), lookup_(std::move(lookup)) {}

  ServerId find(const Request& request, Time now) override {
    const std::string_view session = first_value(lookup_, request, buffer_);
    return session.empty() ? kNoServer : sessions.find(session, now);
  }

  Sessions sessions;

 private:
  std::vector<Key> lookup_;
  std::string buffer_;
};

}  // namespace

Sticky::Sticky(std::unique_ptr<Pool> pool, const std::string& directive,
               const std::vector<ServerConfig>& servers)
    : pool_(std::move(pool)) {
  for (const ServerConfig& server : servers) {
    routes_.push_back(server.cookie.empty() ? md5_hex(server.address) : server.cookie);
  }
  const std::vector<std::string> words = split_words(directive);
  const std::string how = words.size() > 1 ? words[0] : "";
  if (how == "cookie") {
    read_cookie(words);
  } else if (how == "route") {
    read_route(words);
  } else if (how == "learn") {
    read_learn(words);
  } else {
    reject(kParameter, in_quotes(directive) + " is no way to bind clients", kForms);
  }
}

void Sticky::read_cookie(const std::vector<std::string>& words) {
  cookie_name_ = words[1];
  for (std::size_t i = 2; i < words.size(); ++i) {
    const std::string& word = words[i];
    const std::string name = word.substr(0, word.find('='));
    if (name == "expires" && word.size() > 8) {
      const int age = seconds_in(std::string_view(word).substr(8), word);
      cookie_attributes_ += "; max-age=" + std::to_string(age);
    } else if (word == "httponly" || word == "secure" || name == "domain" || name == "path" ||
               name == "samesite") {
      cookie_attributes_ += "; " + word;
    } else {
      reject(kParameter, in_quotes(word) + " is nothing that a cookie has",
             "expires=, domain=, path=, httponly, secure, samesite=");
    }
  }
  std::vector<Key> keys;
  keys.emplace_back("${cookie_" + cookie_name_ + "}", kParameter);
  binding_ = std::make_unique<Routed>(std::move(keys), routes_);
}

void Sticky::read_route(const std::vector<std::string>& words) {
  std::vector<Key> keys;
  for (std::size_t i = 1; i < words.size(); ++i) keys.emplace_back(words[i], kParameter);
  binding_ = std::make_unique<Routed>(std::move(keys), routes_);
}

void Sticky::read_learn(const std::vector<std::string>& words) {
  std::vector<Key> lookup;
  std::size_t most = 0;
  int timeout_s = 600;
  bool creates = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i];
    const std::size_t equals = std::min(word.find('='), word.size() - 1);
    const std::string name = word.substr(0, equals);
    const std::string_view value = std::string_view(word).substr(equals + 1);
    if (word == "header") {
      create_at_header_ = true;
    } else if (name == "create") {
      creates = true;
      if (!value.starts_with("$upstream_cookie_")) create_.emplace_back(value, kParameter);
    } else if (name == "lookup") {
      lookup.emplace_back(value, kParameter);
    } else if (name == "zone") {
      most = sessions_in(value, word);
    } else if (name == "timeout") {
      timeout_s = seconds_in(value, word);
    } else if (word != "sync") {
      reject(kParameter, in_quotes(word) + " is nothing that learn takes", kForms);
    }
  }
  if (!creates || lookup.empty() || most == 0) {
    reject(kParameter, "learn needs create, lookup and zone", kForms);
  }
  auto learned = std::make_unique<Learned>(std::move(lookup), most, seconds(timeout_s));
  sessions_ = &learned->sessions;
  binding_ = std::move(learned);
}

Pick Sticky::begin(const Request& request, Attempt& attempt, Time now) {
  const ServerId bound = binding_->find(request, now);
  const Pick pick = bound == kNoServer ? pool_->begin(request, attempt, now)
                                       : pool_->begin_at(bound, request, attempt, now);
  if (create_.empty() || pick != Pick::server) return pick;
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(open_.size()));
    open_.emplace_back();
  }
  Open& open = open_[free_.back()];
  std::string buffer;
  open = {attempt.memory, std::string(first_value(create_, request, buffer))};
  attempt.memory = free_.back() + 1;
  free_.pop_back();
  return pick;
}

Pick Sticky::next(const Request& request, Attempt& attempt, Result why, Time now) {
  if (create_.empty()) return pool_->next(request, attempt, why, now);
  Attempt inner{attempt.server, open_[attempt.memory - 1].memory};
  const Pick pick = pool_->next(request, inner, why, now);
  attempt.server = inner.server;
  open_[attempt.memory - 1].memory = inner.memory;
  if (pick == Pick::none) close(attempt);
  return pick;
}

void Sticky::header(Attempt& attempt, Time now) {
  if (create_.empty()) return pool_->header(attempt, now);
  Open& open = open_[attempt.memory - 1];
  Attempt inner{attempt.server, open.memory};
  pool_->header(inner, now);
  if (create_at_header_) answered(open, attempt.server, now);
}

void Sticky::end(Attempt& attempt, Result result, Time now) {
  if (create_.empty()) return pool_->end(attempt, result, now);
  Open& open = open_[attempt.memory - 1];
  Attempt inner{attempt.server, open.memory};
  pool_->end(inner, result, now);
  if (result == Result::ok || result == Result::server_error) answered(open, attempt.server, now);
  close(attempt);
}

void Sticky::answered(Open& open, ServerId server, Time now) {
  if (!open.key.empty()) session_created(server, open.key, now);
}

void Sticky::close(Attempt& attempt) {
  free_.push_back(attempt.memory - 1);
  attempt.memory = 0;
}

void Sticky::session_created(ServerId server, std::string_view session, Time now) {
  if (sessions_ && !session.empty()) sessions_->put(session, server, now);
}

std::string Sticky::set_cookie(ServerId server) const {
  if (cookie_name_.empty()) return {};
  return cookie_name_ + '=' + routes_[server] + cookie_attributes_;
}

std::unique_ptr<Upstream> with_stickiness(std::unique_ptr<Pool> pool, const PoolConfig& config) {
  const auto given = config.parameters.find(kParameter);
  if (given == config.parameters.end() || given->second.empty()) return pool;
  return std::make_unique<Sticky>(std::move(pool), given->second, config.servers);
}

}  // namespace lbsim::algorithms::nginx
