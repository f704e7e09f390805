// A stream over several servers behind one balancer, by a method of the catalog.
#include <fmt/format.h>

#include <numeric>

#include "metrics/node_stats.hpp"
#include "planning/queueing.hpp"
#include "theory/experiment.hpp"

namespace lbsim::theory {
namespace {

struct Method {
  const char* family;
  const char* name;
  std::map<std::string, std::string> parameters = {};
};

// Where two families have the rule, the one that a daemon has.
Method method_of(const conform::Field& parameters) {
  const std::string policy = parameters.at("policy").string();
  if (policy == "uniform random" || policy == "weighted random") return {"nginx", "random"};
  if (policy == "round robin") return {"nginx", "round_robin"};
  if (policy == "jsq") return {"nginx", "least_conn"};
  if (policy == "jiq") return {"modern", "jiq"};
  if (policy.starts_with("pod")) {
    const std::string d = policy.substr(3);
    if (!d.empty() && d.find_first_not_of("0123456789") == std::string::npos && d.size() < 5) {
      return {"modern", "power_of_d", {{"d", d}}};
    }
  }
  throw NotPossible("there is no method for the policy \"" + policy + "\"");
}

struct Split {
  double arrivals = 0;
  Method method{"nginx", "round_robin"};
  std::vector<double> rates;  // of the servers
  std::vector<int> weights;
};

Experiment experiment_of(const Split& split, const Entry& entry) {
  std::vector<ServerGroupConfig> groups;
  for (std::size_t i = 0; i < split.rates.size(); ++i) {
    groups.push_back(server_of(split.rates[i], 1, split.weights[i]));
  }
  const Distribution service = distribution_of(Law::exponential, kSecond);
  Experiment e =
      experiment({balancer(split.method.family, split.method.name, split.method.parameters),
                  server_tier(std::move(groups))},
                 split.arrivals / kSecond, service);
  e.site.seed = seed_of(entry);
  return e;
}

void check_load(const conform::Field& parameters, const Split& split) {
  const double rates = std::accumulate(split.rates.begin(), split.rates.end(), 0.0);
  if (split.arrivals >= rates) parameters.at("lambda").fail("is more than the servers can do");
}

Split split_of(const conform::Field& p) {
  Split split;
  split.arrivals = positive_number(p, "lambda");
  split.method = method_of(p);
  split.rates = positive_numbers(p, "mu");
  split.weights.assign(split.rates.size(), 1);
  check_load(p, split);
  return split;
}

Answers simulate_split(const Split& split, const Entry& entry, const Effort& effort) {
  Sample sample;
  run_sampled(experiment_of(split, entry), effort, sample);
  return quantities_of(entry, sample, effort);
}

Found computed(double value) {
  Found f = found(value);
  f.note = "computed";
  return f;
}

}  // namespace

Work prepare_split(const Entry& entry) {
  const Split split = split_of(entry.parameters);
  return [split, &entry](const Effort& effort) { return simulate_split(split, entry, effort); };
}

// With `gap`, what round robin comes to with very many servers: arrivals in step at one of them.
Work prepare_round_robin(const Entry& entry) {
  const conform::Field& p = entry.parameters;
  if (!p.has("gap")) {
    const Split split = split_of(p);
    const bool equal = split.rates == std::vector<double>(split.rates.size(), split.rates[0]);
    if (!equal) throw NotPossible("sigma is of equal servers");
    return [split, &entry](const Effort& effort) {
      Answers answers = simulate_split(split, entry, effort);
      const auto n = static_cast<int>(split.rates.size());
      answers["sigma"] = computed(planning::sigma_of_every_nth(n, split.arrivals, split.rates[0]));
      return answers;
    };
  }
  const double gap = positive_number(p, "gap");
  const double rate = positive_number(p, "mu");
  if (gap * rate <= 1) p.at("gap").fail("is shorter than the mean service time");
  return [gap, rate, &entry](const Effort& effort) {
    const Distribution service = distribution_of(Law::exponential, kSecond / rate);
    Experiment e = experiment({server_tier({server_of(1)})}, 1 / gap / kSecond, service);
    e.site.workload.arrivals = ArrivalLaw::even;
    e.site.seed = seed_of(entry);
    Sample sample;
    run_sampled(e, effort, sample);
    Answers answers = quantities_of(entry, sample, effort);
    answers["sigma"] = computed(planning::sigma_of_even(gap, rate));
    return answers;
  };
}

// The entry tells the rate of the server that it is about; the others have theirs by weight.
Work prepare_weighted_turns(const Entry& entry) {
  const conform::Field& p = entry.parameters;
  Split split;
  split.arrivals = positive_number(p, "lambda");
  const std::string about = p.at("server").string();
  std::size_t server = ~std::size_t{0};
  for (const auto& [name, field] : p.at("weights").members()) {
    if (name == about) server = split.weights.size();
    split.weights.push_back(static_cast<int>(field.integer(1, 256)));
  }
  if (server >= split.weights.size()) p.at("server").fail("has no weight");
  const double rate_of_one = positive_number(p, "mu") / split.weights[server];
  for (const int weight : split.weights) split.rates.push_back(weight * rate_of_one);
  check_load(p, split);
  return [split, server, &entry](const Effort& effort) {
    Sample sample;
    sample.only_server(static_cast<std::uint32_t>(server));
    const RunResult result = run_sampled(experiment_of(split, entry), effort, sample);
    Answers answers = quantities_of(entry, sample, effort);
    const std::vector<std::uint64_t>& picks = result.recorder.pools().front().picks;
    const double all = static_cast<double>(std::accumulate(picks.begin(), picks.end(), 0ULL));
    answers["share"] =
        found_within(static_cast<double>(picks[server]) / all, 2 / effort.requests,
                     "of all picks of the run; within 2 of the requests, as 2e-6 is of 1e6");
    return answers;
  };
}

Work prepare_unequal(const Entry& entry) {
  Split split = split_of(entry.parameters);
  split.weights.clear();
  for (const double w : positive_numbers(entry.parameters, "weights")) {
    split.weights.push_back(static_cast<int>(w));
  }
  if (split.weights.size() != split.rates.size()) {
    entry.parameters.at("weights").fail("must be as many as the servers");
  }
  return [split, &entry](const Effort& effort) {
    Sample sample;
    const RunResult result = run_sampled(experiment_of(split, entry), effort, sample);
    Answers answers = quantities_of(entry, sample, effort);
    Found& utilisation = answers["utilisation"];
    for (const NodeStats& node : result.recorder.nodes()) {
      if (node.tier != "servers") continue;
      utilisation.values.push_back(busiest_resource(node, result.simulated_s).mean);
    }
    utilisation.scale = effort.tolerance_scale();
    utilisation.note = "measured, within the file's tolerance for 1e6 requests";
    const std::vector<double> best = planning::best_shares(split.rates, split.arrivals);
    answers["optimal_random_shares"] = {.values = best, .note = "computed"};
    answers["mean_sojourn_at_optimal_shares"] =
        computed(planning::mean_sojourn_of_split(split.rates, best, split.arrivals));
    return answers;
  };
}

// The limit is of very many servers; the file says how to check it with a finite number.
Work prepare_idle_queue(const Entry& entry) {
  const conform::Field& p = entry.parameters;
  if (p.has("lambda")) return prepare_split(entry);
  // "any < 1": the file's own check has 0.9.
  const double load = p.at("rho").is_string() ? 0.9 : positive_number(p, "rho", 0.999);
  return [load, &entry](const Effort& effort) {
    constexpr int kServers = 1000;
    Split split;
    split.arrivals = load * kServers;
    split.method = {"modern", "jiq"};
    split.rates.assign(kServers, 1);
    split.weights.assign(kServers, 1);
    Sample sample;
    run_sampled(experiment_of(split, entry), effort, sample);
    const std::string note = fmt::format(
        "{} servers at the load {}, within 0.02: the source asks for 500 or more and p_wait below "
        "that",
        kServers, load);
    Answers answers;
    answers["p_wait"] = found_within(sample.waited_share(), 0.02, note);
    answers["mean_sojourn_over_mean_service"] =
        found_within(sample.sojourns().mean_s() / kSecond, 0.02 * effort.tolerance_scale(), note);
    return answers;
  };
}

Work prepare_choices(const Entry& entry) {
  const conform::Field& p = entry.parameters;
  const int d = whole_number(p, "d", 2, 100);
  const int servers = whole_number(p, "servers", d, 10'000);
  const double rho = positive_number(p, "rho", 0.999);
  const double mu = positive_number(p, "mu");
  return [=, &entry](const Effort& effort) {
    Split split;
    split.arrivals = rho * mu * servers;
    split.method = {"modern", "power_of_d", {{"d", std::to_string(d)}}};
    split.rates.assign(static_cast<std::size_t>(servers), mu);
    split.weights.assign(static_cast<std::size_t>(servers), 1);
    Answers answers = simulate_split(split, entry, effort);
    answers["mean_sojourn_fixed_point"] = computed(planning::mean_sojourn_of_choices(d, rho) / mu);
    Found& tails = answers["tail_fractions_s1_to_s5"];
    for (int i = 1; i <= 5; ++i) tails.values.push_back(planning::share_at_least(d, rho, i));
    tails.note = "computed";
    return answers;
  };
}

// The balancer works by the kilobyte of a response, and sizes are exponential: so are its times,
// whatever the servers' are.
Work prepare_tandem(const Entry& entry) {
  const conform::Field& p = entry.parameters;
  Split split;
  split.arrivals = positive_number(p, "lambda");
  split.method = method_of(p);
  const double balancer_rate = positive_number(p, "mu_balancer");
  const int servers = whole_number(p, "servers", 1, 10'000);
  split.rates.assign(static_cast<std::size_t>(servers), positive_number(p, "mu"));
  split.weights.assign(static_cast<std::size_t>(servers), 1);
  check_load(p, split);
  if (split.arrivals >= balancer_rate) p.at("lambda").fail("is more than the balancer can do");
  return [split, balancer_rate, &entry](const Effort& effort) {
    constexpr double kMeanBytes = 1e8;
    Experiment e = experiment_of(split, entry);
    e.site.workload.document.response_bytes = distribution_of(Law::exponential, kMeanBytes);
    auto& proxy = std::get<ProxyTierConfig>(e.site.tiers[0].device);
    // Cost per kilobyte in whole picoseconds: the mean size makes up for the rounding.
    proxy.kilobyte_cpu = from_seconds(kSecond / balancer_rate / kMeanBytes * 1000);
    e.site.workload.document.response_bytes.mean =
        kSecond / balancer_rate / to_seconds(proxy.kilobyte_cpu) * 1000;
    Sample sample;
    run_sampled(e, effort, sample);
    Answers answers = quantities_of(entry, sample, effort);
    answers["mean_in_balancer"] = {.values = {sample.before().mean_s() / kSecond},
                                   .scale = effort.tolerance_scale()};
    answers["mean_sojourn"].note =
        "the balancer's time is by the kilobyte of responses of exponential size";
    return answers;
  };
}

}  // namespace lbsim::theory
