#include "algorithms/dns/glibc.hpp"
#include "conform/dns_subject.hpp"

namespace lbsim::conform {

using namespace algorithms::dns;
using nlohmann::json;

namespace {

class GlibcSubject : public DnsSubject {
 public:
  explicit GlibcSubject(const DnsSetup& setup) : setup_(setup), sorter_(make(setup)) {}

  DnsSeen query(const DnsEvent& event) override {
    DnsSeen seen;
    seen.order = sorter_.sorted(setup_.order(event.dns_order));
    return seen;
  }
  std::string describe() const override { return "no state"; }

 private:
  static GlibcSorter make(const DnsSetup& setup) {
    const json& config = setup.trace.config;
    const json& has_ipv6 = field(config, "config", "host_has_ipv6");
    if (!has_ipv6.is_boolean()) reject_field("config.host_has_ipv6", "is not true or false");
    std::vector<std::optional<Prefix>> sources(setup.table.size());
    for (const auto& [record, source] : field(config, "config", "source").items()) {
      if (source.is_null()) continue;
      if (!source.is_array() || source.size() != 2 || !source[0].is_string() ||
          !source[1].is_number_integer()) {
        reject_field("config.source." + record, "is not an address and a prefix length");
      }
      const std::string text = source[0].get<std::string>() + "/" + source[1].dump();
      sources[setup.index(record)] = prefix_of(text, "config.source." + record);
    }
    return GlibcSorter(setup.table, sources, has_ipv6.get<bool>());
  }

  DnsSetup setup_;
  GlibcSorter sorter_;
};

}  // namespace

std::unique_ptr<DnsSubject> glibc_subject(const DnsSetup& setup) {
  return std::make_unique<GlibcSubject>(setup);
}

}  // namespace lbsim::conform
