// Stickiness around any rule: a client that has been at a member goes there again.
//   client          by its address, in a table whose entries end `timeout` after their last use
//                   (F5's source address affinity persistence; 0: never)
//   cookie NAME     the value of that cookie names the member: its ServerConfig::cookie, or else
//                   its name (F5's cookie persistence; the client keeps the table)
#pragma once

#include <list>
#include <string>
#include <unordered_map>
#include <vector>

#include "algorithms/pool/members.hpp"
#include "core/time.hpp"

namespace lbsim::algorithms::pool {

class Sticky {
 public:
  // `how`: off, client, or cookie and a name. Throws InputError.
  Sticky(const std::string& how, Duration timeout, const std::vector<ServerConfig>& servers);

  bool by_client() const { return by_client_; }

  // The member of the request's client; kNoServer if it has none yet.
  ServerId find(const Request& request, const Members& members) const;
  // The request's client is at `s` from now on. Counts the clients of members.
  void put(const Request& request, ServerId s, Members& members, Time now);
  // Forgets the entries whose time is over.
  void expire(Members& members, Time now);

 private:
  struct Entry {
    std::string client;
    ServerId server;
    Time used;
  };
  using Entries = std::list<Entry>;

  bool by_client_ = false;
  std::string cookie_;  // empty: none
  Duration timeout_;
  std::vector<std::string> values_;  // of the cookie, by server
  Entries entries_;                  // least recently used first
  std::unordered_map<std::string, Entries::iterator> by_address_;
};

}  // namespace lbsim::algorithms::pool
