#include "fairness/driver.hpp"

#include <utility>

namespace lbsim::fairness {

using algorithms::Pick;
using algorithms::Result;

// The same for all requests.
constexpr std::uint64_t kSentBytes = 500;
constexpr std::uint64_t kReceivedBytes = 10'000;

Driver::Driver(const Subject& subject, const PoolConfig& config)
    : pool_(subject.make(config)),
      wishes_(pool_->report_wishes()),
      load_(config.servers.size()),
      refusing_(config.servers.size()) {
  if (wishes_.interval > Duration{}) next_report_ = kTimeZero;
  if (!wishes_.idle) return;
  for (ServerId s = 0; s < load_.size(); ++s) report(s, kTimeZero);
}

ServerId Driver::begin(const Request& given, Attempt& attempt, Time now) {
  if (now >= next_report_) report_all(now);
  Request request = given;
  request.ticket = ++tickets_;
  Pick pick = pool_->begin(request, attempt, now);
  while (pick == Pick::server && refusing_[attempt.server]) {
    ++refused_;
    pick = pool_->next(request, attempt, Result::refused, now);
  }
  if (pick == Pick::queued) pool_->abandon(request.ticket, now);
  if (!pool_->probes().empty()) answer_probes(now);
  pool_->started().clear();
  const ServerId server = pick == Pick::server ? attempt.server : kNoServer;
  note(server);
  if (server != kNoServer) ++load_[server].in_flight;
  return server;
}

void Driver::end(Attempt& attempt, Time now, Duration took) {
  const ServerId server = attempt.server;
  Load& load = load_[server];
  --load.in_flight;
  load.latency = took;
  pool_->end(attempt, Result::ok, now);
  pool_->count_bytes(server, kSentBytes, kReceivedBytes);
  pool_->started().clear();
  if (wishes_.idle && load.in_flight == 0) report(server, now);
  if (!pool_->probes().empty()) answer_probes(now);
}

void Driver::report(ServerId server, Time now) {
  const Load& load = load_[server];
  pool_->report(server, {load.in_flight, load.latency, load.in_flight > 0 ? 1.0 : 0.0}, now);
}

void Driver::report_all(Time now) {
  for (ServerId s = 0; s < load_.size(); ++s) report(s, now);
  next_report_ = now + wishes_.interval;
}

void Driver::answer_probes(Time now) {
  const std::vector<ServerId> asked = std::exchange(pool_->probes(), {});
  for (const ServerId server : asked) report(server, now);
}

}  // namespace lbsim::fairness
