// An IPv4 address for every client of a log, as balancers that hash the source need one.
//
// A client logged as an IPv4 address keeps it. A host name, an IPv6 address, or anything else gets
// one from 240.0.0.0/4 (reserved, RFC 1112 section 4: no real client has one) by a hash of its
// name; if that is taken, the next free one. So a name has the same address in every log, unless
// two names of one log collide (of 10,000 names 0.2 pairs do).
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_set>

namespace lbsim::workload {

class ClientAddresses {
 public:
  // Host byte order. Ask once per distinct name: asked again, a synthetic name gets a second one.
  std::uint32_t assign(std::string_view client);

  // A further client who is in the log only once: same rules, never the client's own address.
  std::uint32_t assign_copy(std::string_view client, std::uint32_t copy);

 private:
  std::uint32_t assign_hashed(std::uint64_t hash);

  std::unordered_set<std::uint32_t> taken_;  // only asked, never walked
};

}  // namespace lbsim::workload
