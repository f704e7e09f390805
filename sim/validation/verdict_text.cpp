#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/json_writer.hpp"
#include "validation/totals.hpp"
#include "validation/verdict.hpp"

namespace lbsim::validation {
namespace {

// "-0.00" and "+0.00" are one number to a reader.
std::string percent(double x) {
  const std::string text = fmt::format("{:+.2f}", x);
  return text == "-0.00" || text == "+0.00" ? "0.00" : text;
}

std::string errors_text(const LatencyVerdict& verdict) {
  std::string text;
  for (std::size_t q = 0; q < kQuantities; ++q) {
    text += fmt::format(" {:>6}", percent(verdict.error_percent[q]));
  }
  return text;
}

std::string tolerance_text(const LatencyVerdict& verdict) {
  std::string text;
  for (const double tolerance : verdict.tolerance_percent) {
    text += fmt::format("{}{:.1f}", text.empty() ? "" : "/", tolerance);
  }
  return text;
}

std::string picks_text(const RunVerdict& verdict) {
  if (!verdict.picks) return verdict.seeds > 0 ? "random" : "not seen";
  return fmt::format("{}/{}", verdict.picks->equal.same, verdict.picks->equal.of);
}

void add_reasons(const char* what, const LatencyVerdict& verdict, const Latencies& recorded,
                 std::vector<std::string>& reasons) {
  if (verdict.holds) return;
  for (std::size_t q = 0; q < kQuantities; ++q) {
    if (std::abs(verdict.error_percent[q]) <= verdict.tolerance_percent[q]) continue;
    reasons.push_back(
        fmt::format("{}: {} is {:.0f} us, recorded {:.0f} us: {} %, and {:.2f} % is allowed", what,
                    kQuantityNames[q], verdict.simulated.us[q], recorded.us[q],
                    percent(verdict.error_percent[q]), verdict.tolerance_percent[q]));
  }
  if (verdict.simulated.count != recorded.count) {
    reasons.push_back(fmt::format("{}: {} requests were answered with status 200, recorded {}",
                                  what, verdict.simulated.count, recorded.count));
  }
}

void add_reasons(const char* what, const EqualPicks& equal, std::vector<std::string>& reasons) {
  if (equal.same == equal.of) return;
  reasons.push_back(fmt::format("{}: {} of {} picks differ, first at request {}", what,
                                equal.of - equal.same, equal.of, *equal.first_difference));
}

std::vector<std::string> reasons_of(const RunVerdict& v) {
  std::vector<std::string> reasons;
  if (v.picks) add_reasons("in the recorded order", v.picks->equal, reasons);
  add_reasons("on recorded picks", v.on_recorded_picks, v.recorded, reasons);
  if (v.free_picks_count) add_reasons("free run", v.free_picks, reasons);
  add_reasons("free run", v.free_run, v.recorded, reasons);
  return reasons;
}

void write_quantities(JsonWriter& json, const char* name, const Quantities& values) {
  json.key(name).begin_row();
  for (std::size_t q = 0; q < kQuantities; ++q) json.field(kQuantityNames[q], values[q]);
  json.end_object();
}

void write_equal(JsonWriter& json, const EqualPicks& equal) {
  json.field("same", std::uint64_t{equal.same}).field("of", std::uint64_t{equal.of});
}

void write_latencies(JsonWriter& json, const char* name, const LatencyVerdict& verdict) {
  json.key(name).begin_object();
  json.field("status_200", std::uint64_t{verdict.simulated.count});
  write_quantities(json, "latency_us", verdict.simulated.us);
  write_quantities(json, "error_percent", verdict.error_percent);
  write_quantities(json, "tolerance_percent", verdict.tolerance_percent);
  json.field("pass", verdict.holds);
  json.end_object();
}

void write_run(JsonWriter& json, const RunVerdict& v) {
  json.begin_object();
  json.field("name", v.name).field("balancer", v.balancer).field("algorithm", v.algorithm);
  json.field("requests", std::uint64_t{v.requests});
  json.key("recorded").begin_object();
  json.field("status_200", std::uint64_t{v.recorded.count});
  write_quantities(json, "latency_us", v.recorded.us);
  json.end_object();
  if (v.picks) {
    json.key("picks").begin_row();
    write_equal(json, v.picks->equal);
    json.field("swapped_ends", std::uint64_t{v.picks->swaps});
    json.field("pass", v.picks->equal.same == v.picks->equal.of).end_object();
  }
  write_latencies(json, "on_recorded_picks", v.on_recorded_picks);
  write_latencies(json, "free_run", v.free_run);
  if (v.seeds > 0) {
    json.field("free_run_seeds", std::uint64_t{v.seeds});
  } else {
    json.key("free_run_picks").begin_row();
    write_equal(json, v.free_picks);
    json.field("have_to_be_equal", v.free_picks_count).end_object();
  }
  json.field("pass", v.pass());
  json.end_object();
}

}  // namespace

std::string verdict_text(const std::vector<RunVerdict>& verdicts) {
  std::size_t width = 3;
  for (const RunVerdict& v : verdicts) width = std::max(width, v.name.size());
  const std::string four = fmt::format(" {:>6} {:>6} {:>6} {:>6}", "mean", "p50", "p90", "p99");
  std::string text =
      fmt::format("{:{}}  {:>11}   {:28}   {:28}   free run's tolerance\n", "", width, "picks",
                  "error on recorded picks, %", "error of the free run, %");
  text += fmt::format("{:{}}  {:>11}  {}  {}   {:<17}  verdict\n", "run", width, "as recorded",
                      four, four, "mean/p50/p90/p99");
  for (const RunVerdict& v : verdicts) {
    text += fmt::format("{:{}}  {:>11}  {}  {}   {:<17}  {}\n", v.name, width, picks_text(v),
                        errors_text(v.on_recorded_picks), errors_text(v.free_run),
                        tolerance_text(v.free_run), v.pass() ? "pass" : "fail");
    for (const std::string& why : reasons_of(v)) text += "  " + why + '\n';
  }
  return text + totals_text("runs", verdicts);
}

std::string verdict_json(const std::vector<RunVerdict>& verdicts, bool partial) {
  return report_json("runs", verdicts, write_run, partial);
}

}  // namespace lbsim::validation
