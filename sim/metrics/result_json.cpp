#include <fmt/format.h>

#include "core/check.hpp"
#include "core/json_writer.hpp"
#include "metrics/fairness.hpp"
#include "metrics/layer7_json.hpp"
#include "metrics/result.hpp"

namespace lbsim {
namespace {

void write_requests(JsonWriter& json, const Recorder& recorder) {
  json.key("requests").begin_object();
  json.field("generated", recorder.generated_count()).field("attempts", recorder.attempts());
  json.field("ok", recorder.outcomes()[0]);
  json.key("failed").begin_object();
  for (std::size_t i = 1; i < kOutcomes; ++i) {
    // Few sites deny anything; the others' results have one field less.
    const bool denied = i == static_cast<std::size_t>(RequestOutcome::denied);
    if (denied && recorder.outcomes()[i] == 0) continue;
    json.field(kOutcomeNames[i], recorder.outcomes()[i]);
  }
  json.end_object().end_object();
  json.key("page_views").begin_object();
  json.field("started", recorder.pages_started()).field("complete", recorder.pages_complete());
  json.end_object();
}

void write_latency(JsonWriter& json, const LatencySketch& latency) {
  json.key("latency_ms").begin_object();
  json.field("mean", latency.mean_s() * 1e3);
  const struct {
    const char* name;
    double q;
  } kQuantiles[] = {{"p50", 0.5}, {"p90", 0.9}, {"p95", 0.95}, {"p99", 0.99}, {"p999", 0.999}};
  for (const auto& [name, q] : kQuantiles) json.field(name, latency.quantile_s(q) * 1e3);
  json.field("max", to_seconds(latency.max()) * 1e3).end_object();
}

void write_nodes(JsonWriter& json, const RunResult& result) {
  json.key("nodes").begin_array();
  for (const NodeStats& node : result.recorder.nodes()) {
    const Utilization busiest = busiest_resource(node, result.simulated_s);
    json.begin_row();
    json.field("name", node.name).field("tier", node.tier).field("kind", node.kind);
    json.field("requests", node.total.requests).field("utilization", busiest.mean);
    json.field("utilization_peak", busiest.peak).field("utilization_of", busiest.of);
    json.field("queue_max", node.total.queue_max);
    json.field("connections_max", node.total.connections_max);
    json.field("bytes_in", node.total.bytes_in).field("bytes_out", node.total.bytes_out);
    json.end_object();
  }
  json.end_array();
}

void write_pools(JsonWriter& json, const Recorder& recorder) {
  json.key("pools").begin_array();
  for (const PoolStats& pool : recorder.pools()) {
    json.begin_object().field("name", pool.name).field("algorithm", pool.algorithm);
    json.key("picks").begin_array();
    for (std::size_t i = 0; i < pool.members.size(); ++i) {
      json.begin_row().field("member", pool.members[i]);
      json.field("weight", pool.weights[i]).field("picks", pool.picks[i]).end_object();
    }
    json.end_array();
    const Fairness fairness = fairness_of(pool.picks, pool.weights);
    json.field("jain", fairness.jain).field("max_over_mean", fairness.max_over_mean);
    json.field("cv", fairness.cv).end_object();
  }
  json.end_array();
}

// Only of workloads that tell what their requests are of.
void write_contents(JsonWriter& json, const Recorder& recorder) {
  if (recorder.contents().empty()) return;
  json.key("contents").begin_array();
  for (const ContentStats& content : recorder.contents()) {
    const LatencySketch& latency = content.latency;
    json.begin_row().field("name", content.name).field("requests", content.ended);
    json.field("ok", latency.count()).field("mean_ms", latency.mean_s() * 1e3);
    json.field("p50_ms", latency.quantile_s(0.5) * 1e3);
    json.field("p99_ms", latency.quantile_s(0.99) * 1e3).end_object();
  }
  json.end_array();
}

// Only of runs that were asked for a precision.
void write_precision(JsonWriter& json, const std::vector<PrecisionResult>& results) {
  if (results.empty()) return;
  json.key("precision").begin_array();
  for (const PrecisionResult& r : results) {
    const double unit = r.is_share ? 1 : 1e3;
    json.begin_row().field("metric", r.metric).field("reached", r.reached);
    json.field("unit", r.is_share ? "share" : "ms").field("estimate", r.estimate * unit);
    json.field("ci95", r.half_width * unit).field("wanted", r.wanted);
    json.field("warm_up_s", r.warm_up_s).field("batches", r.batches);
    json.field("batch_s", r.batch_s).field("lacks", r.lacks).end_object();
  }
  json.end_array();
}

}  // namespace

std::string to_json(const RunResult& result) {
  const Recorder& recorder = result.recorder;
  JsonWriter json;
  json.begin_object().field("schema", 1);
  json.key("scenario").begin_object().field("name", result.scenario);
  json.field("sha256", result.sha256).end_object();
  json.field("seed", result.seed).field("kernel", result.kernel);
  json.field("simulated_s", result.simulated_s).field("partial", result.partial);
  json.field("window_start_s", result.window_start_s);
  write_requests(json, recorder);
  write_latency(json, recorder.latency());
  write_nodes(json, result);
  write_pools(json, recorder);
  write_contents(json, recorder);
  write_layer7(json, recorder.layer7());
  json.key("events").begin_array();
  for (const Event& event : recorder.events()) {
    json.begin_row().field("at_s", to_seconds(event.at)).field("what", event.what);
    json.field("node", event.node).end_object();
  }
  json.end_array();
  const Bottleneck bottleneck = bottleneck_of(result);
  json.key("bottleneck").begin_object().field("node", bottleneck.node);
  json.field("resource", bottleneck.resource).field("utilization", bottleneck.utilization);
  json.end_object();
  json.key("cost").begin_object().field("capex_cny", result.capex_cny);
  json.field("opex_cny_per_year", result.opex_cny_per_year).end_object();
  write_precision(json, result.precision);
  json.key("notes").begin_array();
  for (const std::string& note : result.notes) json.value(note);
  json.end_array();
  json.field("pick_digest", fmt::format("{:016x}", recorder.pick_digest())).end_object();
  return json.text();
}

}  // namespace lbsim
