#include "validation/recorded_run.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "algorithms/algorithm.hpp"
#include "conform/json.hpp"
#include "conform/json_file.hpp"
#include "core/error.hpp"
#include "scenario/unseen.hpp"

namespace lbsim::validation {
namespace {

using conform::Field;

constexpr std::int64_t kLongestUs = 86'400'000'000;  // a day
constexpr std::int64_t kMostOfAnything = 1'000'000;

std::vector<RecordedServer> read_servers(const Field& from) {
  std::vector<RecordedServer> servers;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const Field field = from[i];
    RecordedServer& server = servers.emplace_back();
    server.name = field.at("name").string();
    server.slots = static_cast<int>(field.at("slots").integer(1, 4096));
    server.speed = field.at("speed").number();
    if (!(server.speed > 0 && server.speed <= 1000)) field.at("speed").fail("must be in 0..1000");
    server.weight = static_cast<int>(field.at("weight").integer(1, 256));
    const Field backlog = field.find("backlog");
    if (!backlog.absent()) {
      server.backlog = static_cast<std::uint32_t>(backlog.integer(0, kMostOfAnything));
    }
    server.maxconn = static_cast<int>(field.find("maxconn").integer_or(0, 0, kMostOfAnything));
  }
  if (servers.empty()) from.fail("is empty", "a run has servers");
  return servers;
}

// `count` numbers of an array, or kUnknown of each where there is no array.
std::vector<std::int64_t> read_numbers(const Field& array, std::size_t count, std::int64_t least,
                                       std::int64_t most = kLongestUs) {
  if (array.absent()) return std::vector<std::int64_t>(count, kUnknown);
  if (array.size() != count) {
    array.fail("has " + std::to_string(array.size()) + " items, and schedule.t_send_us " +
                   std::to_string(count),
               "one for each request");
  }
  std::vector<std::int64_t> numbers;
  numbers.reserve(count);
  for (std::size_t i = 0; i < count; ++i) numbers.push_back(array[i].integer(least, most));
  return numbers;
}

void read_clients(const Field& root, std::vector<RecordedRequest>& requests) {
  const Field all = root.at("params").find("client_address");
  const Field each = root.at("schedule").find("client");
  if (!each.absent() && each.size() != requests.size()) {
    each.fail("must have " + std::to_string(requests.size()) + " items", "one for each request");
  }
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (!each.absent()) {
      requests[i].client = each[i].address();
    } else {
      requests[i].client = all.absent() ? algorithms::Address::v4(0x7f000001) : all.address();
    }
  }
}

void read_requests(const Field& root, RecordedRun& run) {
  const Field schedule = root.at("schedule");
  const Field observed = root.at("observed");
  const std::size_t count = schedule.at("t_send_us").size();
  if (count == 0) schedule.at("t_send_us").fail("is empty", "a run has requests");
  const auto last_server = static_cast<std::int64_t>(run.servers.size()) - 1;
  const auto sent = read_numbers(schedule.at("t_send_us"), count, 0);
  const auto service = read_numbers(schedule.at("service_us"), count, 0);
  const auto server = read_numbers(observed.at("server"), count, kUnknown, last_server);
  const auto status = read_numbers(observed.at("status"), count, 0, 999);
  const auto latency = read_numbers(observed.at("latency_us"), count, kUnknown);
  const auto read = read_numbers(observed.find("lb_read_us"), count, kUnknown);
  const auto response = read_numbers(observed.find("lb_response_us"), count, kUnknown);
  const auto reply = read_numbers(observed.find("lb_reply_us"), count, kUnknown);
  run.stamped = observed.has("lb_read_us") && observed.has("lb_response_us");
  run.requests.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t answered = response[i] != kUnknown ? response[i]
                                  : reply[i] != kUnknown  ? reply[i]
                                                          : latency[i];
    run.requests[i] = {sent[i],    service[i], {},       server[i], status[i],
                       latency[i], read[i],    answered, {}};
    if (status[i] == 200 && latency[i] == kUnknown) {
      observed.at("latency_us")[i].fail("is unknown, and the status is 200");
    }
  }
  read_clients(root, run.requests);
}

