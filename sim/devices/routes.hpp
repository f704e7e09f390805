// The kernel's route for the body of a response: from the machine that has it, through the cards
// and links it passes, to a client group. Found by arithmetic on the machines' numbers, not by a
// hash.
#pragma once

#include "devices/world.hpp"

namespace lbsim {

template <class K>
class Routes {
 public:
  // Builds every route there can be: clients x machines of each tier that responses pass, from
  // those of `last` on. `direct`: past all tiers but `last`.
  Routes(World<K>& world, std::uint32_t last, bool direct, kernel::LinkId uplink_out);

  kernel::RouteId of(const Request& request, const Connection& connection) const {
    std::size_t index = request.group;
    for (std::size_t i = 0; i < digits_.size(); ++i) {
      index = index * digits_[i].machines + digit(i, request, connection);
    }
    return routes_[index];
  }

 private:
  // A tier on the way back, outermost first.
  struct Digit {
    std::uint32_t tier;
    std::uint32_t machines;
    Level level;
    std::uint32_t position;  // of the connection's hop or the request's leg
  };

  std::uint32_t digit(std::size_t i, const Request& request, const Connection& connection) const;
  void find_digits(std::uint32_t last, bool direct);
  kernel::RouteId make(std::size_t index);

  World<K>& world_;
  kernel::LinkId uplink_out_;
  std::vector<Digit> digits_;
  std::vector<kernel::NodeId> client_nodes_;
  std::vector<kernel::RouteId> routes_;
};

}  // namespace lbsim
