// What a run's requests met, after its warm-up: sojourns and waits, as reports have them
// (sketches), and their spread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "metrics/request_watch.hpp"
#include "metrics/sketch.hpp"

namespace lbsim::theory {

// Of times, in seconds.
class Times {
 public:
  void add(Duration time) {
    sketch_.add(time);
    const double s = to_seconds(time);
    sum_s_ += s;
    squares_ += s * s;
  }
  double count() const { return static_cast<double>(sketch_.count()); }
  double mean_s() const { return sum_s_ / count(); }
  double deviation_s() const;
  double quantile_s(double q) const { return sketch_.quantile_s(q); }

 private:
  LatencySketch sketch_;
  double sum_s_ = 0;
  double squares_ = 0;
};

class Sample : public RequestWatch {
 public:
  // Requests that are asked for before do not count. Set by whoever runs it.
  void count_from(Time from) { from_ = from; }
  // Only what this server served counts.
  void only_server(std::uint32_t server) { server_ = server; }

  void at_server(std::uint32_t request, std::uint32_t server, Time now, bool waits,
                 double service_s) override;
  void served(std::uint32_t request, Time now) override;
  void ended(std::uint32_t request, RequestOutcome outcome, Time asked, Time now) override;

  const Times& sojourns() const { return sojourns_; }  // from the wish to the last byte
  const Times& waits() const { return waits_; }        // at the server, for work to begin
  const Times& before() const { return before_; }      // until the request came to its server
  double waited_share() const { return waited_ / sojourns_.count(); }
  double slowdown() const { return slowdown_ / sojourns_.count(); }  // mean sojourn / service
  double refused_share() const { return refused_ / (refused_ + sojourns_.count()); }
  double others() const { return others_; }  // that ended in another way

  // By its name in the file, in units of `second_s`: mean_sojourn, sd_wait, p_wait, sojourn_p95 ...
  std::optional<double> quantity(const std::string& name, double second_s) const;

 private:
  struct Visit {
    Time came{};
    Time left{};
    double service_s = 0;
    std::uint32_t server = 0;
    bool waits = false;
    bool there = false;
  };

  Time from_{};
  std::optional<std::uint32_t> server_;
  std::vector<Visit> visits_;  // by request
  Times sojourns_;
  Times waits_;
  Times before_;
  double waited_ = 0;
  double slowdown_ = 0;
  double refused_ = 0;
  double others_ = 0;
};

}  // namespace lbsim::theory
