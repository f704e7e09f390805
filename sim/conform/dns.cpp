#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "conform/chi_square.hpp"
#include "conform/dns_subject.hpp"
#include "conform/dns_trace.hpp"
#include "conform/replay.hpp"

namespace lbsim::conform {

using algorithms::dns::Order;
using algorithms::dns::RecordTable;

namespace {

constexpr int kModelDrawsPerAnswer = 100;

std::string joined(std::vector<std::string> names, bool as_set) {
  if (as_set) std::sort(names.begin(), names.end());
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
  return text;
}

std::vector<std::string> names_of(const RecordTable& table, const Order& order) {
  std::vector<std::string> names;
  for (const auto record : order) names.push_back(table[record].name);
  return names;
}

// An answer with all that the trace recorded of it, in words; two are equal if the words are.
class Comparison {
 public:
  Comparison(const RecordTable& table, bool as_set) : table_(table), as_set_(as_set) {}

  std::string recorded(const DnsEvent& event) const {
    std::string text = described(event.answer, event.rcode, event.scope);
    for (const std::int64_t ttl_s : event.ttl) text += " ttl " + std::to_string(ttl_s);
    if (event.upstream) text += " upstream " + std::to_string(*event.upstream);
    return text;
  }

  std::string seen(const DnsEvent& event, const DnsSeen& seen) {
    std::vector<std::string> names = names_of(table_, seen.order);
    if (seen.shuffled > 0) names = as_shuffled(event, seen, names);
    std::string text = described(names, seen.rcode, seen.scope);
    for (std::size_t i = 0; i < event.ttl.size(); ++i) text += " ttl " + std::to_string(seen.ttl_s);
    if (event.upstream) text += " upstream " + std::to_string(seen.upstream);
    return text;
  }

 private:
  std::string described(const std::vector<std::string>& names, std::int64_t rcode,
                        const std::optional<std::int64_t>& scope) const {
    std::string text = "[";
    text += joined(names, as_set_) + "]";
    if (rcode != 0) text += " rcode " + std::to_string(rcode);
    if (scope) text += " scope " + std::to_string(*scope);
    return text;
  }

  // Which order a shuffle gives is chance: the first answer after it tells; the others must repeat
  // it.
  std::vector<std::string> as_shuffled(const DnsEvent& event, const DnsSeen& seen,
                                       const std::vector<std::string>& names) {
    if (seen.shuffled != last_shuffle_ && joined(names, true) == joined(event.answer, true)) {
      last_shuffle_ = seen.shuffled;
      shuffled_ = event.answer;
    }
    return seen.shuffled == last_shuffle_ ? shuffled_ : names;
  }

  const RecordTable& table_;
  bool as_set_;
  std::uint64_t last_shuffle_ = 0;
  std::vector<std::string> shuffled_;
};

Replay replay_events(const DnsTrace& trace, const RecordTable& table, DnsSubject& subject,
                     bool as_set) {
  Replay replay;
  Comparison comparison(table, as_set);
  for (std::size_t i = 0; i < trace.events.size(); ++i) {
    const DnsEvent& event = trace.events[i];
    if (event.action != DnsAction::query) {
      subject.apply(event);
      continue;
    }
    const std::string before = subject.describe();
    const std::string expected = comparison.recorded(event);
    const std::string got = comparison.seen(event, subject.query(event));
    replay.compare("events[" + std::to_string(i) + "] " + event.name + " " + event.type, expected,
                   got, before);
  }
  return replay;
}

// The answers between two changes of state form one sample, compared with one of the model's own.
Replay replay_distribution(const DnsTrace& trace, const RecordTable& table, DnsSubject& subject,
                           bool as_set) {
  ChiSquare test;
  std::uint64_t answers = 0;
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> counts;  // recorded, drawn
  const auto end_of_phase = [&] {
    std::vector<std::uint64_t> recorded;
    std::vector<std::uint64_t> drawn;
    for (const auto& [answer, count] : counts) {
      recorded.push_back(count.first);
      drawn.push_back(count.second);
    }
    test.add(recorded, drawn);
    counts.clear();
  };
  for (const DnsEvent& event : trace.events) {
    if (event.action != DnsAction::query) {
      end_of_phase();
      subject.apply(event);
      continue;
    }
    ++answers;
    ++counts[joined(event.answer, as_set)].first;
    for (int draw = 0; draw < kModelDrawsPerAnswer; ++draw) {
      ++counts[joined(names_of(table, subject.query(event).order), as_set)].second;
    }
  }
  end_of_phase();
  Replay replay;
  replay.compare_distribution(answers, test.p(), test.text());
  return replay;
}

std::unique_ptr<DnsSubject> subject_of(const DnsSetup& setup, double phase_s) {
  if (setup.trace.balancer == "glibc") return glibc_subject(setup);
  if (is_cache_trace(setup.trace)) return cache_subject(setup, phase_s);
  return authority_subject(setup);
}

// A cache's trace with times but without the wall clock fits one of these, as a second begins at
// one of its queries or between two.
std::vector<double> clock_phases(const DnsTrace& trace) {
  std::vector<double> phases{0};
  if (!is_cache_trace(trace)) return phases;
  for (const DnsEvent& event : trace.events) {
    if (event.unix_s) return {0};
    if (!event.t) continue;
    const double phase = std::ceil(*event.t) - *event.t;
    if (std::find(phases.begin(), phases.end(), phase) == phases.end()) phases.push_back(phase);
  }
  return phases;
}

}  // namespace

Replay replay_dns(const nlohmann::json& json) {
  const DnsTrace trace = read_dns_trace(Field(json));
  const RecordTable table(trace.records());
  const DnsComparison how = dns_comparison(trace);
  const bool as_set = how == DnsComparison::set || how == DnsComparison::distribution_of_sets;
  Replay best;
  for (const double phase_s : clock_phases(trace)) {
    Random random(1, "conform.dns");
    const DnsSetup setup{trace, table, random};
    const auto subject = subject_of(setup, phase_s);
    if (how == DnsComparison::distribution_of_orders ||
        how == DnsComparison::distribution_of_sets) {
      return replay_distribution(trace, table, *subject, as_set);
    }
    Replay replay = replay_events(trace, table, *subject, as_set);
    if (best.total == 0 || replay.matched > best.matched) best = std::move(replay);
    if (best.passed()) break;
  }
  return best;
}

}  // namespace lbsim::conform
