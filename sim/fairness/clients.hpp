// Clients by number: all that a hash may look at (address, port, target, header) follows from it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "algorithms/upstream.hpp"

namespace lbsim::fairness {

// 32 bits of a text, all of them mixed (FNV-1a, then splitmix64's finaliser).
std::uint32_t text_hash(std::string_view text);

// 10.x.y.z of a server.
std::uint32_t server_address(algorithms::ServerId server);

class Client {
 public:
  Client() { become(0); }

  // The views of the request live until the next call.
  const algorithms::Request& become(std::uint64_t number);

  // The same client with the session that `server` gave it: a cookie for HAProxy (SRV), Apache
  // (SID) and mod_jk (JSESSIONID) in one.
  const algorithms::Request& with_session(algorithms::ServerId server);

  const algorithms::Request& request() const { return request_; }

 private:
  algorithms::Request request_;
  std::string target_;
  std::string header_;
  std::string cookie_;
};

}  // namespace lbsim::fairness
