// dnsmasq names from a hosts file or --host-record. All entries of the first one's kind move in
// front of it once per query, so that a name whose entries are all of one kind rotates left by one.
// The kind: whether the entry is the owner of its address's reverse (PTR) record, which the first
// name listed with an address is; a name that shares addresses with an earlier one may rotate in
// part or not at all. TTL 0 (--local-ttl). Source: dnsmasq(8); behaviour of dnsmasq 2.90.
#pragma once

#include "algorithms/dns/authority.hpp"

namespace lbsim::algorithms::dns {

class DnsmasqHosts : public Authority {
 public:
  // `owns_reverse` by RecordIndex. The entries' first order is that of set_records.
  DnsmasqHosts(const RecordTable& table, std::vector<bool> owns_reverse, bool round_robin);

  Answer answer(const Query& query, Time now) override;
  std::string describe() const override;

 protected:
  void records_changed() override { chain_ = records(); }

 private:
  std::vector<bool> owns_reverse_;
  bool round_robin_;
  Order chain_;
};

}  // namespace lbsim::algorithms::dns
