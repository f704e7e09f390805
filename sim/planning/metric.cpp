#include "planning/metric.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/check.hpp"

namespace lbsim::planning {
namespace {

using Json = nlohmann::json;

struct Known {
  Metric metric;
  double (*of)(const Json& run);
};

double number(const Json& run, const char* group, const char* name) {
  return run.at(group).at(name).get<double>();
}

template <class Text>
double failed(const Json& run, const Text& outcome) {
  return run.at("requests").at("failed").at(outcome).template get<double>();
}

double percent_not_ok(const Json& run) {
  const double generated = number(run, "requests", "generated");
  if (generated == 0) return 0;
  return 100.0 * (generated - number(run, "requests", "ok")) / generated;
}

double requests_per_s(const Json& run) {
  const double simulated_s = run.at("simulated_s").get<double>();
  return simulated_s > 0 ? number(run, "requests", "generated") / simulated_s : 0;
}

double least_jain(const Json& run) {
  double least = 1;
  for (const Json& pool : run.at("pools")) least = std::min(least, pool.at("jain").get<double>());
  return least;
}

const std::vector<Known>& known() {
  static const std::vector<Known> all = {
      {{"mean", "ms", "mean latency"},
       [](const Json& r) { return number(r, "latency_ms", "mean"); }},
      {{"p50", "ms", "median"}, [](const Json& r) { return number(r, "latency_ms", "p50"); }},
      {{"p90", "ms", "percentile"}, [](const Json& r) { return number(r, "latency_ms", "p90"); }},
      {{"p95", "ms", "percentile"}, [](const Json& r) { return number(r, "latency_ms", "p95"); }},
      {{"p99", "ms", "percentile"}, [](const Json& r) { return number(r, "latency_ms", "p99"); }},
      {{"p999", "ms", "percentile"}, [](const Json& r) { return number(r, "latency_ms", "p999"); }},
      {{"max", "ms", "longest"}, [](const Json& r) { return number(r, "latency_ms", "max"); }},
      {{"errors", "percent", "requests that did not end ok"}, percent_not_ok},
      {{"requests", "", "that users made"},
       [](const Json& r) { return number(r, "requests", "generated"); }},
      {{"requests_per_s", "1/s", "that users made"}, requests_per_s},
      {{"attempts", "", "at servers"},
       [](const Json& r) { return number(r, "requests", "attempts"); }},
      {{"timeout", "", "requests"}, [](const Json& r) { return failed(r, "timeout"); }},
      {{"refused", "", "requests"}, [](const Json& r) { return failed(r, "refused"); }},
      {{"no_server", "", "requests"}, [](const Json& r) { return failed(r, "no_server"); }},
      {{"server_error", "", "requests"}, [](const Json& r) { return failed(r, "server_error"); }},
      {{"rate_limited", "", "requests"}, [](const Json& r) { return failed(r, "rate_limited"); }},
      {{"connection_lost", "", "requests"},
       [](const Json& r) { return failed(r, "connection_lost"); }},
      {{"dns", "", "requests"}, [](const Json& r) { return failed(r, "dns"); }},
      {{"pages", "", "started"}, [](const Json& r) { return number(r, "page_views", "started"); }},
      {{"pages_complete", "", ""},
       [](const Json& r) { return number(r, "page_views", "complete"); }},
      {{"utilization", "percent", "busiest resource of the site in its busiest minute"},
       [](const Json& r) { return 100 * number(r, "bottleneck", "utilization"); }},
      {{"jain", "", "least even pool, Jain's index of picks by weight"}, least_jain},
      {{"capex", "CNY", "price of all machines"},
       [](const Json& r) { return number(r, "cost", "capex_cny"); }},
      {{"opex", "CNY/year", "rent of all machines"},
       [](const Json& r) { return number(r, "cost", "opex_cny_per_year"); }},
  };
  return all;
}

}  // namespace

std::string column_of(const Metric& metric) {
  std::string column(metric.name);
  if (metric.unit == "ms" || metric.unit == "percent") column += '_' + std::string(metric.unit);
  if (metric.unit == "CNY") column += "_cny";
  if (metric.unit == "CNY/year") column += "_cny_per_year";
  return column;
}

const std::vector<Metric>& metrics() {
  static const std::vector<Metric> all = [] {
    std::vector<Metric> names;
    for (const Known& k : known()) names.push_back(k.metric);
    return names;
  }();
  return all;
}

std::size_t metric_index(std::string_view name) {
  std::size_t i = 0;
  while (i < metrics().size() && metrics()[i].name != name) ++i;
  return i;
}

std::vector<double> numbers_of(std::string_view run_json) {
  try {
    const Json run = Json::parse(run_json);
    std::vector<double> numbers;
    for (const Known& k : known()) numbers.push_back(k.of(run));
    return numbers;
  } catch (const Json::exception& error) {
    throw Bug(fmt::format("this is no run: {}", error.what()));
  }
}

}  // namespace lbsim::planning
