#include "algorithms/dns/dnsmasq_hosts.hpp"

namespace lbsim::algorithms::dns {

DnsmasqHosts::DnsmasqHosts(const RecordTable& table, std::vector<bool> owns_reverse,
                           bool round_robin)
    : Authority(table), owns_reverse_(std::move(owns_reverse)), round_robin_(round_robin) {
  owns_reverse_.resize(table.size(), true);
  chain_ = records();
}

Answer DnsmasqHosts::answer(const Query&, Time) {
  const Answer result = answer_with(chain_);
  if (!round_robin_ || chain_.empty()) return result;
  const RecordIndex first = chain_[0];
  Order next;
  Order others;
  for (std::size_t i = 1; i < chain_.size(); ++i) {
    const bool moves = owns_reverse_[chain_[i]] == owns_reverse_[first];
    (moves ? next : others).push_back(chain_[i]);
  }
  next.push_back(first);
  for (const RecordIndex record : others) next.push_back(record);
  chain_ = next;
  return result;
}

std::string DnsmasqHosts::describe() const { return "next " + table().text(chain_); }

}  // namespace lbsim::algorithms::dns
