// What the two least_time methods share: a pool that measures how long responses take.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "algorithms/nginx/pool.hpp"
#include "algorithms/nginx/response_times.hpp"

namespace lbsim::algorithms::nginx {

class TimedPool : public Pool {
 protected:
  TimedPool(const PoolConfig& config, const AlgorithmSpec& spec, Traits traits,
            std::shared_ptr<Libraries> libraries, bool counts_incomplete);

  const ResponseTimes& times_of(const Group& group) const { return times_[number_of(group)]; }

  // a's load minus b's: below zero if a is less loaded.
  std::int64_t load_of_a_above_b(const Group& group, PeerIndex a, PeerIndex b, Time now) const {
    const Peers& peers = group.peers;
    const ResponseTimes& times = times_of(group);
    return times.load(peers, a, now) * peers.weight[b] -
           times.load(peers, b, now) * peers.weight[a];
  }

  void request_began(Group& group, PeerIndex peer, Time now) override;
  void header_came(Group& group, PeerIndex peer, const Timing& timing, Time now) override;
  void request_ended(Group& group, PeerIndex peer, const Timing& timing, bool responded,
                     Time now) override;

 private:
  std::size_t number_of(const Group& group) const {
    return static_cast<std::size_t>(&group - groups().data());
  }

  std::vector<ResponseTimes> times_;  // by group
  bool to_header_;                    // what is measured: the time to the header, or to the end
};

// "header" or "last_byte".
ParameterSpec time_parameter();

}  // namespace lbsim::algorithms::nginx
