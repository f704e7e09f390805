#include "conform/ipvs_trace.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace lbsim::conform::ipvs {
namespace {

using nlohmann::json;
namespace lvs = algorithms::ipvs;

// A JSON value and where it stands in the trace.
class Value {
 public:
  Value(const json& value, std::string field) : value_(value), field_(std::move(field)) {}

  bool has(const char* name) const {
    return is_object() && value_.contains(name) && !value_[name].is_null();
  }
  const std::string& field() const { return field_; }
  bool is_null() const { return value_.is_null(); }

  Value operator[](const char* name) const {
    const std::string inner = field_.empty() ? name : field_ + "." + name;
    if (!is_object()) wrong(field_, "must be an object");
    if (!value_.contains(name)) wrong(inner, "is missing");
    return {value_[name], inner};
  }

  Value at(std::size_t i) const {
    const std::string inner = field_ + "[" + std::to_string(i) + "]";
    if (i >= list().value_.size()) wrong(inner, "is missing");
    return {value_[i], inner};
  }
  std::size_t size() const { return list().value_.size(); }

  const std::string& text() const {
    if (!value_.is_string()) wrong(field_, "must be a string");
    return value_.get_ref<const std::string&>();
  }

  std::int64_t integer(std::int64_t low, std::int64_t high) const {
    if (!value_.is_number_integer()) wrong(field_, "must be an integer");
    const auto number = value_.get<std::int64_t>();
    if (number < low || number > high) wrong(field_, "is out of range");
    return number;
  }

  double number(double low, double high) const {
    if (!value_.is_number()) wrong(field_, "must be a number");
    const auto number = value_.get<double>();
    if (!(number >= low && number <= high)) wrong(field_, "is out of range");
    return number;
  }

  bool flag() const {
    if (value_.is_boolean()) return value_.get<bool>();
    return integer(0, 1) == 1;
  }

  // Dotted quad to host order.
  std::uint32_t address() const {
    std::uint32_t address = 0;
    const char* at = text().data();
    const char* const end = at + text().size();
    for (int i = 0; i < 4; ++i) {
      unsigned byte = 256;
      const auto [next, error] = std::from_chars(at, end, byte);
      const bool last = i == 3;
      if (error != std::errc() || byte > 255 ||
          (last ? next != end : next == end || *next != '.')) {
        wrong(field_, "must be an IPv4 address");
      }
      address = address << 8 | byte;
      at = next + 1;
    }
    return address;
  }

  // One of the names; its position.
  template <std::size_t N>
  std::size_t one_of(const std::array<const char*, N>& names) const {
    for (std::size_t i = 0; i < N; ++i) {
      if (text() == names[i]) return i;
    }
    wrong(field_, "'" + text() + "' is not known");
  }

  std::vector<std::string> texts() const {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < size(); ++i) all.push_back(at(i).text());
    return all;
  }

 private:
  bool is_object() const { return value_.is_object(); }
  const Value& list() const {
    if (!value_.is_array()) wrong(field_, "must be a list");
    return *this;
  }

  const json& value_;
  std::string field_;
};

constexpr std::int64_t kMost32 = 0xFFFFFFFF;
constexpr std::int64_t kMostWeight = 65535;
constexpr std::int64_t kMostSeconds = 4'000'000;  // 46 days: a date and a pause fit in Time

std::uint16_t read_port(const Value& value) {
  return static_cast<std::uint16_t>(value.integer(0, 65535));
}
std::uint32_t read_seconds(const Value& value) {
  return static_cast<std::uint32_t>(value.integer(0, kMostSeconds));
}
std::int32_t read_weight(const Value& value) {
  return static_cast<std::int32_t>(value.integer(0, kMostWeight));
}
std::optional<std::uint32_t> read_limit(const Value& object, const char* name) {
  if (!object.has(name)) return {};
  return static_cast<std::uint32_t>(object[name].integer(0, kMost32));
}

std::vector<Counts> read_counts(const Value& list) {
  std::vector<Counts> all;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Value one = list.at(i);
    Counts counts;
    if (!one.is_null())
      counts = std::pair(one.at(0).integer(0, kMost32), one.at(1).integer(0, kMost32));
    all.push_back(counts);
  }
  return all;
}

lvs::RealServer read_server(const Value& server) {
  return {.name = server["name"].text(),
          .address = server["addr"].address(),
          .port = read_port(server["port"]),
          .weight = read_weight(server["weight"]),
          .upper = read_limit(server, "u").value_or(0),
          .lower = read_limit(server, "l").value_or(0)};
}

std::vector<lvs::RealServer> read_servers(const Value& list) {
  std::vector<lvs::RealServer> servers;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const lvs::RealServer server = read_server(list.at(i));
    for (const lvs::RealServer& other : servers) {
      if (server.name == other.name) wrong(list.at(i).field() + ".name", "is not unique");
      if (server.address == other.address && server.port == other.port) {
        wrong(list.at(i).field() + ".addr", "is another server's, with the same port");
      }
    }
    servers.push_back(server);
  }
  return servers;
}

lvs::PersistenceConfig read_persistence(const Value& persist) {
  lvs::PersistenceConfig config{.timeout_s = read_seconds(persist["timeout"])};
  if (persist.has("netmask")) config.netmask = persist["netmask"].address();
  return config;
}

