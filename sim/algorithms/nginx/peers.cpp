#include "algorithms/nginx/peers.hpp"

#include <algorithm>
#include <sstream>

#include "core/check.hpp"

namespace lbsim::algorithms::nginx {

// nginx keeps `checked` at the last pick after fail_timeout for every peer. Here only peers with
// failures have it: without failures nothing reads it, and the next failure overwrites it.

Peers::Peers(const std::vector<ServerConfig>& members, bool accounts_failures, bool counts)
    : effective(members.size()), current(members.size()), conns(members.size()), counts_(counts) {
  for (const ServerConfig& member : members) {
    Limits limits;
    limits.max_conns = member.max_conns;
    limits.max_fails = accounts_failures ? member.max_fails : 0;
    limits.timeout = member.fail_timeout_s;
    limits.down = member.down;
    limits_.push_back(limits);
    weight.push_back(member.weight);
    total_weight_ += member.weight;
    down_count_ += member.down ? 1 : 0;
    counts_ = counts_ || member.max_conns != 0;
  }
  effective = weight;
}

void Peers::set_full(PeerIndex i, int step) {
  if (limits_[i].max_conns == 0) return;  // the count of connections passed 0, not a limit
  full_count_ += static_cast<std::uint32_t>(step);
  ++full_changes_;
}

void Peers::failed(PeerIndex i, Time now) {
  Limits& limits = limits_[i];
  if (limits.max_fails == 0) return;
  if (limits.fails++ == 0) ++watched_;
  limits.accessed = limits.checked = whole_seconds(now);
  effective[i] = std::max(0, effective[i] - weight[i] / limits.max_fails);
  find_quarantine_end();
}

void Peers::start_probe(PeerIndex i, Seconds now) {
  Limits& limits = limits_[i];
  if (limits.fails == 0 || now - limits.checked <= limits.timeout) return;
  limits.checked = now;
  if (failed_out(i)) find_quarantine_end();
}

void Peers::forgive(PeerIndex i) {
  Limits& limits = limits_[i];
  if (limits.fails == 0 || limits.accessed >= limits.checked) return;
  limits.fails = 0;
  --watched_;
  find_quarantine_end();
}

void Peers::find_quarantine_end() {
  ++failure_changes_;
  quarantine_end_ = kNoEnd;
  for (PeerIndex i = 0; i < size(); ++i) {
    if (limits_[i].down || !failed_out(i)) continue;
    quarantine_end_ = std::min(quarantine_end_, limits_[i].checked + limits_[i].timeout + 1);
  }
}

void Peers::set_down(PeerIndex i, bool is_down) {
  if (limits_[i].down == is_down) return;
  limits_[i].down = is_down;
  down_count_ += is_down ? 1u : ~0u;
  find_quarantine_end();
}

void Peers::set_weight(PeerIndex i, std::int32_t value) {
  LBSIM_CHECK(value > 0);
  total_weight_ += value - weight[i];
  weight[i] = effective[i] = value;
  ++failure_changes_;
}

bool Peers::settled() const {
  for (PeerIndex i = 0; i < size(); ++i) {
    if (effective[i] != weight[i] && !limits_[i].down && !failed_out(i)) return false;
  }
  return true;
}

std::string Peers::describe(PeerIndex i) const {
  const Limits& limits = limits_[i];
  std::ostringstream line;
  line << "weight " << effective[i] << '/' << weight[i] << " current " << current[i];
  if (counts_) line << " conns " << conns[i];
  if (limits.max_conns != 0) line << '/' << limits.max_conns;
  if (limits.fails != 0) {
    line << " fails " << limits.fails << '/' << limits.max_fails << " accessed " << limits.accessed
         << " checked " << limits.checked;
  }
  if (limits.down) line << " down";
  return line.str();
}

}  // namespace lbsim::algorithms::nginx
