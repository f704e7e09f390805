#include "algorithms/nginx/timed_pool.hpp"

#include "algorithms/parameters.hpp"

namespace lbsim::algorithms::nginx {
namespace {

// True for header.
bool read_time(const PoolConfig& config, const AlgorithmSpec& spec) {
  const std::string time = Parameters(config.parameters, spec.parameters).text("time");
  if (time == "header" || time == "last_byte") return time == "header";
  reject("time", in_quotes(time) + " is no time that " + spec.name + " can measure",
         "use header or last_byte");
}

Traits with_times(Traits traits) {
  traits.counts_conns = true;
  traits.times_requests = true;
  return traits;
}

}  // namespace

TimedPool::TimedPool(const PoolConfig& config, const AlgorithmSpec& spec, Traits traits,
                     std::shared_ptr<Libraries> libraries, bool counts_incomplete)
    : Pool(config, spec, with_times(traits), std::move(libraries)),
      to_header_(read_time(config, spec)) {
  for (const Group& group : groups()) times_.emplace_back(group.peers.size(), counts_incomplete);
}

void TimedPool::request_began(Group& group, PeerIndex peer, Time now) {
  times_[number_of(group)].began(peer, now);
}

void TimedPool::header_came(Group& group, PeerIndex peer, const Timing& timing, Time now) {
  if (to_header_) times_[number_of(group)].measured(peer, now - timing.began);
}

// Whoever is told of the end alone has seen the header then.
void TimedPool::request_ended(Group& group, PeerIndex peer, const Timing& timing, bool responded,
                              Time now) {
  ResponseTimes& times = times_[number_of(group)];
  times.ended(peer, timing.began);
  if (responded && !(to_header_ && timing.header)) times.measured(peer, now - timing.began);
}

ParameterSpec time_parameter() {
  return {"time", "header", "header | last_byte",
          "the response time that counts: until its header has come, or all of it"};
}

}  // namespace lbsim::algorithms::nginx
