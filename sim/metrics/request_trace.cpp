#include "metrics/request_trace.hpp"

#include <algorithm>

#include "core/json_writer.hpp"

namespace lbsim {
namespace {

constexpr const char* kCategory = "request";

double microseconds_of(Time t) { return to_seconds(t) * 1e6; }

void write_event(JsonWriter& json, const TracedRequest& request, const Span& span, bool begins) {
  json.begin_row().field("ph", begins ? "b" : "e").field("cat", kCategory);
  json.field("name", span.name).field("id", request.number);
  json.field("pid", static_cast<int>(span.row) + 1).field("tid", 1);
  json.field("ts", microseconds_of(begins ? span.begin : span.end));
}

void write_span(JsonWriter& json, const RequestTrace& trace, const TracedRequest& request,
                const Span& span) {
  write_event(json, request, span, true);
  json.key("args").begin_row();
  if (span.node >= 0) {
    json.field("machine", trace.rows()[span.row] + '.' + std::to_string(span.node + 1));
  }
  if (&span == &request.spans.front()) {
    json.field("outcome", kOutcomeNames[static_cast<std::size_t>(request.outcome)]);
  }
  json.end_object().end_object();
  write_event(json, request, span, false);
  json.end_object();
}

}  // namespace

RequestTrace::RequestTrace(std::vector<std::string> tiers) : rows_{"users", "names", "network"} {
  rows_.insert(rows_.end(), tiers.begin(), tiers.end());
}

std::uint32_t RequestTrace::start(Time now) {
  if (++made_ % stride_ != 0) return 0;
  if (kept_ == kMost) {
    thin();
    if (made_ % stride_ != 0) return 0;
  }
  ++kept_;
  TracedRequest& request = requests_.emplace_back();
  request.number = made_;
  request.spans.push_back({.row = kUsers, .node = -1, .name = "request", .begin = now});
  return static_cast<std::uint32_t>(requests_.size());
}

void RequestTrace::thin() {
  stride_ *= 2;
  for (TracedRequest& request : requests_) {
    if (request.spans.empty() || request.number % stride_ == 0) continue;
    request.spans = {};
    --kept_;
  }
}

void RequestTrace::begin(std::uint32_t traced, int row, const char* name, Time now,
                         std::int32_t node) {
  std::vector<Span>& spans = requests_[traced - 1].spans;
  if (spans.empty()) return;
  spans.push_back({static_cast<std::uint8_t>(row), node, name, now});
}

void RequestTrace::end(std::uint32_t traced, int row, Time now) {
  std::vector<Span>& spans = requests_[traced - 1].spans;
  const auto open = std::find_if(spans.rbegin(), spans.rend(), [&](const Span& span) {
    return span.row == row && span.end == Time::max();
  });
  if (open != spans.rend()) open->end = now;
}

void RequestTrace::finish(std::uint32_t traced, RequestOutcome outcome, Time now) {
  TracedRequest& request = requests_[traced - 1];
  request.outcome = outcome;
  for (Span& span : request.spans) span.end = std::min(span.end, now);
}

std::string to_trace_json(const RequestTrace& trace) {
  JsonWriter json;
  json.begin_object().field("displayTimeUnit", "ms").key("traceEvents").begin_array();
  for (std::size_t row = 0; row < trace.rows().size(); ++row) {
    const int pid = static_cast<int>(row) + 1;
    json.begin_row().field("ph", "M").field("name", "process_name").field("pid", pid);
    json.key("args").begin_row().field("name", trace.rows()[row]).end_object().end_object();
    json.begin_row().field("ph", "M").field("name", "process_sort_index").field("pid", pid);
    json.key("args").begin_row().field("sort_index", pid).end_object().end_object();
  }
  for (const TracedRequest& request : trace.requests()) {
    for (const Span& span : request.spans) write_span(json, trace, request, span);
  }
  json.end_array().end_object();
  return json.text() + '\n';
}

}  // namespace lbsim
