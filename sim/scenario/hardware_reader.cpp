#include "scenario/layer7_reader.hpp"
#include "scenario/machine_readers.hpp"
#include "scenario/method_field.hpp"
#include "scenario/tier_readers.hpp"

namespace lbsim::scenario {
namespace {

constexpr char kClass[] =
    "an assumption in its class: millions of requests/s, more with each model of a family";

// A device is sold by what it does in a second; its one station takes as long for each.
void read_rate(Reader& r, std::string_view name, Duration& cpu, const std::string& help,
               std::uint32_t fallback) {
  std::uint32_t per_second = fallback;
  r.count(name, per_second,
          {.help = help, .min = 1, .max = 4'000'000'000, .fallback = fallback, .source = kClass});
  cpu = from_seconds(1.0 / per_second);
}

// A member is down when 16 s have passed since its last good answer: 11 to 16 s after it died.
HealthCheckConfig monitor() {
  return {.enabled = true,
          .interval = seconds(5),
          .timeout = seconds(1),
          .fall = 3,
          .rise = 1,
          .retry_interval = {}};
}

void read_pair(Reader& r, ProxyTierConfig& c) {
  r.integer("count", c.count,
            {.help = "Devices: one works, the others stand by. One alone is a single point of "
                     "failure.",
             .min = 1,
             .max = kVrrpNodesMax,
             .fallback = 2,
             .source = "an active/standby pair"});
  c.vrrp_enabled = true;
  r.table(
      "vrrp", [&](Reader& t) { read_vrrp(t, c.vrrp, c.count); },
      TableField{.help = "How the device that stands by finds out, as with VRRP: three intervals "
                         "of silence."});
}

}  // namespace

void read_hardware(Reader& r, TierConfig& tier) {
  auto& c = tier.device.emplace<ProxyTierConfig>();
  c.kind = ProxyKind::hardware;
  c.family = "f5";
  c.zone = true;
  c.workers = 1;
  c.keepalive = 1'000'000;
  read_next(r, tier);
  r.choice("mode", c.mode,
           {{"tcp", ProxyMode::tcp, "balances connections (L4)."},
            {"http", ProxyMode::http, "balances requests (L7)."}},
           {.help = "What is balanced.", .fallback = ProxyMode::tcp});
  read_pair(r, c);
  read_method(r, "method", "f5", c.method,
              {.help = "How a member is picked, as BIG-IP names it.",
               .fallback = "round_robin",
               .source = "BIG-IP LTM: Concepts, about pools: Round Robin is the default"});
  read_parameters(r, "f5", c.method, c.parameters);
  read_rate(r, "requests_per_s", c.request_cpu, "Requests that the device can pass in a second.",
            2'000'000);
  read_rate(r, "connections_per_s", c.accept_cpu,
            "New connections that it can take in a second, at either layer.", 500'000);
  r.count("connections_max", c.connections_max,
          {.help = "Connections that it holds at once.",
           .min = 1,
           .max = 4'000'000'000,
           .fallback = 10'000'000,
           .source = kClass});
  read_check(r, "check", c.check, monitor(),
             "Its monitor of the members. Without this table nobody checks.",
             "BIG-IP LTM Monitors Reference, http: interval 5, timeout 16");
  c.connect_timeout = seconds(5);
  c.read_timeout = c.client_keepalive = seconds(300);  // idle timeout of BIG-IP's tcp profile
  read_layer7(r, c, "");
  read_nic(r, c.nic);
  read_cost(r, c.cost);
}

}  // namespace lbsim::scenario
