// What hashing keeps of the keys when servers come and go, and how evenly it spreads them.
#include <fmt/format.h>

#include "algorithms/modern/maglev_table.hpp"
#include "metrics/fairness.hpp"
#include "theory/group.hpp"
#include "theory/pools.hpp"
#include "theory/trials.hpp"

namespace lbsim::theory {
namespace {

namespace alg = algorithms;

std::vector<int> equal_weights(int servers) {
  return std::vector<int>(static_cast<std::size_t>(servers), 1);
}

std::vector<alg::ServerId> owners(alg::Upstream& pool, std::uint32_t keys) {
  std::vector<alg::ServerId> all;
  for (std::uint32_t k = 0; k < keys; ++k) all.push_back(ask(pool, alg::Address::v4(k)));
  return all;
}

struct Moves {
  double of_all = 0;     // share of keys
  double of_others = 0;  // share of keys that another server than the changed one had
};

Moves moves_between(const std::vector<alg::ServerId>& before,
                    const std::vector<alg::ServerId>& after, alg::ServerId changed) {
  Moves moves;
  for (std::size_t k = 0; k < before.size(); ++k) {
    if (before[k] == after[k]) continue;
    moves.of_all += 1;
    if (before[k] != changed && after[k] != changed) moves.of_others += 1;
  }
  const auto keys = static_cast<double>(before.size());
  return {moves.of_all / keys, moves.of_others / keys};
}

// Taking out each server in its turn: the mean share that moves is 1/n whatever the shares are.
Moves mean_moves(int servers, std::uint32_t keys) {
  const auto pool = make_pool({"modern", "ring_hash", equal_weights(servers)});
  const std::vector<alg::ServerId> all = owners(*pool, keys);
  Moves sum;
  for (alg::ServerId s = 0; s < pool->size(); ++s) {
    pool->set_health(s, false, kTimeZero);
    const Moves moves = moves_between(all, owners(*pool, keys), s);
    pool->set_health(s, true, kTimeZero);
    sum.of_all += moves.of_all / servers;
    sum.of_others += moves.of_others / servers;
  }
  return sum;
}

// HAProxy's source takes the address as the hash, so consecutive ones pass through every pair of
// rests of division by n and n - 1.
double modulo_moves(int servers) {
  const auto pool = make_pool({"haproxy", "source", equal_weights(servers)});
  const auto keys = static_cast<std::uint32_t>(servers) * static_cast<std::uint32_t>(servers - 1);
  const std::vector<alg::ServerId> all = owners(*pool, keys);
  pool->set_health(pool->size() - 1, false, kTimeZero);
  return moves_between(all, owners(*pool, keys), alg::kNoServer).of_all;
}

struct RingFacts {
  Trials squared_cv;
  Trials most;
  Trials least;
};

RingFacts rings_of(int servers, int points, int rings, std::uint32_t keys) {
  RingFacts facts;
  for (int r = 0; r < rings; ++r) {
    const auto pool = make_pool({.family = "modern",
                                 .method = "ring_hash",
                                 .weights = equal_weights(servers),
                                 .parameters = {{"points", std::to_string(points)}},
                                 .prefix = fmt::format("r{}-s", r)});
    std::vector<double> loads(pool->size());
    for (std::uint32_t k = 0; k < keys; ++k) ++loads[ask(*pool, alg::Address::v4(k))];
    const Fairness fairness = fairness_of(loads);
    facts.squared_cv.add(fairness.cv * fairness.cv);
    facts.most.add(fairness.max_over_mean);
    facts.least.add(*std::min_element(loads.begin(), loads.end()) * servers / keys);
  }
  return facts;
}

std::vector<alg::modern::MaglevShare> maglev_shares(int backends, int permutation) {
  std::vector<alg::modern::MaglevShare> shares;
  for (int i = 0; i < backends; ++i) {
    shares.push_back({static_cast<alg::ServerId>(i), fmt::format("p{}-b{}", permutation, i), 1});
  }
  return shares;
}

bool is_prime_number(int n) {
  for (int d = 2; d * d <= n; ++d) {
    if (n % d == 0) return false;
  }
  return n > 1;
}

}  // namespace

Work prepare_disruption(const Entry& entry) {
  const int n = whole_number(entry.parameters, "servers", 2, 1000);
  return [n](const Effort&) {
    constexpr std::uint32_t kKeys = 20'000;
    const Moves removed = mean_moves(n, kKeys);
    const Moves added = mean_moves(n + 1, kKeys);
    const std::string by_ring =
        fmt::format("ring_hash, {} keys, mean over every server's turn", kKeys);
    const std::string by_rest = "HAProxy's source, map-based, over all pairs of rests";
    Answers answers;
    answers["moved_on_remove_consistent"] = found(removed.of_all);
    answers["moved_on_add_consistent"] = found(added.of_all);
    answers["moved_among_the_others"] = found(removed.of_others + added.of_others);
    answers["moved_on_remove_modulo"] = found(modulo_moves(n));
    answers["moved_on_add_modulo"] = found(modulo_moves(n + 1));
    for (auto& [quantity, found] : answers) {
      found.note = quantity.find("modulo") == std::string::npos ? by_ring : by_rest;
    }
    return answers;
  };
}

Work prepare_ring(const Entry& entry) {
  const int n = whole_number(entry.parameters, "servers", 2, 1000);
  const int points = whole_number(entry.parameters, "points_per_server", 1, 10'000);
  return [n, points](const Effort&) {
    constexpr int kRings = 100;
    constexpr std::uint32_t kKeysOfServer = 5000;
    const RingFacts facts =
        rings_of(n, points, kRings, kKeysOfServer * static_cast<std::uint32_t>(n));
    const double squared = facts.squared_cv.mean();
    const double cv = std::sqrt(squared);
    const double jain = 1 / (1 + squared);
    const std::string rings = fmt::format("over {} rings of other names", kRings);
    Answers answers;
    answers["cv_of_shares"] =
        found_within(cv, 4 * cv / std::sqrt(2.0 * n * kRings),
                     "root mean square " + rings + ", within 4 cv / sqrt(2 n rings)");
    answers["mean_of_max_over_mean"] = found(facts.most.mean());
    answers["mean_of_min_over_mean"] = found(facts.least.mean());
    answers["expected_jain"] =
        found_within(jain, 4 * facts.squared_cv.standard_error() * jain * jain,
                     "1 / (1 + mean cv^2) " + rings + ", within 4 of their standard errors");
    return answers;
  };
}

Work prepare_maglev(const Entry& entry) {
  const int size = whole_number(entry.parameters, "table_size", 3, 5'000'011);
  const int n = whole_number(entry.parameters, "backends", 2, 5000);
  if (!is_prime_number(size) || size <= n) {
    entry.parameters.at("table_size").fail("must be a prime number above the number of backends");
  }
  return [n, size](const Effort& effort) {
    constexpr int kPermutations = 8;
    Trials changed;
    Trials needed;
    std::vector<double> entries;
    for (int p = 0; p < kPermutations && !effort.stopped(); ++p) {
      std::vector<alg::modern::MaglevShare> shares = maglev_shares(n, p);
      const auto before = alg::modern::maglev_table(shares, static_cast<std::size_t>(size));
      entries.assign(shares.size(), 0);
      for (const alg::ServerId s : before) ++entries[s];
      const alg::ServerId gone = shares.back().server;
      shares.pop_back();
      const auto after = alg::modern::maglev_table(shares, static_cast<std::size_t>(size));
      changed.add(moves_between(before, after, gone).of_all);
      needed.add(entries.back() / size);
    }
    const auto [least, most] = std::minmax_element(entries.begin(), entries.end());
    Answers answers;
    answers["entries_per_backend"] = {.values = {*least, *most},
                                      .note = "the fewest and the most of a backend"};
    answers["changed_entries_one_backend_removed"] = found(changed.mean());
    answers["of_which_needed"] = found(needed.mean());
    return answers;
  };
}

// All requests have one key, so that the bound decides and not the evenness of the ring.
Work prepare_bounded(const Entry& entry) {
  const int n = whole_number(entry.parameters, "servers", 1, 1000);
  const int load = whole_number(entry.parameters, "load", 1, 10'000'000);
  const double epsilon = positive_number(entry.parameters, "epsilon", 100);
  return [n, load, epsilon](const Effort& effort) {
    const auto pool = make_pool({.family = "modern",
                                 .method = "bounded_load_ring",
                                 .weights = equal_weights(n),
                                 .parameters = {{"bounded_load", fmt::format("{}", 1 + epsilon)}}});
    std::vector<int> loads(static_cast<std::size_t>(n));
    for (int i = 0; i < load && !effort.stopped(); ++i) ++loads[hold(*pool, {})];
    Found most = found(*std::max_element(loads.begin(), loads.end()));
    most.note = "all requests have one key: the most that the bound lets a server have";
    return Answers{{"max_load", most}};
  };
}

Work prepare_client_skew(const Entry& entry) {
  const std::vector<double> shares = positive_numbers(entry.parameters, "client_shares");
  const int n = whole_number(entry.parameters, "servers", 2, 1000);
  return [n, shares](const Effort&) {
    constexpr std::uint32_t kSeeds = 20'000;
    const auto pool = make_pool({"modern", "rendezvous", equal_weights(n)});
    Trials squared_cv;
    Trials most;
    std::uint32_t client = 0;  // each seed has clients of its own: their hashes are independent
    for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
      std::vector<double> loads(pool->size());
      for (const double share : shares) loads[ask(*pool, alg::Address::v4(++client))] += share;
      const double cv = fairness_of(loads).cv;
      squared_cv.add(cv * cv);
      most.add(*std::max_element(loads.begin(), loads.end()));
    }
    Answers answers;
    answers["mean_cv_squared_of_server_loads"] = found_within(
        squared_cv.mean(), 4 * squared_cv.standard_error(),
        fmt::format("rendezvous over {} sets of clients, within 4 standard errors", kSeeds));
    answers["mean_max_share_lower_bound"] = found(most.smallest());
    answers["mean_max_share_lower_bound"].note = "the smallest maximum of all sets of clients";
    return answers;
  };
}

}  // namespace lbsim::theory
