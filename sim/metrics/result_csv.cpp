#include "metrics/result_csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/json_writer.hpp"

namespace lbsim {

std::string nodes_csv(const RunResult& result) {
  std::string text =
      "minute,node,tier,kind,requests,cpu_utilization,nic_in_utilization,nic_out_utilization,"
      "queue_max,connections_max,bytes_in,bytes_out\n";
  for (const NodeStats& node : result.recorder.nodes()) {
    for (std::size_t i = 0; i < node.minutes.size(); ++i) {
      if (60.0 * static_cast<double>(i) >= result.simulated_s) break;  // what ends after the window
      const NodeMinute& m = node.minutes[i];
      const double seconds =
          std::clamp(result.simulated_s - 60.0 * static_cast<double>(i), 1.0, 60.0);
      const auto card = [&](std::uint64_t bytes) {
        if (!(node.nic_bytes_per_s > 0)) return std::string("0");
        return shortest(static_cast<double>(bytes) / (node.nic_bytes_per_s * seconds));
      };
      text +=
          fmt::format("{},{},{},{},{},{},{},{},{},{},{},{}\n", i, node.name, node.tier, node.kind,
                      m.requests, shortest(m.work_s / (node.cores * seconds)), card(m.bytes_in),
                      card(m.bytes_out), m.queue_max, m.connections_max, m.bytes_in, m.bytes_out);
    }
  }
  return text;
}

// What users saw, interval by interval.
std::string timeline_csv(const RunResult& result) {
  std::string text = "start_s";
  for (const std::string_view outcome : kOutcomeNames) text += fmt::format(",{}", outcome);
  text += ",mean_ms,p50_ms,p90_ms,p99_ms,max_ms\n";
  const Timeline& timeline = *result.recorder.timeline();
  double start_s = 0;
  for (const TimelineInterval& interval : timeline.intervals()) {
    if (start_s >= result.simulated_s) break;  // what ends after the window
    text += shortest(start_s);
    for (const std::uint64_t count : interval.outcomes) text += fmt::format(",{}", count);
    for (const double s :
         {interval.mean_s, interval.p50_s, interval.p90_s, interval.p99_s, interval.max_s}) {
      text += ',' + shortest(s * 1e3);
    }
    text += '\n';
    start_s += to_seconds(timeline.interval());
  }
  return text;
}

std::string latency_csv(const LatencySketch& latency) {
  std::string text = "latency_ms,requests\n";
  for (std::size_t i = 0; i < latency.counts().size(); ++i) {
    if (latency.counts()[i] == 0) continue;
    text += fmt::format("{},{}\n", shortest(LatencySketch::bucket_value_s(i) * 1e3),
                        latency.counts()[i]);
  }
  return text;
}

std::string events_csv(const RunResult& result) {
  std::string text = "at_s,node,what\n";
  for (const Event& event : result.recorder.events()) {
    text += fmt::format("{},{},{}\n", shortest(to_seconds(event.at)), event.node, event.what);
  }
  return text;
}

std::string windows_csv(const Recorder& recorder) {
  std::string text = "from_s,requests,failed,mean_ms,p50_ms,p90_ms,p99_ms,max_ms\n";
  for (std::size_t i = 0; i < recorder.windows().size(); ++i) {
    const WindowCounts& window = recorder.windows()[i];
    const LatencySketch& latency = window.latency;
    text += fmt::format("{},{},{}", shortest(recorder.window_from_s(i)), window.ended,
                        window.ended - latency.count());
    const double values_s[] = {latency.mean_s(), latency.quantile_s(0.5), latency.quantile_s(0.9),
                               latency.quantile_s(0.99), to_seconds(latency.max())};
    for (const double value_s : values_s) text += "," + shortest(value_s * 1e3);
    text += '\n';
  }
  return text;
}

void require_csv_folder(const std::string& folder) {
  if (folder.empty() || std::filesystem::is_directory(folder)) return;
  if (std::filesystem::exists(folder)) {
    throw InputError(Diagnostic{{}, 0, 0, "--csv", folder + " is no folder", "name a folder"});
  }
  require_writable(folder, "--csv");
}

void write_csv(const RunResult& result, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directory(folder, error);
  write_file(folder + "/nodes.csv", nodes_csv(result), "--csv");
  write_file(folder + "/latency.csv", latency_csv(result.recorder.latency()), "--csv");
  if (result.recorder.timeline()) {
    write_file(folder + "/timeline.csv", timeline_csv(result), "--csv");
  }
  write_file(folder + "/events.csv", events_csv(result), "--csv");
}

}  // namespace lbsim
