#include "algorithms/guarded.hpp"

#include <unordered_set>
#include <utility>

#include "core/error.hpp"

namespace lbsim::algorithms {
namespace {

[[noreturn]] void blame(const std::string& who, const std::string& message,
                        const std::string& hint = "") {
  throw InputError({"", 0, 0, who, message, hint});
}

// What `call` returns. InputErrors pass: they say what was wrong already.
template <class Call>
auto watched(const std::string& who, const char* function, Call call) {
  try {
    return call();
  } catch (const InputError&) {
    throw;
  } catch (const std::exception& error) {
    blame(who, std::string(function) + " failed: " + error.what());
  } catch (...) {
    blame(who, std::string(function) + " failed with an exception that is no std::exception");
  }
}

class Guarded final : public Upstream {
 public:
  Guarded(std::string who, std::unique_ptr<Upstream> pool, std::size_t servers)
      : who_(std::move(who)), pool_(std::move(pool)), servers_(servers) {
    if (!pool_) blame(who_, "made no pool", "a maker returns one or throws InputError");
    if (pool_->size() != servers) {
      blame(who_, "made a pool of " + std::to_string(pool_->size()) + " servers, not " +
                      std::to_string(servers));
    }
    wishes_ = watched(who_, "report_wishes()", [&] { return pool_->report_wishes(); });
    if (wishes_.interval != Duration{} && wishes_.interval < milliseconds(1)) {
      blame(who_, "wants reports more often than each millisecond", "a longer interval, or none");
    }
  }

  Pick begin(const Request& request, Attempt& attempt, Time now) override {
    return picked("begin()", request, attempt, [&] { return pool_->begin(request, attempt, now); });
  }
  Pick next(const Request& request, Attempt& attempt, Result why, Time now) override {
    return picked("next()", request, attempt,
                  [&] { return pool_->next(request, attempt, why, now); });
  }
  void header(Attempt& attempt, Time now) override {
    told("header()", [&] { pool_->header(attempt, now); });
  }
  void end(Attempt& attempt, Result result, Time now) override {
    told("end()", [&] { pool_->end(attempt, result, now); });
  }
  void count_bytes(ServerId server, std::uint64_t sent, std::uint64_t received) override {
    told("count_bytes()", [&] { pool_->count_bytes(server, sent, received); });
  }
  void abandon(std::uint64_t ticket, Time now) override {
    queued_.erase(ticket);
    told("abandon()", [&] { pool_->abandon(ticket, now); });
  }
  void set_health(ServerId server, bool up, Time now) override {
    told("set_health()", [&] { pool_->set_health(server, up, now); });
  }
  void set_admin(ServerId server, AdminState state, Time now) override {
    told("set_admin()", [&] { pool_->set_admin(server, state, now); });
  }
  void set_weight(ServerId server, int weight, Time now) override {
    told("set_weight()", [&] { pool_->set_weight(server, weight, now); });
  }
  ReportWishes report_wishes() const override { return wishes_; }
  void report(ServerId server, const Report& report, Time now) override {
    told("report()", [&] { pool_->report(server, report, now); });
  }
  std::size_t size() const override { return servers_; }
  std::string describe() const override {
    return watched(who_, "describe()", [&] { return pool_->describe(); });
  }

 private:
  template <class Call>
  Pick picked(const char* function, const Request& request, const Attempt& attempt, Call call) {
    const Pick pick = watched(who_, function, call);
    if (pick == Pick::server) {
      check(function, attempt.server);
    } else if (pick == Pick::queued) {
      queued_.insert(request.ticket);
    } else if (pick != Pick::none) {
      blame(who_, std::string(function) + " returned something that is no Pick");
    }
    pass_on(function);
    return pick;
  }
  template <class Call>
  void told(const char* function, Call call) {
    watched(who_, function, call);
    pass_on(function);
  }

  void pass_on(const char* function) {
    for (const Started& started : pool_->started()) {
      if (started.server != kNoServer) check(function, started.server);
      if (queued_.erase(started.ticket) == 0) {
        blame(who_, std::string(function) + " started a request that does not wait",
              "a ticket of a request for which begin() has returned Pick::queued");
      }
      started_.push_back(started);
    }
    pool_->started().clear();
    for (const ServerId server : pool_->probes()) {
      check(function, server);
      probes_.push_back(server);
    }
    pool_->probes().clear();
  }
  void check(const char* function, ServerId server) const {
    if (server < servers_) return;
    blame(who_, std::string(function) + " named server " + std::to_string(server),
          "servers are 0 to " + std::to_string(servers_ - 1));
  }

  std::string who_;
  std::unique_ptr<Upstream> pool_;
  std::size_t servers_;
  ReportWishes wishes_;
  std::unordered_set<std::uint64_t> queued_;  // tickets; never walked through
};

}  // namespace

AlgorithmSpec guarded(AlgorithmSpec spec) {
  if (!spec.make) return spec;
  spec.make = [make = std::move(spec.make),
               who = spec.family + '/' + spec.name](const PoolConfig& config) {
    std::unique_ptr<Upstream> pool = watched(who, "its maker", [&] { return make(config); });
    return std::make_unique<Guarded>(who, std::move(pool), config.servers.size());
  };
  return spec;
}

}  // namespace lbsim::algorithms
