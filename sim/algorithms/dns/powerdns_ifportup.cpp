#include "algorithms/dns/powerdns_ifportup.hpp"

namespace lbsim::algorithms::dns {

PowerdnsIfportup::PowerdnsIfportup(const RecordTable& table, Duration check_interval)
    : Authority(table), check_interval_(check_interval), changes_(table.size()) {}

void PowerdnsIfportup::set_state(RecordIndex record, bool up, Time now) {
  changes_[record] = {.noticed_at = now + check_interval_, .up = up};
}

Answer PowerdnsIfportup::answer(const Query&, Time now) {
  Order live;
  for (const RecordIndex record : records()) {
    Change& change = changes_[record];
    if (change.noticed_at <= now) {
      Authority::set_state(record, change.up, now);
      change.noticed_at = kNever;
    }
    if (is_up(record)) live.push_back(record);
  }
  return answer_with(live.empty() ? records() : live);
}

}  // namespace lbsim::algorithms::dns
