// Kept-alive connections from each worker of a proxy tier to each server behind it, as counts.
#pragma once

#include <cstdint>
#include <vector>

#include "core/time.hpp"

namespace lbsim {

class IdleConnections {
 public:
  // A worker keeps at most `limit`; 0: none.
  void reset(std::size_t workers, std::size_t servers, std::uint32_t limit) {
    servers_ = servers;
    limit_ = limit;
    kept_.assign(workers * servers, {});
    totals_.assign(workers, 0);
    hands_.assign(workers, 0);
  }

  // Takes one, if there is one to `server`.
  bool take(std::size_t worker, std::size_t server, Time now) {
    Kept& kept = kept_[worker * servers_ + server];
    if (kept.count == 0) return false;
    if (now - kept.last_used > seconds(60)) {  // nginx upstream keepalive_timeout
      totals_[worker] -= kept.count;
      kept.count = 0;
      return false;
    }
    --kept.count;
    --totals_[worker];
    return true;
  }

  void keep(std::size_t worker, std::size_t server, Time now) {
    if (limit_ == 0) return;
    if (totals_[worker] >= limit_) close_one(worker);
    Kept& kept = kept_[worker * servers_ + server];
    ++kept.count;
    kept.last_used = now;
    ++totals_[worker];
  }

  // The server has closed them all.
  void drop(std::size_t server) {
    for (std::size_t worker = 0; worker < totals_.size(); ++worker) {
      Kept& kept = kept_[worker * servers_ + server];
      totals_[worker] -= kept.count;
      kept.count = 0;
    }
  }

 private:
  struct Kept {
    std::uint32_t count = 0;
    Time last_used{};
  };

  // To make room; to which server, a clock hand says.
  void close_one(std::size_t worker) {
    Kept* of_worker = &kept_[worker * servers_];
    std::uint32_t& hand = hands_[worker];
    do {
      hand = hand + 1 == servers_ ? 0 : hand + 1;
    } while (of_worker[hand].count == 0);
    --of_worker[hand].count;
    --totals_[worker];
  }

  std::size_t servers_ = 0;
  std::uint32_t limit_ = 0;
  std::vector<Kept> kept_;             // by worker and server
  std::vector<std::uint32_t> totals_;  // by worker
  std::vector<std::uint32_t> hands_;   // by worker: where the next one to close is looked for
};

}  // namespace lbsim
