// Knot DNS answer-rotation: the canonical order, rotated by the query id; without the option always
// the canonical order. No state. Source: Knot DNS 3 documentation, "answer-rotation".
#pragma once

#include "algorithms/dns/authority.hpp"

namespace lbsim::algorithms::dns {

class KnotAuthority : public Authority {
 public:
  KnotAuthority(const RecordTable& table, bool answer_rotation);
  Answer answer(const Query& query, Time now) override;

 protected:
  void records_changed() override;

 private:
  bool answer_rotation_;
  Order canonical_;
};

}  // namespace lbsim::algorithms::dns