lvs::Sysctl read_sysctl(const Value& values, const json& names) {
  lvs::Sysctl sysctl;
  for (const auto& item : names.items()) {
    const Value value = values[item.key().c_str()];
    if (item.key() == "conn_reuse_mode") {
      sysctl.conn_reuse_mode = static_cast<int>(value.integer(0, 3));
    } else if (item.key() == "expire_quiescent_template") {
      sysctl.expire_quiescent_template = value.flag();
    } else if (item.key() == "expire_nodest_conn") {
      sysctl.expire_nodest_conn = value.flag();
    } else if (item.key() == "lblc_expiration") {
      sysctl.lblc_expiration_s = read_seconds(value);
    } else if (item.key() == "lblcr_expiration") {
      sysctl.lblcr_expiration_s = read_seconds(value);
    } else {
      wrong("sysctl." + item.key(), "is not modelled");
    }
  }
  return sysctl;
}

lvs::ServiceConfig read_service(const Value& trace, const json& raw) {
  lvs::ServiceConfig config;
  config.scheduler = trace["scheduler"].text();
  config.track_tuples = true;
  if (trace.has("flags")) config.flags = trace["flags"].texts();
  constexpr std::array kModes = {"nat", "dr", "tun"};
  config.mode = static_cast<lvs::Mode>(trace["mode"].one_of(kModes));
  constexpr std::array kProtocols = {"tcp", "udp"};
  config.protocol = static_cast<lvs::Protocol>(trace["proto"].one_of(kProtocols));
  config.one_packet = trace.has("one_packet") && trace["one_packet"].flag();
  if (trace.has("persist")) config.persistence = read_persistence(trace["persist"]);
  if (trace.has("sysctl")) config.sysctl = read_sysctl(trace["sysctl"], raw["sysctl"]);
  if (trace.has("jiffies0")) config.jiffies0 = trace["jiffies0"].number(0, 0x1p53);
  return config;
}

EntryLine read_entry(const Value& line) {
  line.at(0).text();  // the protocol is the service's
  return {.client = line.at(1).text(),
          .port = line.at(2).integer(0, 65535),
          .state = line.at(3).text(),
          .left_s = line.at(4).integer(0, kMostSeconds)};
}

void read_open(const Value& value, const lvs::Flow& service, Event& event) {
  event.conn = value["conn"].integer(INT64_MIN, INT64_MAX);
  event.flow = service;
  event.flow.client = value["client_ip"].address();
  event.flow.client_port = read_port(value["client_port"]);
  if (value.has("vip")) event.flow.vip = value["vip"].address();
  const Value picked = value["picked"];
  if (!picked.is_null()) event.picked = picked.text();
}

void read_server_change(const Value& value, Event& event) {
  event.server = value["server"].text();
  if (event.action == Action::remove) return;
  event.weight = read_weight(value["weight"]);
  event.upper = read_limit(value, "upper");
  event.lower = read_limit(value, "lower");
}

void read_details(const Value& value, const lvs::Flow& service, Event& event) {
  switch (event.action) {
    case Action::open:
    case Action::syn:
      return read_open(value, service, event);
    case Action::close: {
      constexpr std::array kWays = {"client",     "server",      "rst",
                                    "server_rst", "client_half", "server_half"};
      event.conn = value["conn"].integer(INT64_MIN, INT64_MAX);
      event.how = static_cast<Closing>(value["how"].one_of(kWays));
      return;
    }
    case Action::add:
    case Action::remove:
    case Action::edit:
      return read_server_change(value, event);
    case Action::scheduler:
      event.scheduler = value["scheduler"].text();
      return;
    case Action::sleep:
      event.pause = from_seconds(value["seconds"].number(0, kMostSeconds));
      return;
    case Action::timeouts:
      event.timeouts = {.tcp_s = read_seconds(value["tcp"]),
                        .tcpfin_s = read_seconds(value["tcpfin"]),
                        .udp_s = read_seconds(value["udp"])};
      return;
    case Action::entries:
      const Value lines = value["entries"];
      for (std::size_t i = 0; i < lines.size(); ++i)
        event.entries.push_back(read_entry(lines.at(i)));
      return;
  }
}

Event read_event(const Value& value, const lvs::Flow& service) {
  constexpr std::array kActions = {"open", "close",     "syn",   "add",      "remove",
                                   "edit", "scheduler", "sleep", "timeouts", "entries"};
  Event event;
  event.action = static_cast<Action>(value["action"].one_of(kActions));
  event.at = kTimeZero + from_seconds(value["t"].number(0, kMostSeconds));
  if (value.has("counts")) event.counts = read_counts(value["counts"]);
  if (value.has("order")) event.order = value["order"].texts();
  read_details(value, service, event);
  return event;
}

}  // namespace

void wrong(const std::string& field, const std::string& message) {
  Diagnostic diagnostic;
  diagnostic.field = field;
  diagnostic.message = message;
  throw InputError(diagnostic);
}

Trace read_trace(const json& raw) {
  const Value value(raw, "");
  Trace trace;
  trace.id = value["id"].text();
  trace.service = read_service(value, raw);
  trace.servers = read_servers(value["servers"]);
  const lvs::Flow service{.vip = value["vip"].address(), .vport = read_port(value["vport"])};
  const Value events = value["events"];
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Event event = read_event(events.at(i), service);
    if (i > 0 && event.at < trace.events.back().at) wrong(events.at(i).field() + ".t", "goes back");
    trace.events.push_back(event);
  }
  if (value.has("kernel_order")) trace.order_at_start = value["kernel_order"].texts();
  if (value.has("kernel_order_end")) trace.order_at_end = value["kernel_order_end"].texts();
  if (value.has("final_counts")) trace.final_counts = read_counts(value["final_counts"]);
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
