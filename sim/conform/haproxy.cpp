// Replays recorded picks of HAProxy (schema 1 of the nginx and HAProxy traces).
#include <algorithm>
#include <map>
#include <string>

#include "conform/haproxy_pool.hpp"
#include "conform/replay.hpp"

namespace lbsim::conform {
namespace {

using algorithms::AdminState;
using algorithms::Attempt;
using algorithms::kNoServer;
using algorithms::Pick;
using algorithms::Request;
using algorithms::Result;
using algorithms::ServerId;
using algorithms::Started;
using algorithms::haproxy::Backend;

constexpr std::int64_t kMostRequests = 1'000'000'000;

// What the recorder sends for one request. It does not send a text that is empty.
struct Inputs {
  std::string target = "/";
  std::string header;
  std::string cookie;
  algorithms::Address client = algorithms::Address::v4(0x7f000001);
  std::int32_t priority = 0;

  Request request(std::uint64_t ticket) const {
    Request r;
    r.ticket = ticket;
    r.client = client;
    r.target = target;
    if (!header.empty()) r.header = header;
    if (!cookie.empty()) r.cookie = cookie;
    r.priority = priority;
    return r;
  }
};

std::string text(Pick pick, const Attempt& attempt) {
  if (pick == Pick::queued) return "queued";
  return pick == Pick::none ? "null" : std::to_string(attempt.server);
}

std::string text(std::vector<Started> started) {
  std::sort(started.begin(), started.end(),
            [](const Started& a, const Started& b) { return a.ticket < b.ticket; });
  std::string out = "started";
  for (const Started& s : started) {
    out.append(" ").append(std::to_string(s.ticket)).append(" at ");
    out += s.server == kNoServer ? "none" : std::to_string(s.server);
  }
  return out;
}

// Every request has a Host: the authority of an absolute target, or what the recorder puts there.
std::string host_of(const std::string& target) {
  const std::size_t scheme = target.find("://");
  if (scheme == std::string::npos) return "t";
  return target.substr(scheme + 3, target.find('/', scheme + 3) - scheme - 3);
}

class HaproxyReplay {
 public:
  explicit HaproxyReplay(const Field& trace)
      : trace_(trace), pool_(read_haproxy_pool(trace)), backend_(*pool_.backend) {}

  Replay run() {
    const Field events = trace_.at("events");
    for (std::size_t i = 0; i < events.size(); ++i) step(events[i]);
    return std::move(result_);
  }

 private:
  void step(const Field& event);
  void requests(const Field& event);
  void counts(const Field& event);
  void open(const Field& event);
  void finish(const Field& event);
  void change(const Field& event, const std::string& action);
  void set_weight(ServerId server, const Field& value);

  Inputs inputs(const Field& event, const std::size_t* row) const;
  Pick begin(const Request& request, Attempt& attempt);
  void close(const Request& request, Pick pick, Attempt& attempt);
  void compare(const Field& where, const std::string& expected, const std::string& seen,
               std::uint64_t picks = 1);
  void compare_started(const Field& event);
  // After a wrong pick the pool's state means nothing: what follows is counted and not replayed.
  bool lost() const { return !result_.details.empty(); }

