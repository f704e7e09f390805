#include "validation/recorded_pool.hpp"

#include <algorithm>
#include <deque>

#include "core/check.hpp"

namespace lbsim::validation {
namespace {

using algorithms::Attempt;
using algorithms::kNoServer;
using algorithms::Pick;
using algorithms::Result;
using algorithms::ServerId;

class RecordedPool final : public algorithms::Upstream {
 public:
  explicit RecordedPool(const RecordedRun& run)
      : run_(run), served_(run.servers.size(), 0), waiting_(run.servers.size()) {}

  // Attempt::memory: the number of the request.
  Pick begin(const algorithms::Request& request, Attempt& attempt, Time) override {
    LBSIM_CHECK(next_ < run_.requests.size());
    attempt.memory = next_++;
    tries_.push_back(0);
    const RecordedRequest& recorded = run_.requests[attempt.memory];
    if (!recorded.tried.empty()) return go(recorded.tried.front(), attempt);
    if (recorded.server == kUnknown) return Pick::none;
    const auto server = static_cast<ServerId>(recorded.server);
    const int limit = run_.servers[server].maxconn;
    if (limit == 0 || served_[server] < limit) return go(server, attempt);
    waiting_[server].push_back(request.ticket);
    return Pick::queued;
  }

  Pick next(const algorithms::Request&, Attempt& attempt, Result, Time) override {
    free_slot(attempt.server);
    const RecordedRequest& recorded = run_.requests[attempt.memory];
    const std::size_t over = ++tries_[attempt.memory];
    if (over < recorded.tried.size()) return go(recorded.tried[over], attempt);
    attempt.server = kNoServer;
    return Pick::none;
  }

  void end(Attempt& attempt, Result, Time) override { free_slot(attempt.server); }

  void abandon(std::uint64_t ticket, Time) override {
    for (auto& queue : waiting_) std::erase(queue, ticket);
  }

  // The recorded balancer has taken all this into account.
  void set_health(ServerId, bool, Time) override {}
  void set_admin(ServerId, algorithms::AdminState, Time) override {}
  void set_weight(ServerId, int, Time) override {}
  std::size_t size() const override { return run_.servers.size(); }
  std::string describe() const override {
    return "recorded picks, " + std::to_string(next_) + " so far\n";
  }

 private:
  Pick go(ServerId server, Attempt& attempt) {
    attempt.server = server;
    ++served_[server];
    return Pick::server;
  }

  void free_slot(ServerId server) {
    if (waiting_[server].empty()) {
      --served_[server];
      return;
    }
    started_.push_back({waiting_[server].front(), server});
    waiting_[server].pop_front();
  }

  const RecordedRun& run_;
  std::uint32_t next_ = 0;
  std::vector<std::size_t> tries_;  // by request: those that are over
  std::vector<int> served_;
  std::vector<std::deque<std::uint64_t>> waiting_;
};

}  // namespace

std::unique_ptr<algorithms::Upstream> make_recorded_pool(const RecordedRun& run) {
  return std::make_unique<RecordedPool>(run);
}

}  // namespace lbsim::validation
