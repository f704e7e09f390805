// The real servers of one virtual service: their order, weights, counters and connection limits.
// What every scheduler looks at.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "algorithms/upstream.hpp"

namespace lbsim::algorithms::ipvs {

struct RealServer {
  std::string name;
  std::uint32_t address = 0;  // host order
  std::uint16_t port = 0;     // 0: as the client sent it (firewall-mark services)
  std::int32_t weight = 1;    // 0: quiesced, no new connections
  std::uint32_t upper = 0;    // connection limits (ipvsadm -x, -y); 0: none
  std::uint32_t lower = 0;
};

struct Destination {
  std::int32_t weight = 0;
  std::int32_t last_weight = 0;  // latest nonzero weight; an add sets it to its weight, also to 0
  std::uint32_t active = 0;
  std::uint32_t inactive = 0;
  std::uint32_t upper = 0;
  std::uint32_t lower = 0;
  bool listed = false;      // false: removed; its entries live on until their timeout
  bool overloaded = false;  // by the connection limits

  bool usable() const { return weight > 0 && !overloaded; }
  std::uint64_t connections() const { return std::uint64_t{active} + inactive; }
  // An active connection weighs as much as 256 inactive ones.
  std::int64_t load() const { return std::int64_t{active} * 256 + inactive; }

  // The mark follows the limits with hysteresis: set at `upper`, cleared below `lower`, or below
  // three quarters of `upper` where no lower limit is given. To be called after every change of a
  // counter or a limit.
  void update_overload() {
    if (upper != 0 && connections() >= upper) {
      overloaded = true;
    } else if (overloaded) {
      overloaded = !(lower > 0 ? connections() < lower
                               : upper == 0 || 4 * connections() < 3 * std::uint64_t{upper});
    }
  }
};

class ServerList {
 public:
  // To the front of the list, in which no server has the same address and port. A server that was
  // removed comes back under its old id, with the counters of those of its connections that have
  // not expired.
  ServerId add(const RealServer& server);

  // Limits that are not named keep their value.
  void edit(ServerId id, std::int32_t weight, std::optional<std::uint32_t> upper,
            std::optional<std::uint32_t> lower);

  // Returns the position in order() that it had.
  std::size_t remove(ServerId id);

  // Listed servers, front first: the last added comes first, and wins where the first one wins
  // ties.
  const std::vector<ServerId>& order() const { return order_; }

  // All that were ever added, by id.
  std::size_t size() const { return destinations_.size(); }
  Destination& operator[](ServerId id) { return destinations_[id]; }
  const Destination& operator[](ServerId id) const { return destinations_[id]; }
  const RealServer& config(ServerId id) const { return configs_[id]; }  // as added or edited last

 private:
  std::vector<Destination> destinations_;
  std::vector<RealServer> configs_;
  std::vector<ServerId> order_;
};

}  // namespace lbsim::algorithms::ipvs
