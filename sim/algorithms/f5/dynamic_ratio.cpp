// Dynamic Ratio (member): a rotation by ratios from the servers' own reports of their load, which
// come from a performance monitor (SNMP DCA, WMI) at intervals. Looks at those reports alone. Cost
// per pick: O(members).
//
// Published: the ratios are "system-generated, and the values of the ratio weights are not static",
// "based on continuous monitoring of the servers"; an SNMP DCA monitor asks every 10 s; the ratio
// is 1 until a monitor has set it. Not published: how CPU, memory and disk make the ratio. Chosen:
// tenths of the capacity that are free, rounded up, at least 1; the rotation is Ratio's. Source:
// BIG-IP Local Traffic Management, "Dynamic Ratio Load Balancing".
#include "algorithms/f5/ratios.hpp"
#include "algorithms/f5/specs.hpp"

namespace lbsim::algorithms::f5 {
namespace {

constexpr std::uint32_t kHighest = 10;

class DynamicRatio final : public pool::Rule {
 public:
  explicit DynamicRatio(const pool::Setting& setting)
      : Rule(setting.members),
        interval_(seconds(setting.parameters.integer("interval", 1, 86400))),
        ratios_(setting.members.size(), 1) {}

  ReportWishes report_wishes() const override { return {.interval = interval_}; }

  ServerId pick(const Query& query) override {
    return rotation_.pick(query, members_, [&](ServerId s) { return ratios_[s]; });
  }

  void report(ServerId s, const Report& report, Time) override {
    const double busy = report.load < 0 ? 0 : report.load > 1 ? 1 : report.load;
    const auto used = static_cast<std::uint32_t>(busy * kHighest);  // whole tenths
    ratios_[s] = used < kHighest ? kHighest - used : 1;
  }

  std::string describe(ServerId s) const override { return "ratio " + std::to_string(ratios_[s]); }
  std::string describe() const override { return rotation_.describe(); }

 private:
  Duration interval_;
  Rotation rotation_;
  std::vector<std::uint32_t> ratios_;
};

}  // namespace

AlgorithmSpec dynamic_ratio_spec() {
  return make_spec<DynamicRatio>(
      "dynamic_ratio", "a rotation by ratios from the load that servers report",
      "https://techdocs.f5.com/en-us/bigip-14-1-0/big-ip-local-traffic-management-basics-14-1-0/"
      "dynamic-ratio-load-balancing.html",
      {{"interval", "10", "1..86400", "seconds between two reports of a server"}});
}

}  // namespace lbsim::algorithms::f5
