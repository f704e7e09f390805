// Linux Virtual Server directors (L4): one machine of the tier holds the virtual address and
// spreads connections over the tier behind by its IPVS service. Every packet that passes costs CPU:
// in DR and TUN mode those of clients only, in NAT mode those of both sides, and then the card
// carries responses too (linuxvirtualserver.org, how.html).
#pragma once

#include "algorithms/ipvs/service.hpp"
#include "control/checker.hpp"
#include "control/vip.hpp"
#include "devices/world.hpp"

namespace lbsim {

template <class K>
class Directors final : public Tier<K> {
 public:
  Directors(World<K>& world, const TierConfig& config, int index);
  void connect() override;

  Level level() const override { return Level::connection; }
  std::uint32_t addresses() const override { return 1; }
  bool carries_responses() const override { return config_.mode == LvsMode::nat; }
  bool two_armed() const override { return config_.mode == LvsMode::nat && config_.arms == 2; }
  void syn(std::uint32_t connection, std::uint32_t address) override;
  void request(std::uint32_t request, std::uint32_t node) override;
  bool hop_alive(const Hop& hop) const override;
  void expect(const Hop& hop) const override { service_->prefetch(hop.entry()); }
  void stall(std::uint32_t request) override;
  void closed(Connection& connection, Hop* hop) override;
  void power_changed(std::uint32_t node) override;
  void address_moved() override;
  void on(int kind, kernel::Token token, kernel::Outcome outcome) override;

 private:
  // A health checker has made up its mind about a machine of the tier behind.
  void verdict(std::uint32_t member, bool up);
  enum Kind { kSyn, kRequest };  // has reached the machine behind
  struct Stalled {
    std::uint32_t request;
    std::uint32_t generation;
    bool has_response;
  };

  Hop* find_hop(Connection& connection);
  void forward_syn(std::uint32_t connection, std::uint32_t node);
  void reset(std::uint32_t request);
  std::unique_ptr<algorithms::ipvs::Service> new_service() const;
  double packets(const Request& request) const;

  const LvsTierConfig& config_;
  std::unique_ptr<Vip<K>> vip_;
  std::unique_ptr<Checker<K>> checker_;
  std::unique_ptr<algorithms::ipvs::Service> service_;
  std::vector<int> weights_;      // of the real servers as configured
  std::vector<bool> members_up_;  // as the checkers see them
  std::uint8_t table_epoch_ = 0;  // raised when the table is lost
  std::uint32_t entries_ = 0;     // open connections through the tier
  std::vector<Stalled> stalled_;
  std::size_t pool_number_ = 0;
};

}  // namespace lbsim
