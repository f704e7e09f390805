// Picks that chance has no part in: turns by weight, and hashes whose values are known.
#include <numeric>

#include "algorithms/ipvs/service.hpp"
#include "algorithms/modern/jump.hpp"
#include "algorithms/nginx/ip_hash.hpp"
#include "theory/group.hpp"
#include "theory/pools.hpp"

namespace lbsim::theory {
namespace {

namespace alg = algorithms;

struct Weighted {
  std::vector<std::string> names;
  std::vector<int> weights;
  int total = 0;
};

constexpr int kWeightMost = 10'000;

Weighted weights_of(const conform::Field& parameters) {
  Weighted all;
  for (const auto& [name, field] : parameters.at("weights").members()) {
    all.names.push_back(name);
    all.weights.push_back(static_cast<int>(field.integer(1, kWeightMost)));
    all.total += all.weights.back();
  }
  if (all.names.empty()) parameters.at("weights").fail("has no servers");
  return all;
}

int divisor_of(const std::vector<int>& weights) {
  int divisor = 0;
  for (const int weight : weights) divisor = std::gcd(divisor, weight);
  return divisor;
}

}  // namespace

// Names in the file stand in alphabetical order.
Work prepare_smooth_turns(const Entry& entry) {
  const Weighted servers = weights_of(entry.parameters);
  return [servers](const Effort&) {
    const auto pool = make_pool({"nginx", "round_robin", servers.weights});
    Found sequence;
    for (int i = 0; i < 2 * servers.total; ++i) sequence.text += servers.names[ask(*pool, {})];
    return Answers{{"sequence_two_cycles", sequence}};
  };
}

Work prepare_lvs_turns(const Entry& entry) {
  const Weighted servers = weights_of(entry.parameters);
  return [servers](const Effort&) {
    alg::ipvs::ServiceConfig config;
    config.scheduler = "rr";
    alg::ipvs::Service service(config);
    // IPVS lists the server that was added last first; and a server that comes to a running
    // scheduler leaves it in the middle of its round, so the scheduler is set when all are there.
    for (std::size_t i = servers.names.size(); i-- > 0;) {
      alg::ipvs::RealServer server;
      server.address = 0xc0a80001U + static_cast<std::uint32_t>(i);
      server.port = 80;
      server.weight = servers.weights[i];
      service.add(server, kTimeZero);
    }
    service.set_scheduler("wrr", {}, kTimeZero);
    Found sequence;
    for (int i = 0; i < servers.total / divisor_of(servers.weights); ++i) {
      alg::ipvs::Flow flow;
      flow.client_port = static_cast<std::uint16_t>(i + 1);
      const alg::ServerId picked = service.open(flow, kTimeZero).server;
      sequence.text += servers.names[servers.names.size() - 1 - picked];
    }
    return Answers{{"sequence_one_cycle", sequence}};
  };
}

Work prepare_ip_hash(const Entry& entry) {
  std::vector<int> weights;
  for (const double w : positive_numbers(entry.parameters, "weights")) {
    weights.push_back(static_cast<int>(w));
  }
  const conform::Field list = entry.parameters.at("clients");
  std::vector<alg::Address> clients;
  for (std::size_t i = 0; i < list.size(); ++i) clients.push_back(list[i].address());
  return [weights, clients](const Effort&) {
    const auto pool = make_pool({"nginx", "ip_hash", weights});
    Found index;
    Found hash;
    for (const alg::Address& client : clients) {
      index.values.push_back(ask(*pool, client));
      hash.values.push_back(alg::nginx::ip_hash_of(client));
    }
    return Answers{{"index", index}, {"hash", hash}};
  };
}

Work prepare_jump(const Entry& entry) {
  const conform::Field list = entry.parameters.at("key_n");
  std::vector<std::pair<std::uint64_t, std::uint32_t>> keys;
  for (std::size_t i = 0; i < list.size(); ++i) {
    keys.emplace_back(list[i][0].unsigned_integer(),
                      static_cast<std::uint32_t>(list[i][1].integer(1, INT32_MAX)));
  }
  return [keys](const Effort&) {
    Found bucket;
    for (const auto& [key, buckets] : keys) {
      bucket.values.push_back(alg::modern::jump(key, buckets));
    }
    return Answers{{"bucket", bucket}};
  };
}

}  // namespace lbsim::theory
