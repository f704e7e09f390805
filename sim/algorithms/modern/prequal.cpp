// Prequal: each request sends probes to a few random members and is itself sent by the answers to
// earlier ones; busy servers (hot) are avoided, among the others the one with the least latency is
// taken. Used by YouTube. Looks at answers to probes alone. Cost per pick: O(probe pool).
//
// A probe is used up after b_reuse requests, is dropped when it is too old, and `remove` of them go
// with each request, the oldest and the worst by turns. With m probes in a full pool, n servers and
// delta = 1, b_reuse = max(1, (1 + delta) / ((1 - m/n) probes - remove)), rounded up or down at
// random; where that is not positive a probe may be used until it is too old. With fewer than two
// probes the pick is random. Not here: probes without requests, and replies that are held back.
// Source: Wydrowski et al., "Load is not what you should balance: Introducing Prequal", NSDI 2024.
#include "algorithms/modern/probe_pool.hpp"
#include "algorithms/modern/specs.hpp"
#include "algorithms/pool/draws.hpp"

namespace lbsim::algorithms::modern {
namespace {

constexpr double kDelta = 1;
constexpr double kNoEnd = 1e9;  // uses

class Prequal final : public pool::Rule {
 public:
  explicit Prequal(const pool::Setting& setting)
      : Rule(setting.members),
        probes_(static_cast<std::uint32_t>(setting.parameters.integer("probes", 1, 1000))),
        remove_(setting.parameters.integer("remove", 0, 1000)),
        pool_(static_cast<std::size_t>(setting.parameters.integer("pool_size", 2, 1000)),
              milliseconds(setting.parameters.integer("age_ms", 1, 1'000'000)),
              setting.parameters.fraction("hot_quantile")),
        uses_(uses_of(setting)),
        draws_(setting.members, setting.seed) {}

  ReportWishes report_wishes() const override {
    return {.interval = {}, .idle = false, .probes = true};
  }

  ServerId pick(const pool::Query& query) override {
    pool_.expire(query.now);
    ServerId s = pool_.best([&](ServerId candidate) { return query.takes(candidate); });
    if (s == kNoServer) s = draws_.one(query);
    for (const ServerId asked : draws_.distinct(query, probes_)) query.probes.push_back(asked);
    return s;
  }

  void started(ServerId s, Time) override {
    pool_.use(s);
    for (int i = 0; i < remove_; ++i) {
      if (worst_next_) {
        pool_.remove_worst();
      } else {
        pool_.remove_oldest();
      }
      worst_next_ = !worst_next_;
    }
  }

  void report(ServerId s, const Report& report, Time now) override {
    if (!members_[s].serving) return;
    auto uses = static_cast<std::uint32_t>(uses_);
    if (draws_.random().uniform() < uses_ - uses) ++uses;
    pool_.add({s, report.in_flight, report.latency, now, uses});
  }

  void changed() override {
    draws_.changed();
    pool_.erase_if([&](const Probe& probe) { return !members_[probe.server].serving; });
  }

  std::string describe() const override {
    std::string text = "probes:";
    for (const Probe& probe : pool_.probes()) {
      text += " " + std::to_string(probe.server) + (pool_.hot(probe) ? " hot" : " cold") +
              " in flight " + std::to_string(probe.in_flight) + " latency " +
              std::to_string(probe.latency.count()) + " ps uses " +
              std::to_string(probe.uses_left) + ";";
    }
    return text;
  }

 private:
  static double uses_of(const pool::Setting& setting) {
    const double size = setting.parameters.integer("pool_size", 2, 1000);
    const double fresh = 1 - size / static_cast<double>(setting.members.size());
    const double net = fresh * setting.parameters.integer("probes", 1, 1000) -
                       setting.parameters.integer("remove", 0, 1000);
    if (net <= 0) return kNoEnd;
    return std::max(1.0, (1 + kDelta) / net);
  }

  std::uint32_t probes_;
  int remove_;
  ProbePool pool_;
  double uses_;  // of a probe; the part after the point is a probability
  bool worst_next_ = false;
  pool::Draws draws_;
};

}  // namespace

AlgorithmSpec prequal_spec() {
  return make_spec<Prequal>(
      "prequal", "the least latency among servers that do not have many requests, by probes",
      "Wydrowski et al., Load is not what you should balance: Introducing Prequal, NSDI 2024",
      {{"probes", "3", "1..1000", "probes sent with each request"},
       {"remove", "1", "0..1000", "probes removed with each request"},
       {"pool_size", "16", "2..1000", "most probes kept"},
       {"age_ms", "1000", "1..1000000", "milliseconds after which a probe is too old"},
       {"hot_quantile", "0.84", "0..1",
        "a server is hot if it has more requests than this part of the latest answers"}});
}

}  // namespace lbsim::algorithms::modern
