#include "conform/dns_trace.hpp"

#include <map>

#include "algorithms/dns/prefix.hpp"
#include "algorithms/parameters.hpp"

namespace lbsim::conform {

using algorithms::Address;
using algorithms::dns::Record;

namespace {

int small(const Field& field, int least) {
  return static_cast<int>(field.integer(least, INT32_MAX));
}

DnsServer read_server(const Field& from) {
  DnsServer server;
  server.name = from.at("name").string();
  server.address = from.at("addr").address();
  if (from.has("weight")) server.weight = small(from.at("weight"), 0);
  if (from.has("order")) server.order = small(from.at("order"), INT32_MIN);
  server.id = from.find("id").string_or("");
  server.latitude = from.find("lat").number_or(0);
  server.longitude = from.find("lon").number_or(0);
  return server;
}

// One number, or a list of them.
std::vector<std::int64_t> read_ttl(const Field& ttl) {
  if (!ttl.is_array()) return {ttl.integer()};
  std::vector<std::int64_t> result;
  for (std::size_t i = 0; i < ttl.size(); ++i) result.push_back(ttl[i].integer());
  return result;
}

void read_query(const Field& from, DnsEvent& event) {
  event.answer = from.at("answer").strings();
  event.type = from.find("type").string_or("A");
  event.client = from.find("client").string_or("");
  event.key = from.find("key").string_or("");
  event.hold = from.find("hold").boolean_or(false);
  event.qid = from.find("qid").integer_or(0);
  if (from.has("dns_order")) event.dns_order = from.at("dns_order").strings();
  event.rcode = from.find("rcode").integer_or(0);
  if (from.has("scope")) event.scope = from.at("scope").integer();
  if (from.has("upstream")) event.upstream = from.at("upstream").integer();
}

DnsEvent read_event(const Field& from) {
  DnsEvent event;
  event.action = static_cast<DnsAction>(from.at("action").one_of(
      {"query", "set_records", "authority_down", "authority_up", "set_state", "release"}));
  event.name = from.find("name").string_or("");
  if (from.has("t")) event.t = from.at("t").seconds();
  if (from.has("unix")) event.unix_s = from.at("unix").integer();
  if (from.has("ttl")) event.ttl = read_ttl(from.at("ttl"));
  switch (event.action) {
    case DnsAction::query:
      read_query(from, event);
      break;
    case DnsAction::set_records:
      event.name = from.at("name").string();
      event.records = from.at("records").strings();
      event.ttl = {from.at("ttl").integer()};
      break;
    case DnsAction::set_state:
      event.server = from.at("server").string();
      event.up = from.at("state").one_of({"DOWN", "UP"}) == 1;
      break;
    case DnsAction::release:
      event.server = from.at("server").string();
      break;
    case DnsAction::authority_down:
    case DnsAction::authority_up:
      break;
  }
  return event;
}

Address conventional_address(const std::string& name) {
  std::string text = name;
  if (name.size() > 1 && name[0] == 'a') text = "192.0.2." + name.substr(1);
  if (name.size() > 1 && name[0] == 'b') text = "2001:db8::" + name.substr(1);
  const auto parsed = algorithms::dns::parse_address(text);
  if (!parsed) algorithms::reject("servers", "have no address for " + algorithms::in_quotes(name));
  return *parsed;
}

}  // namespace

std::vector<Record> DnsTrace::records() const {
  std::vector<Record> result;
  std::map<std::string, bool> known;
  for (const DnsServer& server : servers) {
    result.push_back({server.name, server.address, server.weight});
    known[server.name] = true;
  }
  for (const DnsEvent& event : events) {
    for (const auto* names : {&event.records, &event.dns_order, &event.answer}) {
      for (const std::string& name : *names) {
        if (!known.emplace(name, true).second) continue;
        result.push_back({name, conventional_address(name), 1});
      }
    }
  }
  return result;
}

DnsTrace read_dns_trace(const Field& trace) {
  DnsTrace result{trace.at("balancer").string(), trace.at("algorithm"), trace.at("config"), {}, {}};
  result.config.members();  // throws if it is no object
  const Field servers = trace.at("servers");
  for (std::size_t i = 0; i < servers.size(); ++i) {
    result.servers.push_back(read_server(servers[i]));
  }
  const Field events = trace.at("events");
  for (std::size_t i = 0; i < events.size(); ++i) result.events.push_back(read_event(events[i]));
  return result;
}

}  // namespace lbsim::conform
