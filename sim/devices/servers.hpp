// Real servers: they accept connections or are handed requests by a proxy, work on them on their
// cores (first come first served, or sharing), and answer.
#pragma once

#include "devices/world.hpp"

namespace lbsim {

template <class K>
class Servers final : public Tier<K> {
 public:
  Servers(World<K>& world, const TierConfig& config, int index);

  Level level() const override { return Level::server; }
  void syn(std::uint32_t connection, std::uint32_t node) override;
  void request(std::uint32_t request, std::uint32_t node) override;
  void closed(Connection& connection, Hop* hop) override;
  algorithms::Report state(std::uint32_t node) const override;
  void measure() override { mean_ns_.resize(this->size()); }
  void on(int kind, kernel::Token token, kernel::Outcome outcome) override;

 private:
  const ServerTierConfig& config_;
  void answered(std::uint32_t node, std::uint32_t request);
  void full(std::uint32_t request);
  void answer_error(std::uint32_t request);

  std::vector<std::uint32_t> slots_;   // requests worked on at once
  std::vector<std::uint32_t> limits_;  // requests at a server: working and waiting
  // By server, if anybody asks: the mean time of its latest answers, each an eighth of it.
  std::vector<std::int64_t> mean_ns_;
  std::vector<Time> came_;  // by request, then: when it came
};

}  // namespace lbsim
