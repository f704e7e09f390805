#include "core/json_writer.hpp"
#include "planning/check.hpp"

namespace lbsim::planning {
namespace {

void write_names(JsonWriter& json, const char* key, const std::vector<std::string>& names) {
  json.key(key).begin_array(true);
  for (const std::string& name : names) json.value(name);
  json.end_array();
}

void write_cut(JsonWriter& json, const CheckReport& report) {
  json.key("min_cut_inputs").begin_array();
  for (const CutPart& part : cut_parts(report)) {
    json.begin_row();
    json.field("from", part.first).field("to", part.last).field("count", std::uint64_t{part.count});
    json.field("capacity_rps", part.capacity_per_s).field("input", part.input);
    json.end_object();
  }
  json.end_array();
}

void write_configured(JsonWriter& json, const CheckReport& report) {
  const ConfiguredCapacity& capacity = report.configured;
  const Stage& stage = report.stages[capacity.stage];
  json.key("configured").begin_row();
  json.field("capacity_rps", capacity.per_s);
  json.field("full_first", stage.machines[capacity.machine].name);
  json.field("spread_by", stage.spread_by).field("input", capacity.input);
  json.end_object();
}

void write_forecast(JsonWriter& json, const CheckReport& report) {
  json.key("forecast").begin_array();
  for (const NodeForecast& node : report.nodes) {
    const Machine& machine = report.machine(node);
    json.begin_row();
    json.field("node", machine.name).field("utilization_peak", node.utilization);
    json.field("utilization_of", node.resource).field("share", node.share);
    json.field("standby", machine.standby);
    json.field("capacity_rps", planning::capacity_per_s(machine)).field("input", node.input);
    json.end_object();
  }
  json.end_array();
}

void write_headroom(JsonWriter& json, const CheckReport& report) {
  json.key("headroom").begin_array();
  for (const Headroom& row : report.headroom) {
    const std::vector<Machine>& machines = report.stages[row.stage].machines;
    for (std::size_t m = row.machine; m <= row.last; ++m) {
      json.begin_row().field("node", machines[m].name).field("resource", row.load.resource);
      json.field("utilization_peak", row.utilization).field("headroom", row.times);
      json.field("capacity_rps", row.load.capacity_per_s).field("input", row.load.input);
      json.end_object();
    }
  }
  json.end_array();
}

void write_bottlenecks(JsonWriter& json, const CheckReport& report) {
  json.key("bottlenecks").begin_array();
  for (const BottleneckStep& step : report.bottlenecks) {
    json.begin_row().field("node", report.stages[step.stage].machines[step.machine].name);
    json.field("utilization_peak", step.utilization).field("headroom", step.times);
    json.field("input", step.load.input).field("resource", step.load.resource);
    json.field("capacity_rps", step.capacity_per_s);
    json.field("configured_rps", step.configured_per_s).end_object();
  }
  json.end_array();
}

void write_losses(JsonWriter& json, const CheckReport& report) {
  json.key("if_one_fails").begin_array();
  for (const Loss& loss : report.losses) {
    const Stage& stage = report.stages[loss.stage];
    const bool down = loss.share_lost == 1;
    json.begin_row();
    json.field("node", stage.machines[loss.machine].name);
    json.field("alike", std::uint64_t{loss.alike}).field("noticed_by", loss.watched_by);
    json.field("share_lost", loss.share_lost).field("capacity_rps", loss.capacity_per_s);
    json.field("utilization_peak", loss.utilization);
    const std::string& busiest =
        report.stages[loss.busiest_stage].machines[loss.busiest_machine].name;
    json.field("busiest", down ? std::string() : busiest);
    json.field("fails", loss.fails());
    json.end_object();
  }
  json.end_array();
}

}  // namespace

std::string check_json(const CheckReport& report) {
  JsonWriter json;
  json.begin_object();
  json.field("schema", 1).field("scenario", report.scenario);
  json.field("page_views_per_s_peak", report.busiest.pages_per_s);
  json.field("requests_per_page", report.mix.requests_per_page);
  json.field("requests_per_s_peak", report.requests_per_s);
  json.field("capacity_rps", report.requests.per_s);
  json.field("capacity_assumes", "every balancer spreads the load ideally");
  write_names(json, "min_cut", cut_names(report.graph.requests, report.requests));
  write_cut(json, report);
  json.field("response_capacity_bps", report.responses.per_s);
  write_names(json, "response_min_cut", cut_names(report.graph.responses, report.responses));
  write_configured(json, report);
  std::vector<std::string> alone;
  for (const auto node : report.single_points) alone.push_back(report.graph.requests[node].name);
  write_names(json, "single_points_of_failure", alone);
  write_forecast(json, report);
  write_headroom(json, report);
  write_bottlenecks(json, report);
  write_losses(json, report);
  json.end_object();
  return json.text() + '\n';
}

}  // namespace lbsim::planning
