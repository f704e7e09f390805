// The recorded DNS answers as data: reads the JSON and names what is wrong in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "algorithms/dns/records.hpp"
#include "conform/json.hpp"

namespace lbsim::conform {

struct DnsServer {
  std::string name;
  algorithms::Address address;
  int weight = 1;
  int order = 1;
  std::string id;
  double latitude = 0;
  double longitude = 0;
};

enum class DnsAction { query, set_records, authority_down, authority_up, set_state, release };

struct DnsEvent {
  DnsAction action = DnsAction::query;
  std::string name;
  std::string type = "A";
  std::string client;
  std::string key;     // client-subnet option sent; empty: none
  std::string server;  // of set_state and release
  bool up = true;      // of set_state
  bool hold = false;
  std::int64_t qid = 0;
  std::vector<std::string> records;    // of set_records
  std::vector<std::string> dns_order;  // of glibc's queries
  std::optional<double> t;
  std::optional<std::int64_t> unix_s;

  // What was recorded.
  std::vector<std::string> answer;
  std::vector<std::int64_t> ttl;  // the values seen; empty: not recorded
  std::int64_t rcode = 0;
  std::optional<std::int64_t> scope;
  std::optional<std::int64_t> upstream;
};

// The JSON that it was read from outlives it.
struct DnsTrace {
  std::string balancer;
  Field algorithm;
  Field config;
  std::vector<DnsServer> servers;
  std::vector<DnsEvent> events;

  // The servers first, then whatever else is named; aN is 192.0.2.N and bN is 2001:db8::N.
  std::vector<algorithms::dns::Record> records() const;
};

DnsTrace read_dns_trace(const Field& trace);

}  // namespace lbsim::conform
