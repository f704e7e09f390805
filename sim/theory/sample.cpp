#include "theory/sample.hpp"

#include <algorithm>
#include <cmath>

namespace lbsim::theory {
namespace {

// "95" is 0.95, "999" 0.999; 0 if it is no percentile.
double share_of_digits(const std::string& digits) {
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos) return 0;
  return std::stod("0." + digits);
}

}  // namespace

double Times::deviation_s() const {
  const double mean = mean_s();
  return std::sqrt(std::max(0.0, squares_ / count() - mean * mean));
}

void Sample::at_server(std::uint32_t request, std::uint32_t server, Time now, bool waits,
                       double service_s) {
  if (request >= visits_.size()) visits_.resize(request + 1);
  visits_[request] = {now, now, service_s, server, waits, true};
}

void Sample::served(std::uint32_t request, Time now) { visits_[request].left = now; }

void Sample::ended(std::uint32_t request, RequestOutcome outcome, Time asked, Time now) {
  if (request >= visits_.size()) visits_.resize(request + 1);
  const Visit visit = visits_[request];
  visits_[request].there = false;
  if (asked < from_) return;
  if (outcome == RequestOutcome::refused) ++refused_;
  if (outcome != RequestOutcome::ok) {
    others_ += outcome == RequestOutcome::refused ? 0 : 1;
    return;
  }
  if (!visit.there || (server_ && visit.server != *server_)) return;
  const Duration service = from_seconds(visit.service_s);
  sojourns_.add(now - asked);
  waits_.add(std::max(visit.left - visit.came - service, Duration{0}));
  before_.add(visit.came - asked);
  waited_ += visit.waits ? 1 : 0;
  if (visit.service_s > 0) slowdown_ += to_seconds(now - asked) / visit.service_s;
}

std::optional<double> Sample::quantity(const std::string& name, double second_s) const {
  if (name == "p_wait") return waited_share();
  if (name == "p_block") return refused_share();
  if (name == "mean_slowdown") return slowdown();
  const std::size_t line = name.find('_');
  const std::string first = name.substr(0, line);
  const std::string second = line == std::string::npos ? "" : name.substr(line + 1);
  for (const auto& [word, times] : {std::pair("sojourn", &sojourns_), std::pair("wait", &waits_)}) {
    if (first == "mean" && second == word) return times->mean_s() / second_s;
    if (first == "sd" && second == word) return times->deviation_s() / second_s;
    if (first != word || !second.starts_with('p')) continue;
    const double share = share_of_digits(second.substr(1));
    if (share > 0) return times->quantile_s(share) / second_s;
  }
  return std::nullopt;
}

}  // namespace lbsim::theory