  Field trace_;
  HaproxyPool pool_;
  Backend& backend_;
  std::map<std::uint64_t, Attempt> open_;
  Time now_ = kTimeZero;
  std::string before_;  // the pool's state before the pick that is compared next
  Replay result_;
};

void HaproxyReplay::step(const Field& event) {
  const std::string action = event.at("action").string();
  if (!lost()) before_ = backend_.describe();
  if (action == "requests") return requests(event);
  if (action == "counts") return counts(event);
  if (action == "open") return open(event);
  if (action == "finish") return finish(event);
  if (action == "time") {
    const auto second = seconds(event.at("t").whole_seconds());
    now_ = std::max(now_, kTimeZero + second + from_seconds(event.find("phase").number_or(0.25)));
    return;
  }
  change(event, action);
}

void HaproxyReplay::compare(const Field& where, const std::string& expected,
                            const std::string& seen, std::uint64_t picks) {
  if (lost()) {
    result_.total += picks;
  } else {
    result_.compare(where.path(), expected, seen, before_, picks);
  }
}

// `row`: the number of the request in the event's arrays; null: the event is one request.
Inputs HaproxyReplay::inputs(const Field& event, const std::size_t* row) const {
  const auto input = [&](const char* name) {
    Field field = event.find(name);
    if (!field.absent() && row != nullptr) field = field[*row];
    return field.null() ? std::string() : field.string_or("");
  };
  Inputs in;
  if (const std::string path = input("path"); !path.empty()) in.target = path;
  if (pool_.rdp) in.header = input("rdp_cookie");
  if (pool_.reads_sent_header) in.header = input("header");
  if (pool_.reads_host && in.header.empty()) in.header = host_of(in.target);
  in.cookie = input("cookie");
  if (!input("client_ip").empty()) {
    in.client = (row == nullptr ? event.at("client_ip") : event.at("client_ip")[*row]).address();
  }
  if (row == nullptr && pool_.priorities) {
    in.priority = static_cast<std::int32_t>(event.find("priority").integer_or(0, -2047, 2047));
  }
  return in;
}

// Connections to a server that does not listen are refused at once.
Pick HaproxyReplay::begin(const Request& request, Attempt& attempt) {
  Pick pick = backend_.begin(request, attempt, now_);
  while (pick == Pick::server && !pool_.listening[attempt.server]) {
    pick = backend_.next(request, attempt, Result::refused, now_);
  }
  return pick;
}

void HaproxyReplay::close(const Request& request, Pick pick, Attempt& attempt) {
  if (pick == Pick::server) backend_.end(attempt, Result::ok, now_);
  if (pick == Pick::queued) backend_.abandon(request.ticket, now_);
}

void HaproxyReplay::requests(const Field& event) {
  const Field picked = event.at("picked");
  const Field cookies = event.find("set_cookie");
  for (std::size_t i = 0; i < picked.size(); ++i) {
    std::string expected =
        picked[i].null() ? "null" : std::to_string(picked[i].server(backend_.size()));
    if (!cookies.absent()) {
      expected += cookies[i].null() ? ", no cookie" : ", cookie " + cookies[i].string();
    }
    const Inputs in = inputs(event, &i);
    const Request request = in.request(0);
    Attempt attempt;
    std::string seen;
    if (!lost()) {
      before_ = backend_.describe();
      const Pick pick = begin(request, attempt);
      seen = text(pick, attempt);
      const std::string* cookie = backend_.set_cookie(attempt);
      if (!cookies.absent()) seen += cookie == nullptr ? ", no cookie" : ", cookie " + *cookie;
      close(request, pick, attempt);
    }
    compare(picked[i], expected, seen);
  }
}

void HaproxyReplay::counts(const Field& event) {
  const auto count = static_cast<std::uint64_t>(event.at("count").integer(0, kMostRequests));
  const Field recorded = event.at("counts");
  std::vector<std::uint64_t> counts(backend_.size());
  const Request request = Inputs{}.request(0);
  for (std::uint64_t i = 0; i < count && !lost(); ++i) {
    Attempt attempt;
    const Pick pick = begin(request, attempt);
    if (pick == Pick::server) ++counts[attempt.server];
    close(request, pick, attempt);
  }
  std::string expected = "counts";
  std::string seen = "counts";
  for (std::size_t s = 0; s < counts.size(); ++s) {
    expected.append(" ").append(std::to_string(recorded[s].integer(0, kMostRequests)));
    seen.append(" ").append(std::to_string(counts[s]));
  }
  compare(recorded, expected, seen, count);
}

void HaproxyReplay::open(const Field& event) {
  const auto id = static_cast<std::uint64_t>(event.at("id").integer(0));
  const Field picked = event.at("picked");
  std::string expected = picked.null() ? "null" : std::to_string(picked.server(backend_.size()));
  if (event.find("queued").boolean_or(false)) expected = "queued";
  const Inputs in = inputs(event, nullptr);
  std::string seen;
  if (!lost()) {
    if (open_.contains(id)) event.at("id").fail("is that of a request which is still open");
    Attempt attempt;
    const Pick pick = begin(in.request(id), attempt);
    seen = text(pick, attempt);
    if (pick != Pick::none) open_[id] = attempt;
    // Queues resolve milliseconds; recorded requests that wait are further apart than that.
    if (pick == Pick::queued) now_ += milliseconds(1);
  }
  compare(event, expected, seen);
}

void HaproxyReplay::finish(const Field& event) {
  const auto id = static_cast<std::uint64_t>(event.at("id").integer(0));
  if (!lost()) {
    const auto request = open_.find(id);
    if (request == open_.end() || request->second.server == kNoServer) {
      event.at("id").fail("is not that of a request at a server");
    }
    backend_.end(request->second, Result::ok, now_);
    open_.erase(request);
  }
  compare_started(event);
}

void HaproxyReplay::compare_started(const Field& event) {
  std::vector<Started> expected;
  if (event.has("started")) {
    const Field started = event.at("started");
    for (std::size_t i = 0; i < started.size(); ++i) {
      expected.push_back({static_cast<std::uint64_t>(started[i][0].integer(0)),
                          started[i][1].server(backend_.size())});
    }
  }
  const std::string seen = text(backend_.started());
  for (const Started& s : backend_.started()) {
    if (s.server == kNoServer) {
      open_.erase(s.ticket);
    } else {
      open_[s.ticket].server = s.server;
    }
  }
  backend_.started().clear();
  if (expected.empty() && (lost() || seen == text({}))) return;
  compare(event, text(expected), seen, std::max<std::uint64_t>(1, expected.size()));
}

void HaproxyReplay::change(const Field& event, const std::string& action) {
  const ServerId server = event.at("server").server(backend_.size());
  if (action == "listen_off" || action == "listen_on") {
    pool_.listening[server] = action == "listen_on";
    return;
  }
  if (action == "disable") {
    backend_.set_admin(server, AdminState::maintenance, now_);
  } else if (action == "drain") {
    backend_.set_admin(server, AdminState::drain, now_);
  } else if (action == "enable" || action == "ready") {
    backend_.set_admin(server, AdminState::ready, now_);
  } else if (action == "set_weight") {
    set_weight(server, event.at("value"));
  } else if (action == "set_maxconn") {
    backend_.set_max_conns(server, static_cast<int>(event.at("value").integer(0, 1 << 30)), now_);
  } else {
    event.at("action").fail("names no action: " + action);
  }
  compare_started(event);
}

// An integer, or text: "12" or "50%".
void HaproxyReplay::set_weight(ServerId server, const Field& value) {
  if (!value.is_string()) {
    backend_.set_weight(server, static_cast<int>(value.integer(0, 256)), now_);
    return;
  }
  const std::string given = value.string();
  const std::size_t digits = std::min(given.find_first_not_of("0123456789"), given.size());
  const std::string rest = given.substr(digits);
  if (digits == 0 || digits > 5 || (!rest.empty() && rest != "%")) {
    value.fail("must be a weight or a percentage");
  }
  const int number = std::stoi(given);
  if (rest == "%") {
    backend_.set_weight_percent(server, number, now_);
  } else {
    if (number > 256) value.fail("must be in 0..256");
    backend_.set_weight(server, number, now_);
  }
}

}  // namespace

Replay replay_haproxy(const nlohmann::json& trace) { return HaproxyReplay(Field(trace)).run(); }

}  // namespace lbsim::conform
