#include "algorithms/pool/sticky.hpp"

#include <algorithm>

#include "algorithms/haproxy/request.hpp"
#include "algorithms/parameters.hpp"

namespace lbsim::algorithms::pool {
namespace {

std::string client_of(const Request& request) {
  const auto* bytes = reinterpret_cast<const char*>(request.client.bytes);
  return request.client.v6 ? std::string(bytes, 16) : std::string(bytes + 12, 4);
}

}  // namespace

Sticky::Sticky(const std::string& how, Duration timeout, const std::vector<ServerConfig>& servers)
    : timeout_(timeout) {
  const std::vector<std::string> words = split_words(how);
  if (words == std::vector<std::string>{"client"}) {
    by_client_ = true;
  } else if (words.size() == 2 && words[0] == "cookie") {
    cookie_ = words[1];
  } else if (words != std::vector<std::string>{"off"}) {
    reject("sticky", "cannot read " + in_quotes(how), "off, client, or cookie and its name");
  }
  for (const ServerConfig& server : servers) {
    values_.push_back(server.cookie.empty() ? server.name : server.cookie);
  }
}

ServerId Sticky::find(const Request& request, const Members& members) const {
  if (by_client_) {
    const auto found = by_address_.find(client_of(request));
    return found == by_address_.end() ? kNoServer : found->second->server;
  }
  if (cookie_.empty() || request.cookie.data() == nullptr) return kNoServer;
  const haproxy::Part value = haproxy::cookie_value(request.cookie, cookie_);
  if (!value || value->empty()) return kNoServer;
  for (ServerId s = 0; s < members.size(); ++s) {
    if (values_[s] == *value) return s;
  }
  return kNoServer;
}

void Sticky::put(const Request& request, ServerId s, Members& members, Time now) {
  if (!by_client_) return;
  std::string client = client_of(request);
  const auto found = by_address_.find(client);
  if (found == by_address_.end()) {
    entries_.push_back({client, s, now});
    by_address_[std::move(client)] = std::prev(entries_.end());
    members.count_sessions(s, 1);
    return;
  }
  const Entries::iterator entry = found->second;
  members.count_sessions(entry->server, -1);
  members.count_sessions(s, 1);
  entry->server = s;
  entry->used = now;
  entries_.splice(entries_.end(), entries_, entry);
}

void Sticky::expire(Members& members, Time now) {
  if (timeout_ == Duration::zero()) return;
  while (!entries_.empty() && now - entries_.front().used >= timeout_) {
    members.count_sessions(entries_.front().server, -1);
    by_address_.erase(entries_.front().client);
    entries_.pop_front();
  }
}

}  // namespace lbsim::algorithms::pool
