// A recorded IPVS trace as data: one virtual service and what was done to it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "algorithms/ipvs/service.hpp"
#include "conform/json.hpp"

namespace lbsim::conform::ipvs {

// [active, inactive]; none: the server is not in the table.
using Counts = std::optional<std::pair<std::int64_t, std::int64_t>>;

// One line of the kernel's connection table.
struct EntryLine {
  std::string client;
  std::int64_t port = 0;
  std::string state;
  std::int64_t left_s = 0;
};

enum class Action : std::uint8_t {
  open,
  close,
  syn,
  add,
  remove,
  edit,
  scheduler,
  sleep,
  timeouts,
  entries
};

// Which ends close a connection, and how.
enum class Closing : std::uint8_t { client, server, rst, server_rst, client_half, server_half };

struct Event {
  Action action = Action::open;
  Time at{};
  std::int64_t conn = 0;                      // open, syn, close
  algorithms::ipvs::Flow flow;                // open, syn
  std::optional<std::string> picked;          // open, syn
  Closing how = Closing::client;              // close
  std::string server;                         // add, remove, edit
  std::int32_t weight = 1;                    // add, edit
  std::optional<std::uint32_t> upper, lower;  // add, edit
  std::string scheduler;                      // scheduler
  Duration pause{};                           // sleep
  algorithms::ipvs::Timeouts timeouts;        // timeouts
  std::vector<EntryLine> entries;             // entries
  std::optional<std::vector<Counts>> counts;  // after the action
  std::optional<std::vector<std::string>> order;
};

struct Trace {
  algorithms::ipvs::ServiceConfig service;
  std::vector<algorithms::ipvs::RealServer> servers;
  std::vector<Event> events;
  std::optional<std::vector<std::string>> order_at_start, order_at_end;
  std::optional<std::vector<Counts>> final_counts;
};

// Throws InputError that names the first field that is missing or wrong.
Trace read_trace(const Field& json);

std::string address_text(std::uint32_t address);

}  // namespace lbsim::conform::ipvs
