// Persistence (ipvsadm -p): a template remembers the server of a client, or of a client network,
// and every further connection goes there, also at weight 0, until the template's timeout has
// passed since the last new connection and none of them is left.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "algorithms/ipvs/connection_table.hpp"

namespace lbsim::algorithms::ipvs {

struct PersistenceConfig {
  std::uint32_t timeout_s = 300;
  std::uint32_t netmask = 0xFFFFFFFF;  // of the client's address
};

// Templates are entries of the connection table with a record here; the one hash lookup is that of
// the client when a connection opens. One service has one virtual address or firewall mark, so the
// client's network is the whole key.
class Persistence {
 public:
  Persistence(const PersistenceConfig& config, ConnectionTable& table);

  // Slot of the client's template; 0 if it has none.
  std::uint32_t find(std::uint32_t client) const;

  // Makes one; the caller controls a connection by it next, which arms its timer.
  std::uint32_t create(std::uint32_t client, ServerId server);

  // Nobody finds it any more. It ends with its timer.
  void forget(std::uint32_t slot);

  // A new connection under the template: the template lives its timeout from now. `connection` 0: a
  // datagram that leaves no entry.
  void touch(std::uint32_t slot, std::uint32_t connection);

  // A connection under a template has been established.
  void assure(std::uint32_t connection);

  // An entry's timer fires. A template that still has connections lives on, but from then on for 60
  // s at a time.
  void connection_ended(std::uint32_t connection);
  void template_fired(std::uint32_t slot);

  // The client network of a template; false if it has been forgotten.
  bool client_of(std::uint32_t slot, std::uint32_t& client);

 private:
  struct Template {
    std::uint32_t network;
    std::uint32_t timeout;      // ticks
    std::uint32_t connections;  // entries under it
    bool forgotten;
    bool armed;
  };

  Template& record(std::uint32_t slot) { return records_[links_[slot]]; }
  void set_link(std::uint32_t slot, std::uint32_t link);

  PersistenceConfig config_;
  ConnectionTable& table_;
  std::unordered_map<std::uint32_t, std::uint32_t> by_network_;  // to slot
  std::vector<Template> records_;
  std::vector<std::uint32_t> free_records_;
  // By slot: of a connection its template's slot, of a template the index of its record.
  std::vector<std::uint32_t> links_;
};

}  // namespace lbsim::algorithms::ipvs
