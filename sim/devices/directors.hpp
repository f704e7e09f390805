// Linux Virtual Server directors (L4): one machine of the tier holds the virtual address and
// spreads connections over the tier behind by its IPVS service. Every packet that passes costs CPU:
// in DR and TUN mode those of clients only, in NAT mode those of both sides, and then the card
// carries responses too (linuxvirtualserver.org, how.html).
//
// Each director has a connection table of its own. With the synchronisation daemon it tells the
// others of a connection at its third packet of the client's and every 50 after (sync_threshold,
// Documentation/networking/ipvs-sysctl.rst), if they hear each other then; all share one table here
// in which each knows its own connections and those that it was told of. A packet of a connection
// that the director does not know is answered with a reset, or scheduled (sloppy_tcp).
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
  void expect(const Hop& hop) const override { table(owner(hop)).prefetch(hop.entry()); }
  void stall(std::uint32_t request) override;
  void closed(Connection& connection, Hop* hop) override;
  void power_changed(std::uint32_t node) override;
  void address_moved() override;
  void keepalived(std::uint32_t node, FaultKind fault) override;
  void on(int kind, kernel::Token token, kernel::Outcome outcome) override;

 private:
  struct Table {
    std::unique_ptr<algorithms::ipvs::Service> service;
    std::vector<bool> lists;  // the real servers that are in it, or that have their weight
  };

  // A health checker has made up its mind about a machine of the tier behind.
  void verdict(std::uint32_t member, bool up);
  // Brings a director's table in step with the verdicts, if its keepalived is there to do so.
  void apply_verdicts(std::uint32_t node);
  enum Kind { kSyn, kRequest };  // has reached the machine behind
  struct Stalled {
    std::uint32_t request;
    std::uint32_t generation;
    bool has_response;
  };

  algorithms::ipvs::Service& table(std::uint32_t node) const {
    return *tables_[config_.sync ? 0 : node].service;
  }
  // The director that made the entry of a hop.
  static std::uint32_t owner(const Hop& hop) { return hop.worker & ~kTold; }
  bool knows(std::uint32_t node, const Hop& hop) const;
  bool adopt(Connection& connection, std::uint32_t index, Hop& hop, std::uint32_t node);
  bool enter(Connection& connection, std::uint32_t index, Hop& hop, std::uint32_t node);
  void tell_others(Hop& hop, std::uint32_t node, const Request& request);
  void lose_table(std::uint32_t node);
  void go_on(std::uint32_t request, bool has_response);

  Hop* find_hop(Connection& connection);
  void forward_syn(std::uint32_t connection, std::uint32_t node);
  void reset(std::uint32_t request);
  Table new_table() const;
  double client_packets(const Request& request) const;
  double packets(const Request& request) const;

  static constexpr std::uint16_t kTold = 0x8000;  // in Hop::worker: the others know of it, too

  const LvsTierConfig& config_;
  std::unique_ptr<Vip<K>> vip_;
  std::unique_ptr<Checker<K>> checker_;
  std::vector<Table> tables_;          // one of each director, or one of all
  std::vector<int> weights_;           // of the real servers as configured
  std::vector<bool> members_up_;       // as the checkers see them
  std::uint8_t losses_ = 0;            // of tables, so far; Hop::epoch has how many there were then
  std::vector<std::uint8_t> lost_at_;  // by director: which loss was the last of its own
  std::vector<std::uint8_t> epochs_;   // of the machines when that was looked at
  std::uint32_t entries_ = 0;          // open connections through the tier
  std::vector<Stalled> stalled_;
  std::size_t pool_number_ = 0;
};

}  // namespace lbsim
