#include "conform/dns_trace.hpp"

#include <map>

#include "algorithms/dns/parameters.hpp"
#include "algorithms/dns/prefix.hpp"

namespace lbsim::conform {

using algorithms::Address;
using algorithms::dns::Record;
using nlohmann::json;

namespace {

DnsServer read_server(const json& object, const std::string& where) {
  DnsServer server;
  server.name = read_text(object, where, "name");
  const std::string address = read_text(object, where, "addr");
  const auto parsed = algorithms::dns::parse_address(address);
  if (!parsed)
    reject_field(where + ".addr", algorithms::dns::in_quotes(address) + " is no address");
  server.address = *parsed;
  if (object.contains("weight")) {
    server.weight = static_cast<int>(read_integer(object, where, "weight"));
    if (server.weight < 0) reject_field(where + ".weight", "is negative");
  }
  if (object.contains("order")) {
    server.order = static_cast<int>(read_integer(object, where, "order"));
  }
  if (object.contains("id")) server.id = read_text(object, where, "id");
  if (object.contains("lat")) server.latitude = read_real(object, where, "lat");
  if (object.contains("lon")) server.longitude = read_real(object, where, "lon");
  return server;
}

DnsAction read_action(const json& object, const std::string& where) {
  static const std::map<std::string, DnsAction> actions = {
      {"query", DnsAction::query},
      {"set_records", DnsAction::set_records},
      {"authority_down", DnsAction::authority_down},
      {"authority_up", DnsAction::authority_up},
      {"set_state", DnsAction::set_state},
      {"release", DnsAction::release},
  };
  const std::string word = read_text(object, where, "action");
  const auto found = actions.find(word);
  if (found == actions.end())
    reject_field(where + ".action", algorithms::dns::in_quotes(word) + " is not known");
  return found->second;
}

std::vector<std::int64_t> read_ttl(const json& object, const std::string& where) {
  const json& value = field(object, where, "ttl");
  if (!value.is_array()) return {read_integer(object, where, "ttl")};
  std::vector<std::int64_t> result;
  for (const json& entry : value) {
    if (!entry.is_number_integer()) reject_field(where + ".ttl", "is not a whole number");
    result.push_back(entry.get<std::int64_t>());
  }
  return result;
}

void read_query(const json& object, const std::string& where, DnsEvent& event) {
  event.answer = read_texts(object, where, "answer");
  if (object.contains("type")) event.type = read_text(object, where, "type");
  if (object.contains("client")) event.client = read_text(object, where, "client");
  if (object.contains("key")) event.key = read_text(object, where, "key");
  if (object.contains("hold")) event.hold = read_boolean(object, where, "hold");
  if (object.contains("qid")) event.qid = read_integer(object, where, "qid");
  if (object.contains("dns_order")) event.dns_order = read_texts(object, where, "dns_order");
  if (object.contains("rcode")) event.rcode = read_integer(object, where, "rcode");
  if (object.contains("scope")) event.scope = read_integer(object, where, "scope");
  if (object.contains("upstream")) event.upstream = read_integer(object, where, "upstream");
}

DnsEvent read_event(const json& object, const std::string& where) {
  DnsEvent event;
  event.action = read_action(object, where);
  if (object.contains("name")) event.name = read_text(object, where, "name");
  if (object.contains("t")) event.t = read_seconds(object, where, "t");
  if (object.contains("unix")) event.unix_s = read_integer(object, where, "unix");
  if (object.contains("ttl")) event.ttl = read_ttl(object, where);
  switch (event.action) {
    case DnsAction::query:
      read_query(object, where, event);
      break;
    case DnsAction::set_records:
      event.name = read_text(object, where, "name");
      event.records = read_texts(object, where, "records");
      event.ttl = {read_integer(object, where, "ttl")};
      break;
    case DnsAction::set_state: {
      event.server = read_text(object, where, "server");
      const std::string state = read_text(object, where, "state");
      if (state != "UP" && state != "DOWN") reject_field(where + ".state", "is not UP or DOWN");
      event.up = state == "UP";
      break;
    }
    case DnsAction::release:
      event.server = read_text(object, where, "server");
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
  if (!parsed) reject_field("servers", "have no address for " + algorithms::dns::in_quotes(name));
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

DnsTrace read_dns_trace(const json& trace) {
  DnsTrace result;
  result.balancer = read_text(trace, "trace", "balancer");
  result.algorithm = read_text(trace, "trace", "algorithm");
  result.config = field(trace, "trace", "config");
  if (!result.config.is_object()) reject_field("trace.config", "is not an object");
  const json& servers = field(trace, "trace", "servers");
  if (!servers.is_array()) reject_field("trace.servers", "is not a list");
  for (std::size_t i = 0; i < servers.size(); ++i) {
    result.servers.push_back(read_server(servers[i], "servers[" + std::to_string(i) + "]"));
  }
  const json& events = field(trace, "trace", "events");
  if (!events.is_array()) reject_field("trace.events", "is not a list");
  for (std::size_t i = 0; i < events.size(); ++i) {
    result.events.push_back(read_event(events[i], "events[" + std::to_string(i) + "]"));
  }
  return result;
}

}  // namespace lbsim::conform
