#include "conform/ipvs_trace.hpp"

namespace lbsim::conform::ipvs {
namespace {

namespace lvs = algorithms::ipvs;

constexpr std::int64_t kMost32 = 0xFFFFFFFF;
constexpr std::int64_t kMostWeight = 65535;

std::uint32_t read_ipv4(const Field& value) {
  const algorithms::Address address = value.address();
  if (address.v6) value.fail("must be an IPv4 address");
  return address.v4_host_order();
}

double read_jiffies(const Field& value) {
  const double jiffies = value.number();
  if (!(jiffies >= 0 && jiffies <= 0x1p53)) value.fail("must be in 0..2^53");
  return jiffies;
}

std::uint16_t read_port(const Field& value) {
  return static_cast<std::uint16_t>(value.integer(0, 65535));
}
std::int32_t read_weight(const Field& value) {
  return static_cast<std::int32_t>(value.integer(0, kMostWeight));
}
std::optional<std::uint32_t> read_limit(const Field& object, const char* name) {
  if (!object.has(name)) return {};
  return static_cast<std::uint32_t>(object.at(name).integer(0, kMost32));
}

std::vector<Counts> read_counts(const Field& list) {
  std::vector<Counts> all;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Field one = list[i];
    Counts counts;
    if (!one.null()) counts = std::pair(one[0].integer(0, kMost32), one[1].integer(0, kMost32));
    all.push_back(counts);
  }
  return all;
}

lvs::RealServer read_real_server(const Field& server) {
  return {.name = server.at("name").string(),
          .address = read_ipv4(server.at("addr")),
          .port = read_port(server.at("port")),
          .weight = read_weight(server.at("weight")),
          .upper = read_limit(server, "u").value_or(0),
          .lower = read_limit(server, "l").value_or(0)};
}

std::vector<lvs::RealServer> read_servers(const Field& list) {
  std::vector<lvs::RealServer> servers;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const lvs::RealServer server = read_real_server(list[i]);
    for (const lvs::RealServer& other : servers) {
      if (server.name == other.name) list[i].at("name").fail("is not unique");
      if (server.address == other.address && server.port == other.port) {
        list[i].at("addr").fail("is another server's, with the same port");
      }
    }
    servers.push_back(server);
  }
  return servers;
}

lvs::PersistenceConfig read_persistence(const Field& persist) {
  lvs::PersistenceConfig config{.timeout_s = persist.at("timeout").whole_seconds()};
  if (persist.has("netmask")) config.netmask = read_ipv4(persist.at("netmask"));
  return config;
}

// The kernel writes 0 and 1.
bool read_switch(const Field& value) {
  return value.is_boolean() ? value.boolean() : value.integer(0, 1) == 1;
}

lvs::Sysctl read_sysctl(const Field& values) {
  lvs::Sysctl sysctl;
  for (const auto& [name, value] : values.members()) {
    if (name == "conn_reuse_mode") {
      sysctl.conn_reuse_mode = static_cast<int>(value.integer(0, 3));
    } else if (name == "expire_quiescent_template") {
      sysctl.expire_quiescent_template = read_switch(value);
    } else if (name == "expire_nodest_conn") {
      sysctl.expire_nodest_conn = read_switch(value);
    } else if (name == "lblc_expiration") {
      sysctl.lblc_expiration_s = value.whole_seconds();
    } else if (name == "lblcr_expiration") {
      sysctl.lblcr_expiration_s = value.whole_seconds();
    } else {
      value.fail("is not modelled");
    }
  }
  return sysctl;
}

lvs::ServiceConfig read_service(const Field& trace) {
  lvs::ServiceConfig config;
  config.scheduler = trace.at("scheduler").string();
  config.track_tuples = true;
  if (trace.has("flags")) config.flags = trace.at("flags").strings();
  config.mode = static_cast<lvs::Mode>(trace.at("mode").one_of({"nat", "dr", "tun"}));
  config.protocol = static_cast<lvs::Protocol>(trace.at("proto").one_of({"tcp", "udp"}));
  config.one_packet = trace.has("one_packet") && read_switch(trace.at("one_packet"));
  if (trace.has("persist")) config.persistence = read_persistence(trace.at("persist"));
  if (trace.has("sysctl")) config.sysctl = read_sysctl(trace.at("sysctl"));
  if (trace.has("jiffies0")) config.jiffies0 = read_jiffies(trace.at("jiffies0"));
  return config;
}

