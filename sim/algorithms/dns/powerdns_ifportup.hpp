// PowerDNS ifportup with selector all: the addresses that the last check found up, or all of them
// if it found none. A change is noticed one check interval later; before the first check all count
// as up. Source: PowerDNS Authoritative documentation, "Lua reference"; behaviour of PowerDNS 4.7.
#pragma once

#include <vector>

#include "algorithms/dns/authority.hpp"

namespace lbsim::algorithms::dns {

class PowerdnsIfportup : public Authority {
 public:
  PowerdnsIfportup(const RecordTable& table, Duration check_interval);
  Answer answer(const Query& query, Time now) override;
  // What the port does from now on, not yet what the server knows.
  void set_state(RecordIndex record, bool up, Time now) override;

 private:
  struct Change {
    Time noticed_at = kNever;
    bool up = true;
  };

  Duration check_interval_;
  std::vector<Change> changes_;  // by RecordIndex
};

}  // namespace lbsim::algorithms::dns
