#include "theory/pools.hpp"

#include "core/check.hpp"

namespace lbsim::theory {
namespace {

namespace alg = algorithms;

}  // namespace

std::unique_ptr<alg::Upstream> make_pool(const PoolWish& wish) {
  const alg::AlgorithmSpec* spec = alg::find_algorithm(wish.family, wish.method);
  LBSIM_CHECK(spec != nullptr && spec->make);
  alg::PoolConfig config;
  config.parameters = wish.parameters;
  config.seed = wish.seed;
  for (const int weight : wish.weights) {
    alg::ServerConfig server;
    const std::string number = std::to_string(config.servers.size() + 1);
    server.name = wish.prefix + number;
    server.address = "192.168.0." + number + ":80";
    server.weight = weight;
    config.servers.push_back(server);
  }
  return spec->make(config);
}

alg::ServerId hold(alg::Upstream& pool, const alg::Address& client) {
  alg::Request request;
  request.client = client;
  alg::Attempt attempt;
  const bool served = pool.begin(request, attempt, kTimeZero) == alg::Pick::server;
  return served ? attempt.server : alg::kNoServer;
}

alg::ServerId ask(alg::Upstream& pool, const alg::Address& client) {
  alg::Request request;
  request.client = client;
  alg::Attempt attempt;
  if (pool.begin(request, attempt, kTimeZero) != alg::Pick::server) return alg::kNoServer;
  const alg::ServerId server = attempt.server;
  pool.end(attempt, alg::Result::ok, kTimeZero);
  return server;
}

}  // namespace lbsim::theory
