#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include "algorithms/dns/factory.hpp"
#include "conform/dns_subject.hpp"

namespace lbsim::conform {

using namespace algorithms::dns;
using nlohmann::json;

namespace {

// The zone that the recordings' names are in.
constexpr const char* kZone = ".ex.test";

// One kind of authoritative server, and what its answers are made of.
struct Kind {
  const char* balancer;
  const char* algorithm;
  const char* name;  // the algorithm's, in the catalog
  bool picks;        // from all servers; else every answer has all of a name's records
  DnsComparison compare;
};
constexpr Kind kKinds[] = {
    {"bind9", "rrset-order cyclic", "bind", false, DnsComparison::order},
    {"bind9", "rrset-order fixed", "bind", false, DnsComparison::order},
    {"bind9", "rrset-order none", "bind", false, DnsComparison::order},
    {"bind9", "rrset-order random", "bind", false, DnsComparison::distribution_of_orders},
    {"bind9", "rrset-order (default)", "bind", false, DnsComparison::distribution_of_orders},
    {"knot", "answer-rotation", "knot", false, DnsComparison::order},
    {"dnsmasq", "hosts-file rotation", "dnsmasq-hosts", false, DnsComparison::order},
    {"dnsmasq", "host-record", "dnsmasq-hosts", false, DnsComparison::order},
    {"gdnsd", "shuffle", "shuffled", false, DnsComparison::distribution_of_orders},
    {"gdnsd", "weighted", "gdnsd-weighted", true, DnsComparison::distribution_of_sets},
    {"gdnsd", "multifo", "gdnsd-multifo", true, DnsComparison::set},
    {"gdnsd", "simplefo", "gdnsd-simplefo", true, DnsComparison::set},
    {"gdnsd", "metafo", "gdnsd-metafo", true, DnsComparison::set},
    {"gdnsd", "geoip nets", "gdnsd-geoip", true, DnsComparison::set},
    {"gdnsd", "geoip nearest", "gdnsd-geoip", true, DnsComparison::set},
    {"powerdns", "shuffle", "shuffled", false, DnsComparison::distribution_of_orders},
    {"powerdns", "pickrandom", "pdns-pickrandom", true, DnsComparison::distribution_of_orders},
    {"powerdns", "pickwrandom", "pdns-pickwrandom", true, DnsComparison::distribution_of_orders},
    {"powerdns", "geoip backend weights", "pdns-pickwrandom", true,
     DnsComparison::distribution_of_orders},
    {"powerdns", "pickhashed", "pdns-pickhashed", true, DnsComparison::order},
    {"powerdns", "pickwhashed", "pdns-pickwhashed", true, DnsComparison::order},
    {"powerdns", "pickclosest", "pdns-pickclosest", true, DnsComparison::order},
    {"powerdns", "geoip backend", "pdns-geoip", true, DnsComparison::order},
    {"powerdns", "ifportup", "pdns-ifportup", true, DnsComparison::set},
    {"dnsdist", "roundrobin", "dnsdist-roundrobin", true, DnsComparison::order},
    {"dnsdist", "firstAvailable", "dnsdist-firstAvailable", true, DnsComparison::order},
    {"dnsdist", "leastOutstanding", "dnsdist-leastOutstanding", true, DnsComparison::order},
    {"dnsdist", "whashed", "dnsdist-whashed", true, DnsComparison::order},
    {"dnsdist", "chashed", "dnsdist-chashed", true, DnsComparison::order},
    {"dnsdist", "wrandom", "dnsdist-wrandom", true, DnsComparison::distribution_of_orders},
};

const Kind& kind_of(const DnsTrace& trace) {
  for (const Kind& kind : kKinds) {
    if (trace.balancer == kind.balancer && trace.algorithm == kind.algorithm) return kind;
  }
  reject_field("trace.algorithm",
               in_quotes(trace.algorithm) + " of " + in_quotes(trace.balancer) + " is not known");
}

LocationMap read_locations(const json& config) {
  LocationMap result;
  if (!config.contains("locations")) return result;
  for (const auto& [network, place] : field(config, "config", "locations").items()) {
    const std::string where = "config.locations." + network;
    Location location;
    if (place.contains("lat")) {
      location.latitude = read_real(place, where, "lat");
      location.longitude = read_real(place, where, "lon");
    }
    if (place.contains("country")) location.country = read_text(place, where, "country");
    if (place.contains("continent")) location.continent = read_text(place, where, "continent");
    result.insert(prefix_of(network, where), location);
  }
  return result;
}

// The names in their configured order, which only the daemon's own configuration keeps where the
// trace has an object.
std::vector<std::string> datacenter_names(const json& config) {
  const json& datacenters = field(config, "config", "datacenters");
  if (datacenters.is_array()) return read_texts(config, "config", "datacenters");
  const std::string text = read_text_or(config, "config", "plugin_config", "");
  const std::string opening = "datacenters => [";
  std::vector<std::string> result;
  if (const std::size_t at = text.find(opening); at != std::string::npos) {
    const std::size_t from = at + opening.size();
    std::string list = text.substr(from, text.find(']', from) - from);
    std::replace(list.begin(), list.end(), ',', ' ');
    std::istringstream words(list);
    for (std::string word; words >> word;) result.push_back(word);
    return result;
  }
  for (const auto& [name, place] : datacenters.items()) result.push_back(name);
  return result;
}

void add_datacenters(const DnsSetup& setup, AuthorityConfig& to) {
  const json& config = setup.trace.config;
  if (!config.contains("dcmap")) return;
  const std::vector<std::string> names = datacenter_names(config);
  for (const std::string& name : names) {
    Datacenter datacenter;
    datacenter.name = name;
    for (const std::string& record : read_texts(config["dcmap"], "config.dcmap", name)) {
      datacenter.addresses.push_back(setup.index(record));
    }
    if (config["datacenters"].is_object()) {
      const json& place = field(config["datacenters"], "config.datacenters", name);
      if (!place.is_array() || place.size() != 2 || !place[0].is_number() ||
          !place[1].is_number()) {
        reject_field("config.datacenters." + name, "is not a latitude and a longitude");
      }
      datacenter.location.latitude = place[0].get<double>();
      datacenter.location.longitude = place[1].get<double>();
    }
    to.datacenters.push_back(datacenter);
  }
  if (!config.contains("nets")) return;
  for (const auto& [network, unused] : config["nets"].items()) {
    DatacenterList list;
    for (const std::string& name : read_texts(config["nets"], "config.nets", network)) {
      const auto found = std::find(names.begin(), names.end(), name);
      if (found == names.end()) reject_field("config.nets." + network, "names no datacenter");
      list.push_back(static_cast<std::size_t>(found - names.begin()));
    }
    to.networks.emplace_back(prefix_of(network, "config.nets"), list);
  }
}

// "hosts: h3 = a1 a2 a3; h4 = a4 a2 a1 a3": names and addresses in the order of the file.
std::vector<std::pair<std::string, std::string>> hosts_of(const DnsTrace& trace) {
  std::vector<std::pair<std::string, std::string>> result;
  std::string text = read_text_or(trace.config, "config", "files", "");
  if (text.rfind("hosts:", 0) == 0) text = text.substr(6);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line, ';');) {
    std::istringstream words(line);
    std::string name;
    std::string equals;
    words >> name >> equals;
    for (std::string record; words >> record;) result.emplace_back(name, record);
  }
  return result;
}

