// Resolvers that keep an answer for its TTL: how often they ask, where their users go meanwhile.
#include <fmt/format.h>

#include <cmath>

#include "metrics/fairness.hpp"
#include "theory/experiment.hpp"
#include "theory/trials.hpp"

namespace lbsim::theory {
namespace {

constexpr double kDayLength = 86400;

struct Population {
  double rate_per_resolver = 0;
  int ttl_s = 0;
  int resolvers = 0;
  int servers = 0;

  double requests_per_s() const { return rate_per_resolver * resolvers; }
};

Experiment population(const Population& all) {
  ServerGroupConfig group = server_of(1);
  group.count = all.servers;
  Experiment e =
      experiment({server_tier({group})}, all.requests_per_s(), distribution_of(Law::fixed, 0));
  e.site.clients[0].resolvers = all.resolvers;
  auto& dns = std::get<DnsTierConfig>(e.site.dns.device);
  dns.resolver = ResolverKind::exact;
  dns.rrset_order = "random";
  dns.ttl = seconds(all.ttl_s);
  dns.authority_latency = {};
  return e;
}

// Requests that came to each server in each of equal parts of a run, from a date on.
class Parts final : public RequestWatch {
 public:
  Parts(Time from, double part_s, std::size_t parts, int servers)
      : from_(from),
        part_(from_seconds(part_s)),
        loads_(parts, std::vector<double>(static_cast<std::size_t>(servers))) {}

  void at_server(std::uint32_t, std::uint32_t server, Time now, bool, double) override {
    if (now < from_) return;
    ++requests_;
    const auto part = static_cast<std::size_t>((now - from_) / part_);
    if (part < loads_.size()) ++loads_[part][server];
  }
  void served(std::uint32_t, Time) override {}
  void ended(std::uint32_t, RequestOutcome, Time, Time) override {}

  double requests() const { return requests_; }
  Trials squared_cv() const {
    Trials all;
    for (const std::vector<double>& loads : loads_) {
      const double cv = fairness_of(loads).cv;
      all.add(cv * cv);
    }
    return all;
  }

 private:
  Time from_;
  Duration part_;
  std::vector<std::vector<double>> loads_;
  double requests_ = 0;
};

// Requests that were refused, and when the last of them was asked for.
class Refused final : public RequestWatch {
 public:
  void at_server(std::uint32_t, std::uint32_t, Time, bool, double) override {}
  void served(std::uint32_t, Time) override {}
  void ended(std::uint32_t, RequestOutcome outcome, Time asked, Time) override {
    if (outcome != RequestOutcome::refused) return;
    ++count_;
    last_ = std::max(last_, asked);
  }
  double count() const { return count_; }
  Time last() const { return last_; }

