#include "conform/apache_trace.hpp"

#include <algorithm>
#include <cmath>

namespace lbsim::conform {

using algorithms::Attempt;
using algorithms::Pick;
using algorithms::Result;
using algorithms::ServerId;
using algorithms::Upstream;
using nlohmann::json;

ApacheServers::ApacheServers(const json& trace) {
  const json& servers = field(trace, "trace", "servers");
  if (!servers.is_array()) reject_field("trace.servers", "is not a list");
  for (std::size_t i = 0; i < servers.size(); ++i) {
    names_.push_back(read_text(servers[i], "servers[" + std::to_string(i) + "]", "name"));
  }
  up_.assign(names_.size(), true);
}

ServerId ApacheServers::id(const std::string& name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) reject_field("servers", "have no " + name);
  return static_cast<ServerId>(found - names_.begin());
}

ApacheRequest::ApacheRequest(const json& event, const std::string& where) {
  target = event.contains("path") ? read_text(event, where, "path") : "/";
  request.target = target;
  if (event.contains("key")) {
    cookie = read_text(event, where, "key");
    request.cookie = cookie;
  }
}

Time apache_time(const json& event, const std::string& where, Time before) {
  if (!event.contains("t")) return before;
  return kTimeZero + milliseconds(std::llround(read_seconds(event, where, "t") * 1000));
}

Pick ask_until_accepted(Upstream& upstream, const ApacheServers& servers,
                        const ApacheRequest& request, Attempt& attempt, Time now) {
  Pick pick = upstream.begin(request.request, attempt, now);
  while (pick == Pick::server && !servers.accepts(attempt.server)) {
    pick = upstream.next(request.request, attempt, Result::refused, now);
  }
  return pick;
}

void compare(Replay& replay, const std::string& event, const std::string& expected,
             const std::string& got, const std::string& before) {
  ++replay.total;
  if (expected == got) {
    ++replay.matched;
  } else if (replay.details.empty()) {
    replay.details = {event, "expected " + expected, "got      " + got, "state before: " + before};
  }
}

void compare_final(Replay& replay, const std::string& expected, const std::string& got) {
  if (expected == got) return;
  if (replay.matched == replay.total && replay.matched > 0) --replay.matched;
  if (replay.details.empty()) {
    replay.details = {"values at the end", "expected " + expected, "got      " + got};
  }
}

}  // namespace lbsim::conform
