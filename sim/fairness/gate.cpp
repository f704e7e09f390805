#include "fairness/gate.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "core/error.hpp"
#include "core/files.hpp"

namespace lbsim::fairness {

void check_alpha(double alpha) {
  if (alpha > 0 && alpha < 1) return;
  throw InputError(Diagnostic{{},
                              0,
                              0,
                              "--alpha",
                              fmt::format("{:g} is not between 0 and 1", alpha),
                              "the probability of a false alarm: 0.001"});
}

std::uint64_t fresh_seed() {
  std::uint32_t seed = 0;
  if (getentropy(&seed, sizeof seed) == 0) return seed;
  throw InputError(
      Diagnostic{{}, 0, 0, "--seed", "the system gives no random number", "give one: --seed 1"});
}

Measurements part_of(const Measurements& baseline, const std::vector<Subject>& subjects) {
  Measurements part;
  for (const Subject& subject : subjects) {
    const auto found = baseline.find(subject.name);
    if (found != baseline.end()) part.insert(*found);
  }
  return part;
}

std::string Passage::table() const { return table_text(measured, compared ? &verdict : nullptr); }

std::string Passage::findings(double alpha) const {
  return compared ? findings_text(verdict, alpha) : "";
}

Passage pass_gate(const Gate& gate, const Watch& watch) {
  check_alpha(gate.alpha);
  const std::vector<Subject> subjects = chosen_subjects(catalog_subjects(), gate.algorithms);
  std::optional<Measurements> baseline;
  if (!gate.baseline.empty()) {
    baseline = read_baseline(gate.baseline).measured;
    if (!gate.algorithms.empty()) baseline = part_of(*baseline, subjects);
  }
  Passage passage;
  passage.compared = baseline.has_value();
  passage.measured = measure_all(subjects, kCheckEffort, gate.seed, watch);
  if (baseline) {
    passage.verdict = compare(passage.measured, *baseline, gate.alpha);
  } else {
    passage.verdict.results = results_of(passage.measured);
  }
  return passage;
}

std::string renew_baseline(const Gate& gate, const Watch& watch) {
  const std::vector<Subject> subjects = chosen_subjects(catalog_subjects(), gate.algorithms);
  Baseline baseline;
  if (std::filesystem::exists(gate.baseline)) baseline = read_baseline(gate.baseline);
  const Measurements before =
      gate.algorithms.empty() ? baseline.measured : part_of(baseline.measured, subjects);
  baseline.seed = gate.seed;
  const Measurements after = measure_all(subjects, kBaselineEffort, baseline.seed, watch);
  if (gate.algorithms.empty()) baseline.measured.clear();
  for (const auto& [algorithm, pools] : after) baseline.measured[algorithm] = pools;
  write_file(gate.baseline, baseline_text(baseline), "--baseline");
  return changes_text(before, after);
}

}  // namespace lbsim::fairness