 private:
  double count_ = 0;
  Time last_{};
};

// The server stops, and its address leaves the zone at once.
void withdraw(Experiment& e, int server, Time at) {
  std::get<DnsTierConfig>(e.site.dns.device).monitor = {.enabled = true,
                                                        .interval = picoseconds(1000),
                                                        .timeout = picoseconds(1000),
                                                        .fall = 1,
                                                        .rise = 1,
                                                        .retry_interval = {}};
  e.site.faults = {{at, fmt::format("servers.{}", server), FaultKind::stop, 1}};
}

// Resolvers begin together and fall out of step slowly, so the runs' dates are spread over one mean
// life of an answer, the time between two questions.
Trials withdrawals(const Population& all, const Entry& entry, const Effort& effort) {
  const int runs = effort.requests < 1e6 ? 5 : 20;
  constexpr double kBefore = 10;
  Trials counts;
  for (int i = 0; i < runs && !effort.stopped(); ++i) {
    Experiment e = population(all);
    e.site.seed = stream_seed(seed_of(entry), std::to_string(i));
    const double life_s = all.ttl_s + 1 / all.rate_per_resolver;
    const double at_s = kBefore * all.ttl_s + life_s * i / runs;
    withdraw(e, 1 + i % all.servers, kTimeZero + from_seconds(at_s));
    Refused refused;
    run_for(e, effort, at_s + 1.1 * all.ttl_s, &refused);
    counts.add(refused.count());
  }
  return counts;
}

// One resolver that is asked ten times in a TTL, and a nanosecond before its end: whichever server
// its first answer names is withdrawn right after it.
double last_request_s(const Population& all, const Effort& effort) {
  double latest_s = 0;
  const double gap_s = (all.ttl_s - 1e-9) / 10;
  for (int server = 1; server <= all.servers; ++server) {
    Experiment e = population({1 / gap_s, all.ttl_s, 1, all.servers});
    e.site.workload.arrivals = ArrivalLaw::even;
    const Time withdrawn = kTimeZero + from_seconds(gap_s) + picoseconds(1000);
    withdraw(e, server, withdrawn);
    Refused refused;
    run_for(e, effort, 3.0 * all.ttl_s, &refused);
    if (refused.count() > 0) latest_s = std::max(latest_s, to_seconds(refused.last() - withdrawn));
  }
  return latest_s;
}

// Of resolvers to the authority, from the begin of a minute on.
double questions_of(const RunResult& result, std::size_t from_minute) {
  double questions = 0;
  for (const NodeStats& node : result.recorder.nodes()) {
    if (node.tier != "dns") continue;
    for (std::size_t m = from_minute; m < node.minutes.size(); ++m) {
      questions += static_cast<double>(node.minutes[m].requests);
    }
  }
  return questions;
}

Answers caching_answers(const Population& all, const Entry& entry, const Effort& effort) {
  // As tolerances are of a day, a day is what 1e6 requests of other entries are.
  const double length_s = 60 * std::ceil(kDayLength * effort.requests / 1e6 / 60);
  const std::size_t warm_minutes = 1 + static_cast<std::size_t>(10 * all.ttl_s / 60);
  const double warm_s = 60 * static_cast<double>(warm_minutes);
  const auto parts =
      static_cast<std::size_t>(std::clamp(std::floor(length_s / (20.0 * all.ttl_s)), 1.0, 48.0));
  Experiment e = population(all);
  e.site.seed = seed_of(entry);
  Parts loads(kTimeZero + from_seconds(warm_s), length_s / static_cast<double>(parts), parts,
              all.servers);
  const double questions =
      questions_of(run_for(e, effort, warm_s + length_s, &loads), warm_minutes);
  Answers answers;
  answers["authoritative_queries_per_resolver"] = found(questions / length_s / all.resolvers);
  answers["authoritative_queries"] = found(questions / length_s);
  answers["cache_hit_ratio"] = found(1 - questions / loads.requests());
  answers["requests_per_answer"] = found(loads.requests() / questions);
  for (auto& [quantity, found] : answers) {
    found.scale = effort.tolerance_scale();
    found.note = fmt::format("of {} s after {} s", length_s, warm_s);
  }
  // Squared variation falls with the length: over parts of a day, the day's is that of a part over
  // their number. Of n servers it spreads as chi-squared with n - 1 degrees of freedom.
  const double parts_of_day = kDayLength * static_cast<double>(parts) / length_s;
  const double squared = loads.squared_cv().mean() / parts_of_day;
  answers["cv_squared_of_server_loads_random_answers_1_day"] = found_within(
      squared, 4 * squared * std::sqrt(2.0 / ((all.servers - 1.0) * static_cast<double>(parts))),
      fmt::format("mean over {} parts of the run, scaled to a day, within 4 standard errors",
                  parts));
  const Trials withdrawn = withdrawals(all, entry, effort);
  answers["requests_to_a_withdrawn_server"] = found(withdrawn.mean());
  answers["requests_to_a_withdrawn_server"].note =
      fmt::format("mean of {} runs in which a server stops", withdrawn.count());
  answers["last_possible_request_to_it"] = found(last_request_s(all, effort));
  answers["last_possible_request_to_it"].note = "a request a nanosecond before the end of the TTL";
  return answers;
}

}  // namespace

Work prepare_caching(const Entry& entry) {
  const conform::Field& p = entry.parameters;
  Population all;
  all.rate_per_resolver = positive_number(p, "rate_per_resolver", 1e6);
  all.ttl_s = whole_number(p, "ttl_s", 1, 86'400);
  all.resolvers = whole_number(p, "resolvers", 1, 1'000'000);
  all.servers = whole_number(p, "servers", 2, 1000);
  return [all, &entry](const Effort& effort) { return caching_answers(all, entry, effort); };
}

}  // namespace lbsim::theory
