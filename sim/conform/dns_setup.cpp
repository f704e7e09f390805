#include "algorithms/dns/parameters.hpp"
#include "conform/dns_subject.hpp"

namespace lbsim::conform {

using namespace algorithms::dns;

RecordIndex DnsSetup::index(const std::string& name) const {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[static_cast<RecordIndex>(i)].name == name) return static_cast<RecordIndex>(i);
  }
  reject_field("servers", "do not have " + in_quotes(name));
}

Order DnsSetup::order(const std::vector<std::string>& names) const {
  Order result;
  for (const std::string& name : names) result.push_back(index(name));
  return result;
}

std::uint32_t rotation_start(const DnsSetup& setup, const std::vector<std::string>& answer) {
  Order canonical = setup.order(answer);
  setup.table.sort_canonically(canonical);
  for (std::size_t i = 0; i < canonical.size(); ++i) {
    if (setup.table[canonical[i]].name == answer[0]) return static_cast<std::uint32_t>(i);
  }
  return 0;
}

Prefix prefix_of(const std::string& text, const std::string& where) {
  const auto prefix = parse_prefix(text);
  if (!prefix) reject_field(where, in_quotes(text) + " is no network");
  return *prefix;
}

}  // namespace lbsim::conform
