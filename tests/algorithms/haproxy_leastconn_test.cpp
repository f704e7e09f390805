// Random histories of a backend: leastconn's tree against the plain scan.
#include <gtest/gtest.h>

#include "core/random.hpp"
#include "haproxy_plain.hpp"
#include "haproxy_pool.hpp"

namespace lbsim::algorithms::haproxy {
namespace {

struct History {
  std::uint64_t seed;
  std::size_t servers;
  std::uint64_t top_weight;
  bool limits;
  bool backups;
};

class Both {
 public:
  explicit Both(const History& history)
      : history_(history),
        random_(history.seed, "leastconn"),
        servers_(make_servers()),
        backend_(make("leastconn", servers_)),
        plain_(servers_) {}

  void run(int steps) {
    const double opening = 0.45 + 0.1 * random_.uniform();
    for (int i = 0; i < steps && !::testing::Test::HasFailure(); ++i) {
      if (random_.below(50) == 0) change();
      if (open_.empty() || random_.uniform() < opening) {
        begin();
      } else {
        finish();
      }
    }
  }

 private:
  std::vector<ServerConfig> make_servers() {
    std::vector<ServerConfig> servers(history_.servers);
    for (ServerConfig& server : servers) {
      server.weight = 1 + static_cast<int>(random_.below(history_.top_weight));
      if (history_.limits) server.max_conns = static_cast<int>(random_.below(5));
      server.backup = history_.backups && random_.below(3) == 0;
    }
    return servers;
  }

  // What an operator or a health check does.
  void change() {
    const auto s = static_cast<ServerId>(random_.below(history_.servers));
    if (random_.below(2) == 0) {
      const int weight = static_cast<int>(random_.below(history_.top_weight + 1));
      backend_->set_weight(s, weight, kTimeZero);
      plain_.set_weight(s, weight);
      return;
    }
    const auto state = static_cast<AdminState>(random_.below(3));
    backend_->set_admin(s, state, kTimeZero);
    plain_.set_ready(s, state == AdminState::ready);
  }

  void begin() {
    Attempt attempt;
    Request request;
    request.ticket = ++tickets_;
    const Pick pick = backend_->begin(request, attempt, kTimeZero);
    if (pick == Pick::queued) backend_->abandon(tickets_, kTimeZero);
    const ServerId expected = plain_.begin();
    const ServerId picked = pick == Pick::server ? attempt.server : kNoServer;
    ASSERT_EQ(picked, expected) << "seed " << history_.seed << " request " << tickets_;
    if (pick == Pick::server) open_.push_back(attempt);
  }

  void finish() {
    const std::size_t i = random_.below(open_.size());
    plain_.end(open_[i].server);
    backend_->end(open_[i], Result::ok, kTimeZero);
    open_[i] = open_.back();
    open_.pop_back();
  }

  History history_;
  Random random_;
  std::vector<ServerConfig> servers_;
  std::unique_ptr<Backend> backend_;
  PlainLeastconn plain_;
  std::vector<Attempt> open_;
  std::uint64_t tickets_ = 0;
};

TEST(HaproxyLeastconnHistory, PicksAsAScanDoesWhateverHappensToTheServers) {
  constexpr std::uint64_t kTopWeights[] = {1, 3, 256};
  for (std::uint64_t seed = 0; seed < 150 && !HasFailure(); ++seed) {
    Both({.seed = seed,
          .servers = 1 + seed * 7 % 90,
          .top_weight = kTopWeights[seed % 3],
          .limits = seed % 2 == 0,
          .backups = seed % 4 < 2})
        .run(3000);
  }
}

}  // namespace
}  // namespace lbsim::algorithms::haproxy
