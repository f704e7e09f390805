#include "conform/apache_trace.hpp"

#include <algorithm>
#include <cmath>

namespace lbsim::conform {

using algorithms::Attempt;
using algorithms::Pick;
using algorithms::Result;
using algorithms::ServerId;

ApacheRequest::ApacheRequest(const Field& event) : target(event.find("path").string_or("/")) {
  request.target = target;
  if (!event.has("key")) return;
  cookie = event.at("key").string();
  request.cookie = cookie;
}

ApacheReplay::ApacheReplay(const Field& trace) : trace_(trace) {
  const Field servers = trace.at("servers");
  for (std::size_t i = 0; i < servers.size(); ++i) {
    names_.push_back(servers[i].at("name").string());
  }
  accepts_.assign(names_.size(), true);
}

ServerId ApacheReplay::id(const Field& name) const {
  const auto found = std::find(names_.begin(), names_.end(), name.string());
  if (found == names_.end()) name.fail("is no server: " + name.string());
  return static_cast<ServerId>(found - names_.begin());
}

Pick ApacheReplay::ask_until_accepted(algorithms::Upstream& upstream, const Field& event,
                                      Attempt& attempt) {
  const ApacheRequest asked(event);
  Pick pick = upstream.begin(asked.request, attempt, now_);
  while (pick == Pick::server && !accepts_[attempt.server]) {
    pick = upstream.next(asked.request, attempt, Result::refused, now_);
  }
  return pick;
}

bool ApacheReplay::holds(const Field& event, const Attempt& attempt) {
  if (!event.has("hold")) return false;
  held_[event.at("hold").string()] = attempt;
  return true;
}

void ApacheReplay::apply(const Field& event, const std::string& action) {
  if (action == "wait") return;
  if (action == "release") {
    const auto held = held_.find(event.at("hold").string());
    if (held == held_.end()) return;  // it got no server
    balancer().end(held->second, Result::ok, now_);
    held_.erase(held);
  } else if (action == "server_down" || action == "server_up") {
    accepts_[id(event.at("server"))] = action == "server_up";
  } else if (!change(event, action)) {
    event.at("action").fail(action + " is not known");
  }
}

Replay ApacheReplay::run() {
  const Field events = trace_.at("events");
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Field event = events[i];
    if (event.has("t")) {
      now_ = kTimeZero + milliseconds(std::llround(event.at("t").seconds() * 1000));
    }
    const std::string action = event.at("action").string();
    if (action == "request") {
      request(event);
    } else {
      apply(event, action);
    }
  }
  if (trace_.has("final")) compare_at_end(trace_.at("final"));
  return replay_;
}

}  // namespace lbsim::conform
