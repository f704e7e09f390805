// nginx's limit_conn: how many requests of a key may be worked on at once
// (https://nginx.org/en/docs/http/ngx_http_limit_conn_module.html: a connection counts only while
// the server processes a request of it).
#pragma once

#include <cstdint>
#include <unordered_map>

namespace lbsim::algorithms::limits {

class OpenRequests {
 public:
  explicit OpenRequests(std::uint32_t most) : most_(most) {}

  // False: there are as many as may be.
  bool enter(std::uint64_t key) {
    std::uint32_t& open = open_[key];
    if (open >= most_) return false;
    ++open;
    return true;
  }
  void leave(std::uint64_t key) {
    const auto found = open_.find(key);
    if (found != open_.end() && --found->second == 0) open_.erase(found);
  }
  std::uint32_t open(std::uint64_t key) const {
    const auto found = open_.find(key);
    return found == open_.end() ? 0 : found->second;
  }

 private:
  std::uint32_t most_;
  std::unordered_map<std::uint64_t, std::uint32_t> open_;
};

}  // namespace lbsim::algorithms::limits
