// The `cookie` line: a server named by the request's cookie takes it, whatever the method says.
// HAProxy 2.6 configuration manual, section 4.2, "cookie".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "algorithms/algorithm.hpp"
#include "algorithms/haproxy/servers.hpp"

namespace lbsim::algorithms::haproxy {

class Persistence {
 public:
  // `line`: the words after `cookie`, empty for none. Throws InputError.
  Persistence(const std::string& line, const std::vector<ServerConfig>& servers);

  bool enabled() const { return !name_.empty(); }

  // The running server that the Cookie header names, draining ones included; kNoServer.
  ServerId find(std::string_view header, const Servers& servers) const;

  // The Set-Cookie value with which a response from `server` tells the client its place; null when
  // the mode does not insert any.
  const std::string* set_cookie(ServerId server) const {
    return inserts_ ? &set_cookies_[server] : nullptr;
  }

 private:
  std::string name_;
  bool inserts_ = false;
  char delimiter_ = '|';  // ends the server's part of a value
  std::vector<std::string> values_;
  std::vector<std::string> set_cookies_;
};

}  // namespace lbsim::algorithms::haproxy
