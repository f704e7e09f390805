// States of a connection entry as the director infers them from the packets it sees, and how long
// an entry lives in each (ipvsadm(8), --set; Linux Virtual Server HOWTO, "timeouts").
#pragma once

#include <cstdint>

namespace lbsim::algorithms::ipvs {

enum class Mode : std::uint8_t {
  nat,  // masquerading: the director sees both directions
  dr,   // direct routing: the client's packets only
  tun,  // IP-in-IP tunnel: the client's packets only
};

enum class Protocol : std::uint8_t { tcp, udp };

// What an end of the connection sends. The service ignores what its mode cannot see.
enum class Packet : std::uint8_t {
  client_syn,
  client_data,  // any other segment without FIN and RST, or a datagram
  client_fin,
  client_rst,
  server_syn_ack,
  server_data,
  server_fin,
  server_rst,
};

constexpr bool from_server(Packet what) { return what >= Packet::server_syn_ack; }

enum class State : std::uint8_t {
  none,      // a persistence template none of whose connections has been established
  assured,   // a persistence template
  syn_recv,  // half open: counts as active
  established,
  fin_wait,
  time_wait,
  close_wait,
  close,
  udp,
};
inline constexpr int kStates = 9;

// Half-open connections count as active, so a SYN flood weighs on a server; all others, datagrams
// included, are inactive.
constexpr bool is_active(State state) {
  return state == State::syn_recv || state == State::established;
}
constexpr bool is_template(State state) { return state <= State::assured; }

// As the kernel's connection table spells it.
const char* state_name(State state);

// The state after a packet that the director has seen.
State next_state(Mode mode, State state, Packet what);

// Seconds, as `ipvsadm --set` takes them. The other states' timeouts are fixed.
struct Timeouts {
  std::uint32_t tcp_s = 900;     // ESTABLISHED
  std::uint32_t tcpfin_s = 120;  // FIN_WAIT
  std::uint32_t udp_s = 300;

  std::uint32_t of_s(State state) const;
};

}  // namespace lbsim::algorithms::ipvs