void read_exceptions(const Field& exceptions, RecordedRun& run) {
  if (exceptions.absent()) return;
  for (const auto& [key, field] : exceptions.members()) {
    const bool is_number =
        !key.empty() && key.size() < 10 &&
        std::all_of(key.begin(), key.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!is_number || std::stoul(key) >= run.requests.size()) {
      field.fail("names no request",
                 "the number of one of " + std::to_string(run.requests.size()) + ", from 0 on");
    }
    RecordedRequest& request = run.requests[std::stoul(key)];
    const Field list = field.has("tried") ? field.find("tried") : field.find("cut_at");
    for (std::size_t i = 0; !list.absent() && i < list.size(); ++i) {
      request.tried.push_back(list[i].server(run.servers.size()));
    }
  }
}

void read_faults(const Field& faults, RecordedRun& run) {
  for (std::size_t i = 0; !faults.absent() && i < faults.size(); ++i) {
    const Field event = faults[i].at("event");
    run.faults.push_back({faults[i].at("t_us").integer(0, kLongestUs),
                          faults[i].at("server").server(run.servers.size()),
                          event.one_of({"closed", "listening"}) == 0});
  }
}

void read_checks(const Field& root, RecordedRun& run) {
  const Field check = root.at("params").find("check");
  if (check.absent()) return;
  RecordedChecks& checks = run.checks;
  checks.interval_us = 1000 * check.at("inter_ms").integer(1, 1'000'000);
  checks.fall = static_cast<int>(check.at("fall").integer(1, 1000));
  checks.rise = static_cast<int>(check.at("rise").integer(1, 1000));
  checks.answered_us.resize(run.servers.size());
  const Field health = root.find("health");
  if (health.absent() || !health.has("checks_answered")) return;
  const Field answered = health.at("checks_answered");
  for (std::size_t i = 0; i < answered.size(); ++i) {
    const std::int64_t at_us = answered[i][0].integer(-kLongestUs, kLongestUs);
    checks.answered_us[answered[i][1].server(run.servers.size())].push_back(at_us);
  }
}

double read_mean(const Field& field) {
  const double mean = field.is_object() ? field.at("mean").number() : field.number();
  if (!(mean > 0 && mean < 1e9)) field.fail("must be more than 0 us");
  return mean;
}

// The balancer's own time for a request that did not wait in its queue: the median, since some of
// those that HAProxy's whole milliseconds count as not waiting did.
double own_time_us(const Field& observed) {
  for (const char* name : {"lb_read_us", "lb_forward_us", "queue_ms"}) {
    if (!observed.has(name)) return 0;
  }
  std::vector<std::int64_t> times;
  for (std::size_t i = 0; i < observed.at("queue_ms").size(); ++i) {
    const std::int64_t read = observed.at("lb_read_us")[i].integer();
    const std::int64_t forwarded = observed.at("lb_forward_us")[i].integer();
    const bool seen = read != kUnknown && forwarded != kUnknown;
    if (seen && observed.at("queue_ms")[i].integer() == 0) times.push_back(forwarded - read);
  }
  if (times.empty()) return 0;
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return static_cast<double>(*middle);
}

// From the legs where the balancer was watched; else a quarter of the whole on each trip.
Overhead read_overhead(const Field& root, bool queues) {
  const Field calibration = root.at("calibration");
  const Field legs = calibration.find("legs_us");
  if (legs.absent()) {
    const char* whole = queues ? "zero_service_us" : "proxy_and_wire_us";
    const double each_us = read_mean(calibration.at(whole)) / 4;
    return {each_us, each_us, 0};
  }
  const auto leg = [&](const char* name) { return read_mean(legs.at(name)); };
  Overhead overhead;
  overhead.client_us = (leg("client_to_balancer") + leg("balancer_to_client")) / 2;
  const double own_us = legs.has("balancer_forwarding") ? leg("balancer_forwarding")
                                                        : own_time_us(root.at("observed"));
  const double trips_us = leg("balancer_to_server") + leg("server_to_balancer") + own_us;
  const Field turnaround = calibration.find("turnaround_us");
  overhead.server_us = trips_us / 2;
  if (queues && !turnaround.absent()) {
    overhead.queue_us = std::max(0.0, read_mean(turnaround) - trips_us);
  }
  return overhead;
}

