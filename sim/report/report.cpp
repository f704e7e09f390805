#include "report/report.hpp"

#include <algorithm>
#include <iterator>

#include "core/check.hpp"
#include "core/json_writer.hpp"
#include "planning/verdict.hpp"
#include "report/assets.hpp"

namespace lbsim::report {
namespace {

constexpr const char* kFindings[] = {"no_requests", "too_many_fail", "too_slow", "holds"};
constexpr const char* kCauses[] = {"load", "event", "way"};

void write_verdict(JsonWriter& json, const RunResult& result) {
  const Verdict verdict = verdict_of(result);
  json.key("verdict").begin_object().field("holds", verdict.holds());
  json.field("finding", kFindings[static_cast<std::size_t>(verdict.finding)]);
  json.field("cause", kCauses[static_cast<std::size_t>(verdict.cause)]);
  json.field("p99_ms", verdict.p99_s * 1e3).field("error_share", verdict.error_share);
  json.field("largest_failure", verdict.largest_failure);
  json.field("busiest", verdict.busiest.node).field("resource", verdict.busiest.resource);
  json.field("utilization", verdict.busiest.utilization);
  json.field("why", verdict.why).field("decides", verdict.decides).end_object();
}

void write_timeline(JsonWriter& json, const RunResult& result) {
  LBSIM_CHECK(result.recorder.timeline().has_value());
  const Timeline& timeline = *result.recorder.timeline();
  const double interval_s = to_seconds(timeline.interval());
  json.key("timeline").begin_object().field("interval_s", interval_s);
  json.key("rows").begin_array();
  double start_s = 0;
  for (const TimelineInterval& interval : timeline.intervals()) {
    if (start_s >= result.simulated_s) break;  // what ends after the window
    json.begin_array(true);
    for (const std::uint64_t count : interval.outcomes) json.value(count);
    json.value(interval.mean_s * 1e3).value(interval.p50_s * 1e3).value(interval.p90_s * 1e3);
    json.value(interval.p99_s * 1e3).value(interval.max_s * 1e3).end_array();
    start_s += interval_s;
  }
  json.end_array().end_object();
}

// Of each node, the utilisation of its cores in every minute.
void write_minutes(JsonWriter& json, const RunResult& result) {
  json.key("minutes").begin_array();
  for (const NodeStats& node : result.recorder.nodes()) {
    json.begin_array(true);
    double start_s = 0;
    for (const NodeMinute& minute : node.minutes) {
      if (start_s >= result.simulated_s) break;
      const double seconds = std::clamp(result.simulated_s - start_s, 1.0, 60.0);
      json.value(minute.work_s / (node.cores * seconds));
      start_s += 60;
    }
    json.end_array();
  }
  json.end_array();
}

// In JSON a "<" stands in texts only, where it can be written so that no parser of HTML sees it.
std::string without_markup(const std::string& json) {
  std::string safe;
  safe.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

// Fills a page's places, "{{name}}". What is filled in is not looked at again.
std::string filled(std::string_view page, const std::string& data) {
  const struct {
    std::string_view place;
    std::string_view text;
  } kParts[] = {{"{{style}}", assets::kStyle},   {"{{chart_style}}", assets::kChartStyle},
                {"{{charts}}", assets::kCharts}, {"{{words}}", assets::kWords},
                {"{{parts}}", assets::kParts},   {"{{site_drawing}}", assets::kSiteDrawing},
                {"{{layout}}", assets::kLayout}, {"{{data}}", data}};
  std::string text;
  while (!page.empty()) {
    const std::size_t at = page.find("{{");
    text += page.substr(0, at);
    if (at == std::string_view::npos) break;
    page.remove_prefix(at);
    const auto* part = std::find_if(std::begin(kParts), std::end(kParts),
                                    [&](const auto& p) { return page.starts_with(p.place); });
    LBSIM_CHECK(part != std::end(kParts));
    text += part->text;
    page.remove_prefix(part->place.size());
  }
  return text;
}

}  // namespace

std::string run_json(const RunResult& result) {
  JsonWriter json(0);
  json.begin_object().key("result").raw(to_json(result));
  json.field("window", result.window).field("page_views_per_day", result.page_views_per_day);
  write_verdict(json, result);
  write_timeline(json, result);
  write_minutes(json, result);
  json.field("scenario", result.scenario_text).end_object();
  return json.text();
}

planning::ChildRun with_page(planning::ChildRun run) {
  run.run = [body = std::move(run.run)](const std::function<bool(const Progress&)>& progress) {
    RunResult result = body(progress);
    result.page = run_json(result);
    return result;
  };
  return run;
}

std::string to_html(const Page& page) {
  JsonWriter json(0);
  json.begin_object().field("version", page.version).field("command", page.command);
  json.key("slo").begin_object().field("p99_ms", kSloP99S * 1e3);
  json.field("error_share", kSloErrorShare).end_object();
  json.key("outcomes").begin_array(true);
  for (const std::string_view outcome : kOutcomeNames) json.value(std::string(outcome));
  json.end_array().key("runs").begin_array();
  for (const std::string& run : page.runs) json.raw(run);
  json.end_array().key("differences").raw(page.differences).end_object();
  return filled(assets::kPage, without_markup(json.text()));
}

}  // namespace lbsim::report
