#include "planning/point_test.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/check.hpp"

namespace lbsim::planning {
namespace {

// What a run of a stretch tells: for each limit its value, its excess and its bound.
constexpr std::size_t kTold = 3;

std::vector<double> measure(const Slo& slo, const RunResult& result) {
  const WindowCounts& window = result.recorder.windows().front();
  std::vector<double> all;
  for (const SloLimit& limit : slo.limits) {
    all.push_back(value_of(limit, window));
    all.push_back(excess_of(limit, window));
    all.push_back(bound_of(limit, window));
  }
  return all;
}

struct Replications {
  std::vector<std::vector<RunReport>> by_stretch;

  // All excesses of a replication, stretch by stretch.
  std::vector<Excess> excesses(std::size_t replication) const {
    std::vector<Excess> all;
    for (const auto& runs : by_stretch) {
      const std::vector<double>& measured = runs[replication].measured;
      for (std::size_t i = 0; i < measured.size(); i += kTold) {
        all.push_back({measured[i + 1], measured[i + 2]});
      }
    }
    return all;
  }
};

std::vector<LimitFinding> findings_of(const std::vector<RunReport>& runs, const Slo& slo) {
  std::vector<LimitFinding> all;
  for (std::size_t i = 0; i < slo.limits.size(); ++i) {
    LimitFinding finding{slo.limits[i], 0, 0};
    for (const RunReport& run : runs) {
      const double value = run.measured[i * kTold];
      finding.mean += value / static_cast<double>(runs.size());
      finding.worst = std::max(finding.worst, value);
    }
    all.push_back(finding);
  }
  return all;
}

double strain_of(const std::vector<LimitFinding>& limits) {
  double most = 0;
  for (const LimitFinding& f : limits) {
    most = std::max(most, f.limit.limit > 0 ? f.mean / f.limit.limit : f.mean > 0 ? 1e9 : 0);
  }
  return most;
}

}  // namespace

std::string PointFinding::text() const {
  std::string text;
  for (const LimitFinding& f : limits) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", limit_text(f.limit, f.mean));
  }
  return text + fmt::format("; {} {} at {:.0f} %", bottleneck.node, bottleneck.resource,
                            bottleneck.utilization * 100);
}

PointFinding test_point(const std::shared_ptr<const scenario::LoadedScenario>& loaded,
                        const std::vector<Stretch>& stretches, const Slo& slo, double chance,
                        KernelKind kernel, const ChildRunsOptions& options) {
  const std::size_t limits = slo.limits.size();
  SequentialTest test(stretches.size() * limits, chance);
  Replications all{std::vector<std::vector<RunReport>>(stretches.size())};
  Answer answer = Answer::unknown;
  for (const int look : SequentialTest::kLooks) {
    std::vector<ChildRun> runs;
    for (auto r = test.replications(); r < static_cast<std::size_t>(look); ++r) {
      for (const Stretch& stretch : stretches) {
        const std::uint64_t seed = loaded->site.seed + r;
        runs.push_back({fmt::format("{}, seed {}", loaded->site.name, seed),
                        [loaded, stretch, seed, kernel](const auto& watch) {
                          RunPlan plan = stretch_plan(loaded, stretch, seed, kernel);
                          plan.progress = watch;
                          return run_site(plan);
                        },
                        [slo](const RunResult& result) { return measure(slo, result); }});
      }
    }
    const double before = static_cast<double>(test.replications() * stretches.size());
    ChildRunsOptions of_look = options;
    of_look.progress = [&](double done) {
      if (options.progress) options.progress(before + done);
    };
    auto reports = run_in_children(runs, of_look);
    for (std::size_t i = 0; i < reports.size(); ++i) {
      if (!reports[i] || reports[i]->partial) throw PlanStopped();
      all.by_stretch[i % stretches.size()].push_back(std::move(*reports[i]));
    }
    for (auto r = test.replications(); r < static_cast<std::size_t>(look); ++r) {
      test.add(all.excesses(r));
    }
    answer = test.look();
    if (answer != Answer::unknown) break;
  }
  PointFinding finding;
  finding.holds = answer == Answer::holds;
  finding.certain = answer != Answer::unknown;
  finding.replications = test.replications();
  double most = -1;
  for (std::size_t i = 0; i < stretches.size(); ++i) {
    std::vector<LimitFinding> of_stretch = findings_of(all.by_stretch[i], slo);
    if (strain_of(of_stretch) <= most) continue;
    most = strain_of(of_stretch);
    finding.limits = std::move(of_stretch);
    finding.stretch = stretches[i].text;
    finding.bottleneck = all.by_stretch[i].front().bottleneck;
  }
  return finding;
}

}  // namespace lbsim::planning