void read_method(const Field& root, RecordedRun& run) {
  run.haproxy = root.at("balancer").one_of({"nginx", "haproxy"}) == 1;
  run.algorithm = root.at("algorithm").string();
  const char* family = run.haproxy ? "haproxy" : "nginx";
  const auto* spec = algorithms::find_algorithm(family, run.algorithm);
  if (spec == nullptr) {
    root.at("algorithm")
        .fail("\"" + run.algorithm + "\" is no method of " + family,
              "`lbsim algorithms` lists them");
  }
  const Field params = root.at("params");
  run.max_fails = static_cast<int>(params.find("max_fails").integer_or(1, 0, kMostOfAnything));
  run.fail_timeout_s =
      static_cast<int>(params.find("fail_timeout_s").integer_or(10, 1, kMostOfAnything));
  const auto copy = [&](const char* name) {
    if (params.has(name)) run.parameters[name] = params.at(name).setting();
  };
  if (run.haproxy) {
    copy("retries");
    copy("redispatch");
  } else {
    copy("proxy_next_upstream");
    const Field seed = params.find("random_seed");
    if (!seed.absent()) run.random_seed = static_cast<std::uint32_t>(seed.integer(0, UINT32_MAX));
  }
  if (const auto unseen = scenario::unseen_by(*spec, run.parameters)) {
    root.at("algorithm").fail(unseen->message, unseen->hint);
  }
}

RecordedRun read_root(const Field& root) {
  const std::string format = root.at("format").string();
  if (format != "lb-e2e/1") {
    root.at("format").fail("\"" + format + "\" is not known", "lb-e2e/1");
  }
  RecordedRun run;
  run.name = run.plan = root.at("name").string();
  const Field repetition = root.find("repetition");
  run.repeated = !repetition.absent();
  if (run.repeated) run.name += ".rep" + std::to_string(repetition.integer(1, kMostOfAnything));
  read_method(root, run);
  run.bursty = root.at("workload").at("arrivals").string().starts_with("modulated");
  run.second_phase_us = root.at("unix_us_at_t0").integer(0, INT64_MAX) % 1'000'000;
  run.servers = read_servers(root.at("servers"));
  read_requests(root, run);
  read_exceptions(root.find("exceptions"), run);
  read_faults(root.find("faults"), run);
  read_checks(root, run);
  run.overhead = read_overhead(root, run.queues());
  std::stable_sort(run.requests.begin(), run.requests.end(),
                   [](const auto& a, const auto& b) { return a.sent_us < b.sent_us; });
  return run;
}

}  // namespace

bool RecordedRun::queues() const {
  return std::any_of(servers.begin(), servers.end(),
                     [](const RecordedServer& server) { return server.maxconn > 0; });
}

std::int64_t RecordedRun::first_fault_us() const {
  std::int64_t first = INT64_MAX;
  for (const RecordedFault& fault : faults) first = std::min(first, fault.at_us);
  return first;
}

RecordedRun read_run(const std::string& path) {
  const nlohmann::json json = conform::read_json_file(path);
  try {
    RecordedRun run = read_root(Field(json));
    run.file = path;
    return run;
  } catch (const InputError& error) {
    std::vector<Diagnostic> diagnostics = error.diagnostics();
    for (Diagnostic& d : diagnostics) d.file = path;
    throw InputError(std::move(diagnostics));
  }
}

}  // namespace lbsim::validation
