#include "planning/run_report.hpp"

#include <nlohmann/json.hpp>

#include "core/check.hpp"
#include "planning/metric.hpp"

namespace lbsim::planning {

double RunReport::number(std::string_view metric) const {
  const std::size_t i = metric_index(metric);
  LBSIM_CHECK(i < numbers.size());
  return numbers[i];
}

RunReport report_of(const RunResult& result) {
  RunReport report;
  report.json = to_json(result);
  report.numbers = numbers_of(report.json);
  report.scenario = result.scenario;
  report.partial = result.partial;
  report.page_views_per_day = result.page_views_per_day;
  report.bottleneck = bottleneck_of(result);
  report.verdict = verdict_of(result);
  report.page = result.page;
  return report;
}

std::string packed(const RunReport& report) {
  const Bottleneck& b = report.bottleneck;
  const nlohmann::json all = {report.json,
                              report.scenario,
                              report.partial,
                              report.page_views_per_day,
                              {b.node, b.tier, b.kind, b.resource, b.utilization},
                              {report.verdict.finding, report.verdict.why, report.verdict.decides},
                              report.page,
                              report.measured};
  const std::vector<std::uint8_t> bytes = nlohmann::json::to_cbor(all);
  return {bytes.begin(), bytes.end()};
}

RunReport unpacked(const std::string& bytes) {
  try {
    const nlohmann::json all = nlohmann::json::from_cbor(bytes);
    RunReport report;
    report.json = all.at(0).get<std::string>();
    report.numbers = numbers_of(report.json);
    report.scenario = all.at(1).get<std::string>();
    report.partial = all.at(2).get<bool>();
    report.page_views_per_day = all.at(3).get<double>();
    const nlohmann::json& b = all.at(4);
    report.bottleneck = {b.at(0), b.at(1), b.at(2), b.at(3), b.at(4)};
    const nlohmann::json& v = all.at(5);
    report.verdict.finding = v.at(0).get<Finding>();
    report.verdict.why = v.at(1);
    report.verdict.decides = v.at(2);
    report.page = all.at(6).get<std::string>();
    report.measured = all.at(7).get<std::vector<double>>();
    return report;
  } catch (const nlohmann::json::exception& error) {
    throw Bug(std::string("a run's report cannot be read: ") + error.what());
  }
}

}  // namespace lbsim::planning
