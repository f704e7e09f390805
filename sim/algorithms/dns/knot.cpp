#include "algorithms/dns/knot.hpp"

namespace lbsim::algorithms::dns {

KnotAuthority::KnotAuthority(const RecordTable& table, bool answer_rotation)
    : Authority(table), answer_rotation_(answer_rotation) {
  records_changed();
}

void KnotAuthority::records_changed() {
  canonical_ = records();
  table().sort_canonically(canonical_);
}

Answer KnotAuthority::answer(const Query& query, Time) {
  return answer_with(answer_rotation_ ? rotated_left(canonical_, query.id) : canonical_);
}

}  // namespace lbsim::algorithms::dns
