#include "algorithms/dns/glibc.hpp"
#include "conform/dns_subject.hpp"

namespace lbsim::conform {

using namespace algorithms::dns;

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
    const Field config = setup.trace.config;
    std::vector<std::optional<Prefix>> sources(setup.table.size());
    for (const auto& [record, source] : config.at("source").members()) {
      if (source.null()) continue;
      const std::string text = source[0].string() + "/" + std::to_string(source[1].integer(0, 128));
      sources[setup.index(record)] = prefix_of(text, source.path());
    }
    return GlibcSorter(setup.table, sources, config.at("host_has_ipv6").boolean());
  }

  DnsSetup setup_;
  GlibcSorter sorter_;
};

}  // namespace

std::unique_ptr<DnsSubject> glibc_subject(const DnsSetup& setup) {
  return std::make_unique<GlibcSubject>(setup);
}

}  // namespace lbsim::conform