// The first name listed with an address owns its reverse record.
std::vector<bool> owners(const DnsSetup& setup, const std::string& name) {
  std::vector<bool> result(setup.table.size(), true);
  std::map<std::string, std::string> owner;
  for (const auto& [host, record] : hosts_of(setup.trace)) owner.emplace(record, host);
  for (const auto& [record, host] : owner) result[setup.index(record)] = host == name;
  return result;
}

Parameters parameters_of(const DnsTrace& trace) {
  Parameters result;
  for (const char* name : {"answer-rotation", "multi", "up_thresh", "auto_dc_limit", "perturbation",
                           "start", "health_check_interval"}) {
    const auto found = trace.config.find(name);
    if (found == trace.config.end()) continue;
    const std::string as = std::string(name) == "health_check_interval" ? "interval" : name;
    if (found->is_string()) result[as] = found->get<std::string>();
    if (found->is_boolean()) result[as] = found->get<bool>() ? "yes" : "no";
    if (found->is_number()) result[as] = found->dump();
  }
  return result;
}

class AuthoritySubject : public DnsSubject {
 public:
  explicit AuthoritySubject(const DnsSetup& setup)
      : setup_(setup),
        kind_(kind_of(setup.trace)),
        locations_(read_locations(setup.trace.config)) {}

  DnsSeen query(const DnsEvent& event) override;
  void apply(const DnsEvent& event) override;
  std::string describe() const override { return last_ ? last_->describe() : "not asked yet"; }

 private:
  std::unique_ptr<Authority> make(const DnsEvent& event) const;
  Authority& authority_of(const DnsEvent& event);
  Query query_of(const DnsEvent& event, const std::string& full_name) const;

  DnsSetup setup_;
  const Kind& kind_;
  LocationMap locations_;
  // For pickers one for all names; else one per name and type.
  std::map<std::pair<std::string, std::string>, std::unique_ptr<Authority>> authorities_;
  Authority* last_ = nullptr;
  std::vector<DnsEvent> states_;  // for authorities not asked yet
  Time now_ = kTimeZero;
};

