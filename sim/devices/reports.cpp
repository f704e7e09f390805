#include "devices/reports.hpp"

#include "devices/kernels.hpp"

namespace lbsim {

template <class K>
Reports<K>::Reports(World<K>& world, Tier<K>& members, std::uint32_t pools, Find find,
                    Called called, Random random)
    : Component<K>(world),
      members_(members),
      pools_(pools),
      find_(std::move(find)),
      called_(std::move(called)),
      random_(random),
      wishes_(find_(0).pool->report_wishes()) {
  members.measure();
  if (wishes_.idle) {
    members.add_idle_watcher([this](std::uint32_t member) { idle(member); });
    members.add_watcher([this](std::uint32_t member) { idle(member); });
  }
  if (wishes_.interval <= Duration::zero()) return;
  for (std::uint32_t member = 0; member < members.size(); ++member) {
    const double phase = random_.uniform();
    this->world_.kernel.after(from_seconds(phase * to_seconds(wishes_.interval)),
                              this->token(kInterval, member));
  }
}

template <class K>
void Reports<K>::send(int kind, const Trip& trip) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(trips_.size()));
    trips_.emplace_back();
  }
  const std::uint32_t index = free_.back();
  free_.pop_back();
  trips_[index] = trip;
  this->world_.post_lan(this->token(kind, index));
}

template <class K>
void Reports<K>::send_probes(std::uint32_t pool, PoolPlace place) {
  for (const algorithms::ServerId member : place.pool->probes()) {
    if (member < members_.size()) send(kProbe, {pool, member, place.epoch, {}});
  }
  place.pool->probes().clear();
}

template <class K>
void Reports<K>::idle(std::uint32_t member) {
  if (!up(member)) return;
  const algorithms::Report report = members_.state(member);
  if (report.in_flight != 0) return;
  const auto pool = static_cast<std::uint32_t>(random_.below(pools_));
  send(kAnswer, {pool, member, find_(pool).epoch, report});
}

template <class K>
void Reports<K>::tell(std::uint32_t pool, const Trip& trip) {
  const PoolPlace place = find_(pool);
  if (!place.up || (trip.pool != kEveryPool && place.epoch != trip.epoch)) return;
  place.pool->report(trip.member, trip.report, this->now());
  called_(pool);
}

template <class K>
void Reports<K>::on(int kind, kernel::Token token, kernel::Outcome) {
  if (kind == kInterval) {
    const std::uint32_t member = token.index;
    this->world_.kernel.after(wishes_.interval, token);
    if (up(member)) send(kAnswer, {kEveryPool, member, 0, members_.state(member)});
    return;
  }
  Trip trip = trips_[token.index];
  free_.push_back(token.index);
  if (kind == kProbe) {
    if (!up(trip.member)) return;
    trip.report = members_.state(trip.member);
    return send(kAnswer, trip);
  }
  if (trip.pool != kEveryPool) return tell(trip.pool, trip);
  for (std::uint32_t pool = 0; pool < pools_; ++pool) tell(pool, trip);
}

LBSIM_FOR_EACH_KERNEL(Reports)

}  // namespace lbsim
