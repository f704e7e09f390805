#include "algorithms/ipvs/states.hpp"

#include "core/check.hpp"

namespace lbsim::algorithms::ipvs {
namespace {

// The client ends its side. Where the server's side cannot be seen, the server's FIN would look the
// same as none, so the entry waits in FIN_WAIT.
State after_client_fin(Mode mode, State state) {
  switch (state) {
    case State::established:
      return mode == Mode::nat ? State::close_wait : State::fin_wait;
    case State::fin_wait:
      return mode == Mode::nat ? State::time_wait : State::fin_wait;
    case State::syn_recv:
      return State::time_wait;
    default:
      return state;
  }
}

State after_server_fin(State state) {
  switch (state) {
    case State::established:
      return State::fin_wait;
    case State::syn_recv:
    case State::close_wait:
      return State::time_wait;
    default:
      return state;
  }
}

}  // namespace

const char* state_name(State state) {
  static constexpr const char* kNames[kStates] = {"NONE",        "ASSURED",  "SYN_RECV",
                                                  "ESTABLISHED", "FIN_WAIT", "TIME_WAIT",
                                                  "CLOSE_WAIT",  "CLOSE",    "UDP"};
  return kNames[static_cast<int>(state)];
}

State next_state(Mode mode, State state, Packet what) {
  if (state == State::udp) return state;
  switch (what) {
    case Packet::client_syn:
      return state == State::established ? state : State::syn_recv;
    case Packet::server_syn_ack:
      return state;
    case Packet::client_data:
    case Packet::server_data:
      return state == State::syn_recv ? State::established : state;
    case Packet::client_fin:
      return after_client_fin(mode, state);
    case Packet::server_fin:
      return after_server_fin(state);
    case Packet::client_rst:
    case Packet::server_rst:
      return State::close;
  }
  LBSIM_CHECK(false);
}

std::uint32_t Timeouts::of_s(State state) const {
  switch (state) {
    case State::established:
      return tcp_s;
    case State::fin_wait:
      return tcpfin_s;
    case State::udp:
      return udp_s;
    case State::time_wait:
      return 120;
    case State::syn_recv:
    case State::close_wait:
      return 60;
    case State::close:
      return 10;
    case State::none:
    case State::assured:
      break;  // a template has a timeout of its own
  }
  LBSIM_CHECK(false);
}

}  // namespace lbsim::algorithms::ipvs