std::unique_ptr<Authority> AuthoritySubject::make(const DnsEvent& event) const {
  AuthorityConfig config;
  config.records = &setup_.table;
  config.random = &setup_.random;
  config.parameters = parameters_of(setup_.trace);
  if (setup_.trace.balancer == "bind9") {
    const std::string word = setup_.trace.algorithm.substr(setup_.trace.algorithm.rfind(' ') + 1);
    config.parameters["rrset-order"] = word == "(default)" ? "random" : word;
    config.parameters["start"] = std::to_string(rotation_start(setup_, event.answer));
  }
  config.owns_reverse = owners(setup_, event.name);
  config.locations = locations_.prefixes().empty() ? nullptr : &locations_;
  config.places.resize(setup_.table.size());
  config.dnsdist_servers.resize(setup_.table.size());
  for (std::size_t i = 0; i < setup_.trace.servers.size(); ++i) {
    const DnsServer& server = setup_.trace.servers[i];
    config.places[i].latitude = server.latitude;
    config.places[i].longitude = server.longitude;
    config.dnsdist_servers[i] = {.order = server.order, .id = server.id};
  }
  add_datacenters(setup_, config);
  if (setup_.trace.config.contains("services")) {
    config.services = read_texts(setup_.trace.config, "config", "services");
    const json& records = field(setup_.trace.config, "config", "records");
    for (const auto& [service, record] : records.items()) {
      config.by_service[service] = setup_.index(read_text(records, "config.records", service));
    }
  }
  auto authority = make_authority(kind_.name, config);
  std::vector<RecordIndex> served;
  for (std::size_t i = 0; kind_.picks && i < setup_.trace.servers.size(); ++i) {
    served.push_back(static_cast<RecordIndex>(i));
  }
  if (!kind_.picks) {
    const Order all = setup_.order(event.answer);
    served.assign(all.begin(), all.end());
  }
  const std::int64_t ttl_s = event.ttl.empty() ? 0 : event.ttl[0];
  authority->set_records(served, static_cast<std::uint32_t>(ttl_s));
  return authority;
}

Authority& AuthoritySubject::authority_of(const DnsEvent& event) {
  const auto key = kind_.picks ? std::make_pair(std::string(), std::string())
                               : std::make_pair(event.name, event.type);
  const auto found = authorities_.find(key);
  if (found != authorities_.end()) return *found->second;
  Authority& made = *authorities_.emplace(key, make(event)).first->second;
  for (const DnsEvent& state : states_) {
    made.set_state(setup_.index(state.server), state.up, kTimeZero);
  }
  return made;
}

Query AuthoritySubject::query_of(const DnsEvent& event, const std::string& full_name) const {
  Query query;
  query.id = static_cast<std::uint16_t>(event.qid);
  query.name = full_name;
  if (const auto source = parse_address(event.client)) query.source = *source;
  if (!event.key.empty()) {
    query.has_subnet = true;
    query.subnet = prefix_of(event.key, "key");
  }
  return query;
}

DnsSeen AuthoritySubject::query(const DnsEvent& event) {
  if (event.t) now_ = kTimeZero + milliseconds(static_cast<std::int64_t>(*event.t * 1000 + 0.5));
  Authority& authority = authority_of(event);
  last_ = &authority;
  const Answer answer = authority.answer(query_of(event, event.name + kZone), now_);
  auto* dnsdist = dynamic_cast<Dnsdist*>(&authority);
  if (dnsdist && !event.hold && !answer.negative()) dnsdist->finished(answer.order[0]);
  DnsSeen seen;
  seen.order = answer.order;
  seen.ttl_s = answer.ttl_s;
  seen.rcode = static_cast<std::int64_t>(answer.rcode);
  if (answer.scope != kNoScope) seen.scope = answer.scope;
  return seen;
}

void AuthoritySubject::apply(const DnsEvent& event) {
  if (event.action == DnsAction::release) {
    auto* dnsdist = dynamic_cast<Dnsdist*>(last_);
    const RecordIndex server = setup_.index(event.server);
    if (!dnsdist || dnsdist->outstanding(server) == 0) {
      reject_field("events.server", event.server + " has no open query to release");
    }
    dnsdist->finished(server);
  }
  if (event.action != DnsAction::set_state) return;
  states_.push_back(event);
  for (auto& [key, authority] : authorities_) {
    authority->set_state(setup_.index(event.server), event.up, now_);
  }
}

}  // namespace

DnsComparison dns_comparison(const DnsTrace& trace) {
  if (trace.balancer == "glibc") return DnsComparison::order;
  if (!is_cache_trace(trace)) return kind_of(trace).compare;
  const bool every_answer_is_shuffled =
      trace.algorithm == "rrset-order random" || trace.algorithm == "rrset-order (default)" ||
      (trace.balancer == "powerdns-recursor" &&
       read_text_or(trace.config, "config", "disable-packetcache", "no") == "yes");
  return every_answer_is_shuffled ? DnsComparison::distribution_of_orders : DnsComparison::order;
}

std::unique_ptr<DnsSubject> authority_subject(const DnsSetup& setup) {
  return std::make_unique<AuthoritySubject>(setup);
}

}  // namespace lbsim::conform
