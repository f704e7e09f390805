// The configuration part of a recorded trace of HAProxy.
#pragma once

#include <memory>

#include "algorithms/haproxy/backend.hpp"
#include "conform/json.hpp"

namespace lbsim::conform {

struct HaproxyPool {
  std::unique_ptr<algorithms::haproxy::Backend> backend;
  std::vector<bool> listening;  // per server: accepts connections at the start
  bool rdp = false;             // requests carry RDP cookies
  bool priorities = false;      // priority classes are taken from the requests
  // The header inputs of the trace are of the header that the method looks at.
  bool reads_sent_header = false;
  // The method looks at Host, which every request has.
  bool reads_host = false;
};

HaproxyPool read_haproxy_pool(const Field& trace);

}  // namespace lbsim::conform
