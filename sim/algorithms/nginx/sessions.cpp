#include "algorithms/nginx/sessions.hpp"

namespace lbsim::algorithms::nginx {

void Sessions::drop_oldest() {
  places_.erase(by_use_.front().session);
  by_use_.pop_front();
}

void Sessions::expire(Time now) {
  while (!by_use_.empty() && now - by_use_.front().used > timeout_) drop_oldest();
}

ServerId Sessions::find(std::string_view session, Time now) {
  expire(now);
  const auto place = places_.find(session);
  if (place == places_.end()) return kNoServer;
  place->second->used = now;
  by_use_.splice(by_use_.end(), by_use_, place->second);
  return place->second->server;
}

void Sessions::put(std::string_view session, ServerId server, Time now) {
  if (find(session, now) != kNoServer) {
    by_use_.back().server = server;
    return;
  }
  if (places_.size() == most_) drop_oldest();
  by_use_.push_back({std::string(session), server, now});
  places_.emplace(by_use_.back().session, std::prev(by_use_.end()));
}

}  // namespace lbsim::algorithms::nginx
