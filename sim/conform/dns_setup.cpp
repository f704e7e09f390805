#include "conform/dns_subject.hpp"

namespace lbsim::conform {

using namespace algorithms::dns;
using algorithms::in_quotes;
using algorithms::reject;

RecordIndex DnsSetup::index(const std::string& name) const {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[static_cast<RecordIndex>(i)].name == name) return static_cast<RecordIndex>(i);
  }
  reject("servers", "do not have " + in_quotes(name));
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

Prefix prefix_of(const std::string& text, const std::string& field) {
  const auto prefix = parse_prefix(text);
  if (!prefix) reject(field, in_quotes(text) + " is no network");
  return *prefix;
}

algorithms::GivenParameters known_settings(const DnsTrace& trace, const std::string& kind) {
  algorithms::GivenParameters result;
  for (const auto& parameter : algorithms::find_algorithm("dns", kind)->parameters) {
    const Field setting = trace.config.find(parameter.name);
    if (setting.is_setting()) result[parameter.name] = setting.setting();
  }
  return result;
}

std::string bind_order(const DnsTrace& trace) {
  const std::string algorithm = trace.algorithm.string();
  const std::string word = algorithm.substr(algorithm.rfind(' ') + 1);
  return word == "(default)" ? "random" : word;
}

}  // namespace lbsim::conform
