#include "fairness/with_traffic.hpp"

#include "algorithms/apache/jk_balancer.hpp"
#include "algorithms/apache/proxy_balancer.hpp"

namespace lbsim::fairness {
namespace {

using namespace algorithms;

constexpr std::uint64_t kSentBytes = 500;
constexpr std::uint64_t kReceivedBytes = 10'000;

template <class Balancer>
class WithTraffic final : public Upstream {
 public:
  explicit WithTraffic(std::unique_ptr<Balancer> pool) : pool_(std::move(pool)) {}

  Pick begin(const Request& request, Attempt& attempt, Time now) override {
    return pool_->begin(request, attempt, now);
  }
  Pick next(const Request& request, Attempt& attempt, Result why, Time now) override {
    return pool_->next(request, attempt, why, now);
  }
  void end(Attempt& attempt, Result result, Time now) override {
    const ServerId server = attempt.server;
    pool_->end(attempt, result, now);
    pool_->count_bytes(server, kSentBytes, kReceivedBytes);
  }
  void abandon(std::uint64_t ticket, Time now) override { pool_->abandon(ticket, now); }
  void set_health(ServerId server, bool up, Time now) override {
    pool_->set_health(server, up, now);
  }
  void set_admin(ServerId server, AdminState state, Time now) override {
    pool_->set_admin(server, state, now);
  }
  void set_weight(ServerId server, int weight, Time now) override {
    pool_->set_weight(server, weight, now);
  }
  ReportWishes report_wishes() const override { return pool_->report_wishes(); }
  void report(ServerId server, const Report& report, Time now) override {
    pool_->report(server, report, now);
  }
  std::size_t size() const override { return pool_->size(); }
  std::string describe() const override { return pool_->describe(); }

 private:
  std::unique_ptr<Balancer> pool_;
};

template <class Balancer>
std::unique_ptr<Upstream> wrapped(std::unique_ptr<Upstream>& pool) {
  auto* balancer = dynamic_cast<Balancer*>(pool.get());
  if (balancer == nullptr) return nullptr;
  pool.release();
  return std::make_unique<WithTraffic<Balancer>>(std::unique_ptr<Balancer>(balancer));
}

}  // namespace

std::unique_ptr<Upstream> with_traffic(std::unique_ptr<Upstream> pool) {
  if (auto proxy = wrapped<apache::ProxyBalancer>(pool)) return proxy;
  if (auto jk = wrapped<apache::JkBalancer>(pool)) return jk;
  return pool;
}

}  // namespace lbsim::fairness
