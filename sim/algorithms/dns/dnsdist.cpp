#include "algorithms/dns/dnsdist.hpp"

#include <algorithm>
#include <tuple>

#include "algorithms/dns/jenkins.hpp"

namespace lbsim::algorithms::dns {

Dnsdist::Dnsdist(const RecordTable& table, const std::vector<DnsdistServer>& servers,
                 DnsdistPolicy policy, std::uint32_t perturbation, std::uint64_t counter,
                 Random& random)
    : Authority(table),
      policy_(policy),
      perturbation_(perturbation),
      counter_(counter),
      random_(&random),
      sorted_(records()),
      outstanding_(table.size(), 0) {
  LBSIM_CHECK(servers.size() == table.size());
  for (const DnsdistServer& server : servers) order_.push_back(server.order);
  std::stable_sort(sorted_.begin(), sorted_.end(),
                   [this](RecordIndex a, RecordIndex b) { return order_[a] < order_[b]; });
  if (policy_ != DnsdistPolicy::consistent_hashed) return;
  for (const RecordIndex server : sorted_) {
    for (int k = 1; k <= table[server].weight; ++k) {
      const std::string text = servers[server].id + "-" + std::to_string(k);
      const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
      ring_.push_back({jenkins_hash(bytes, text.size(), perturbation_), server});
    }
  }
  std::stable_sort(ring_.begin(), ring_.end(),
                   [](const Point& a, const Point& b) { return a.hash < b.hash; });
}

Order Dnsdist::live() const {
  Order result;
  for (const RecordIndex server : sorted_) {
    if (is_up(server)) result.push_back(server);
  }
  return result;
}

std::uint64_t Dnsdist::total_weight(const Order& live) const {
  std::uint64_t sum = 0;
  for (const RecordIndex server : live) sum += static_cast<std::uint64_t>(table()[server].weight);
  return sum;
}

RecordIndex Dnsdist::at_weight(const Order& live, std::uint64_t point) const {
  for (const RecordIndex server : live) {
    const auto weight = static_cast<std::uint64_t>(table()[server].weight);
    if (point < weight) return server;
    point -= weight;
  }
  LBSIM_CHECK(!"a point beyond the sum of weights");
  return 0;
}

RecordIndex Dnsdist::least_outstanding(const Order& live) const {
  // min_element keeps the first of equals, and `live` is sorted by order.
  return *std::min_element(live.begin(), live.end(), [this](RecordIndex a, RecordIndex b) {
    return outstanding_[a] < outstanding_[b];
  });
}

RecordIndex Dnsdist::on_ring(std::uint32_t hash) const {
  const auto is_live = [this](const Point& point) { return is_up(point.server); };
  const auto from = std::lower_bound(ring_.begin(), ring_.end(), hash,
                                     [](const Point& p, std::uint32_t h) { return p.hash < h; });
  auto found = std::find_if(from, ring_.end(), is_live);
  if (found == ring_.end()) found = std::find_if(ring_.begin(), from, is_live);
  LBSIM_CHECK(found != ring_.end());
  return found->server;
}

RecordIndex Dnsdist::pick(const Order& live, const Query& query) {
  switch (policy_) {
    case DnsdistPolicy::round_robin:
      return live[counter_++ % live.size()];
    case DnsdistPolicy::first_available:
      return live[0];
    case DnsdistPolicy::least_outstanding:
      return least_outstanding(live);
    case DnsdistPolicy::weighted_random:
      return at_weight(live, random_->below(total_weight(live)));
    case DnsdistPolicy::weighted_hashed:
      return at_weight(live, jenkins_name_hash(query.name, perturbation_) % total_weight(live));
    case DnsdistPolicy::consistent_hashed:
      break;
  }
  return on_ring(jenkins_name_hash(query.name, perturbation_));
}

Answer Dnsdist::answer(const Query& query, Time) {
  const Order candidates = live();
  if (candidates.empty()) return answer_with(candidates);
  const RecordIndex server = pick(candidates, query);
  ++outstanding_[server];
  return answer_with(server);
}

void Dnsdist::finished(RecordIndex server) {
  LBSIM_CHECK(outstanding_[server] > 0);
  --outstanding_[server];
}

std::string Dnsdist::describe() const {
  std::string result = "live " + table().text(live()) + "; counter " + std::to_string(counter_);
  for (const RecordIndex server : sorted_) {
    result += "; " + table()[server].name + " order " + std::to_string(order_[server]) +
              " outstanding " + std::to_string(outstanding_[server]);
  }
  return result;
}

}  // namespace lbsim::algorithms::dns
