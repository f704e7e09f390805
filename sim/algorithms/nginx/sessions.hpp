// Sessions that nginx has learned (sticky learn): which server each is at, forgotten when nobody
// asked for `timeout`. A megabyte of the zone holds about 4,000; what nginx does when it is full is
// not published: here the one that was not asked for the longest makes room.
//
// Source: https://nginx.org/en/docs/http/ngx_http_upstream_module.html#sticky
#pragma once

#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "algorithms/nginx/key.hpp"
#include "core/time.hpp"

namespace lbsim::algorithms::nginx {

class Sessions {
 public:
  Sessions(std::size_t most, Duration timeout) : most_(most), timeout_(timeout) {}

  // kNoServer if there is no such session. Asking keeps it.
  ServerId find(std::string_view session, Time now);
  void put(std::string_view session, ServerId server, Time now);
  std::size_t size() const { return places_.size(); }

 private:
  struct Entry {
    std::string session;
    ServerId server = kNoServer;
    Time used{};
  };

  void drop_oldest();
  void expire(Time now);

  std::size_t most_;
  Duration timeout_;
  std::list<Entry> by_use_;  // the latest at the end
  std::unordered_map<std::string_view, std::list<Entry>::iterator> places_;  // views of the entries
};

}  // namespace lbsim::algorithms::nginx