EntryLine read_entry(const Field& line) {
  line[0].string();  // the protocol is the service's
  return {.client = line[1].string(),
          .port = line[2].integer(0, 65535),
          .state = line[3].string(),
          .left_s = line[4].integer(0, kMostSeconds)};
}

void read_open(const Field& value, const lvs::Flow& service, Event& event) {
  event.conn = value.at("conn").integer(INT64_MIN, INT64_MAX);
  event.flow = service;
  event.flow.client = read_ipv4(value.at("client_ip"));
  event.flow.client_port = read_port(value.at("client_port"));
  if (value.has("vip")) event.flow.vip = read_ipv4(value.at("vip"));
  const Field picked = value.at("picked");
  if (!picked.null()) event.picked = picked.string();
}

void read_server_change(const Field& value, Event& event) {
  event.server = value.at("server").string();
  if (event.action == Action::remove) return;
  event.weight = read_weight(value.at("weight"));
  event.upper = read_limit(value, "upper");
  event.lower = read_limit(value, "lower");
}

void read_details(const Field& value, const lvs::Flow& service, Event& event) {
  switch (event.action) {
    case Action::open:
    case Action::syn:
      return read_open(value, service, event);
    case Action::close: {
      event.conn = value.at("conn").integer(INT64_MIN, INT64_MAX);
      event.how = static_cast<Closing>(value.at("how").one_of(
          {"client", "server", "rst", "server_rst", "client_half", "server_half"}));
      return;
    }
    case Action::add:
    case Action::remove:
    case Action::edit:
      return read_server_change(value, event);
    case Action::scheduler:
      event.scheduler = value.at("scheduler").string();
      return;
    case Action::sleep:
      event.pause = from_seconds(value.at("seconds").seconds());
      return;
    case Action::timeouts:
      event.timeouts = {.tcp_s = value.at("tcp").whole_seconds(),
                        .tcpfin_s = value.at("tcpfin").whole_seconds(),
                        .udp_s = value.at("udp").whole_seconds()};
      return;
    case Action::entries:
      const Field lines = value.at("entries");
      for (std::size_t i = 0; i < lines.size(); ++i) event.entries.push_back(read_entry(lines[i]));
      return;
  }
}

Event read_event(const Field& value, const lvs::Flow& service) {
  Event event;
  event.action = static_cast<Action>(
      value.at("action").one_of({"open", "close", "syn", "add", "remove", "edit", "scheduler",
                                 "sleep", "timeouts", "entries"}));
  event.at = kTimeZero + from_seconds(value.at("t").seconds());
  if (value.has("counts")) event.counts = read_counts(value.at("counts"));
  if (value.has("order")) event.order = value.at("order").strings();
  read_details(value, service, event);
  return event;
}

}  // namespace

Trace read_trace(const Field& value) {
  Trace trace;
  trace.service = read_service(value);
  trace.servers = read_servers(value.at("servers"));
  const lvs::Flow service{.vip = read_ipv4(value.at("vip")), .vport = read_port(value.at("vport"))};
  const Field events = value.at("events");
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Event event = read_event(events[i], service);
    if (i > 0 && event.at < trace.events.back().at) events[i].at("t").fail("goes back");
    trace.events.push_back(event);
  }
  if (value.has("kernel_order")) trace.order_at_start = value.at("kernel_order").strings();
  if (value.has("kernel_order_end")) trace.order_at_end = value.at("kernel_order_end").strings();
  if (value.has("final_counts")) trace.final_counts = read_counts(value.at("final_counts"));
  return trace;
}

std::string address_text(std::uint32_t address) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) {
    text += std::to_string(address >> shift & 255);
    if (shift > 0) text += '.';
  }
  return text;
}

}  // namespace lbsim::conform::ipvs
