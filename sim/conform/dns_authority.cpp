#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include "algorithms/dns/factory.hpp"
#include "conform/dns_subject.hpp"

namespace lbsim::conform {

using namespace algorithms::dns;
using algorithms::in_quotes;
using algorithms::reject;

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
  const std::string algorithm = trace.algorithm.string();
  for (const Kind& kind : kKinds) {
    if (trace.balancer == kind.balancer && algorithm == kind.algorithm) return kind;
  }
  trace.algorithm.fail(in_quotes(algorithm) + " of " + trace.balancer + " is not known");
}

LocationMap read_locations(const Field& config) {
  LocationMap result;
  if (!config.has("locations")) return result;
  for (const auto& [network, place] : config.at("locations").members()) {
    Location location;
    if (place.has("lat")) {
      location.latitude = place.at("lat").number();
      location.longitude = place.at("lon").number();
    }
    location.country = place.find("country").string_or(location.country);
    location.continent = place.find("continent").string_or(location.continent);
    result.insert(prefix_of(network, place.path()), location);
  }
  return result;
}

// The names in their configured order, which only the daemon's own configuration keeps where the
// trace has an object.
std::vector<std::string> datacenter_names(const Field& config) {
  const Field datacenters = config.at("datacenters");
  if (datacenters.is_array()) return datacenters.strings();
  const std::string text = config.find("plugin_config").string_or("");
  const std::string opening = "datacenters => [";
  std::vector<std::string> result;
  if (const std::size_t at = text.find(opening); at != std::string::npos) {
    const std::size_t from = at + opening.size();
    std::string list = text.substr(from, text.find(']', from) - from);
    std::replace(list.begin(), list.end(), ',', ' ');
    return algorithms::split_words(list);
  }
  for (const auto& [name, place] : datacenters.members()) result.push_back(name);
  return result;
}

void add_networks(const Field& nets, const std::vector<std::string>& names, AuthorityConfig& to) {
  for (const auto& [network, listed] : nets.members()) {
    DatacenterList list;
    for (const std::string& name : listed.strings()) {
      const auto found = std::find(names.begin(), names.end(), name);
      if (found == names.end()) listed.fail("names no datacenter: " + name);
      list.push_back(static_cast<std::size_t>(found - names.begin()));
    }
    to.networks.emplace_back(prefix_of(network, listed.path()), list);
  }
}

void add_datacenters(const DnsSetup& setup, AuthorityConfig& to) {
  const Field config = setup.trace.config;
  if (!config.has("dcmap")) return;
  const std::vector<std::string> names = datacenter_names(config);
  for (const std::string& name : names) {
    Datacenter datacenter;
    datacenter.name = name;
    for (const std::string& record : config.at("dcmap").at(name).strings()) {
      datacenter.addresses.push_back(setup.index(record));
    }
    if (config.at("datacenters").is_object()) {
      const Field place = config.at("datacenters").at(name);
      datacenter.location.latitude = place[0].number();
      datacenter.location.longitude = place[1].number();
    }
    to.datacenters.push_back(datacenter);
  }
  if (config.has("nets")) add_networks(config.at("nets"), names, to);
}

// "hosts: h3 = a1 a2 a3; h4 = a4 a2 a1 a3": names and addresses in the order of the file.
std::vector<std::pair<std::string, std::string>> hosts_of(const DnsTrace& trace) {
  std::vector<std::pair<std::string, std::string>> result;
  std::string text = trace.config.find("files").string_or("");
  if (text.starts_with("hosts:")) text = text.substr(6);
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
  config.parameters = known_settings(setup_.trace, kind_.name);
  const Field interval = setup_.trace.config.find("health_check_interval");
  if (kind_.name == std::string("pdns-ifportup") && !interval.absent()) {
    config.parameters["interval"] = interval.setting();
  }
  if (setup_.trace.balancer == "bind9") {
    config.parameters["rrset-order"] = bind_order(setup_.trace);
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
  if (setup_.trace.config.has("services")) {
    config.services = setup_.trace.config.at("services").strings();
    for (const auto& [service, record] : setup_.trace.config.at("records").members()) {
      config.by_service[service] = setup_.index(record.string());
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
      reject("events.server", event.server + " has no open query to release");
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
      (trace.balancer == "bind9" && bind_order(trace) == "random") ||
      (trace.balancer == "powerdns-recursor" &&
       trace.config.find("disable-packetcache").string_or("no") == "yes");
  return every_answer_is_shuffled ? DnsComparison::distribution_of_orders : DnsComparison::order;
}

std::unique_ptr<DnsSubject> authority_subject(const DnsSetup& setup) {
  return std::make_unique<AuthoritySubject>(setup);
}

}  // namespace lbsim::conform
