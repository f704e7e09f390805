// The facts of a log in words, for a terminal.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "workload/log_facts.hpp"

namespace lbsim::workload {
namespace {

// 1234567 -> "1,234,567"
std::string grouped(const Json& number) {
  const std::string digits = std::to_string(number.get<std::uint64_t>());
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string decimal(const Json& number, int digits) {
  return number.is_null() ? "-" : fmt::format("{:.{}f}", number.get<double>(), digits);
}

std::string row(std::string_view label, const std::string& value) {
  return fmt::format("  {:<16} {}\n", label, value);
}

// "200: 32,101, 404: 348 requests"
std::string counts_row(std::string_view label, const Json& counts, std::string_view unit) {
  std::string list;
  for (const auto& [name, count] : counts.items()) {
    list += fmt::format("{}{}: {}", list.empty() ? "" : ", ", name, grouped(count));
  }
  return list.empty() ? "" : row(label, fmt::format("{} {}", list, unit));
}

std::string line_numbers(const Json& numbers, const Json& total) {
  std::string list;
  for (const auto& number : numbers) {
    if (list.size() > 48) break;
    list += fmt::format("{}{}", list.empty() ? ": line " : ", ", number.get<std::int64_t>());
  }
  const bool all = total.get<std::size_t>() == 0 ||
                   list.ends_with(fmt::format(" {}", numbers.back().get<std::int64_t>()));
  return list + (all ? "" : ", ...");
}

std::string size_text(const Json& bytes) {
  if (bytes.is_null()) return "-";
  const double n = bytes.get<double>();
  if (n < 1e3) return fmt::format("{:.0f} B", n);
  if (n < 1e6) return fmt::format("{:.1f} KB", n / 1e3);
  if (n < 1e9) return fmt::format("{:.1f} MB", n / 1e6);
  return fmt::format("{:.1f} GB", n / 1e9);
}

std::string rate_text(const Json& rate) {
  const Json& second = rate["peak_1s"];
  const Json& minute = rate["peak_60s_aligned"];
  const Json& sliding = rate["peak_60s_sliding"];
  std::string text;
  text += row("time",
              fmt::format("{} to {}, {:.1f} hours", rate["first"].get<std::string>(),
                          rate["last"].get<std::string>(), rate["span_s"].get<double>() / 3600));
  text += row("mean rate", decimal(rate["mean_per_s"], 3) + " requests/s");
  text += row("peak second", fmt::format("{} requests at {}", grouped(second["requests"]),
                                         second["at"].get<std::string>()));
  text +=
      row("peak minute",
          fmt::format("{} requests at {}, {} times the mean minute", grouped(minute["requests"]),
                      minute["at"].get<std::string>(), decimal(rate["peak_to_mean_minute"], 2)));
  text += row("peak any 60 s", fmt::format("{} requests from {}", grouped(sliding["requests"]),
                                           sliding["from"].get<std::string>()));
  text +=
      row("burstiness", fmt::format("variance/mean of counts {} at 1 s, {} at 60 s "
                                    "(Poisson: 1)",
                                    decimal(rate["idc"]["1"], 2), decimal(rate["idc"]["60"], 2)));
  return text;
}

std::string hours_text(const Json& hours, std::string_view label) {
  std::string text = fmt::format("  {} (requests)\n", label);
  std::uint64_t most = 1;
  for (const auto& count : hours) most = std::max(most, count.get<std::uint64_t>());
  int hour = 0;
  for (const auto& count : hours) {
    const double share = count.get<double>() / static_cast<double>(most);
    text += fmt::format("    {:02}h {:>14}  {}\n", hour++, grouped(count),
                        std::string(static_cast<std::size_t>(share * 40 + 0.5), '#'));
  }
  return text;
}

std::string access_text(const Json& facts) {
  const Json& clients = facts["clients"];
  const Json& bytes = facts["bytes"];
  std::string text;
  text += row("lines", grouped(facts["lines"]) + " lines");
  text +=
      row("valid", fmt::format("{} lines, {} of them only leniently (bare quotes in the request)",
                               grouped(facts["valid"]), grouped(facts["valid_only_leniently"])));
  text += row("invalid",
              fmt::format("{} lines{}", grouped(facts["invalid"]),
                          line_numbers(facts["invalid_line_numbers_first_50"], facts["invalid"])));
  text += row("out of order", fmt::format("{} lines, by up to {} s", grouped(facts["out_of_order"]),
                                          grouped(facts["max_backward_s"])));
  text +=
      row("clients", fmt::format("{} clients ({} IPv4, {} IPv6, {} names); the busiest ten "
                                 "send {:.1f} % of requests",
                                 grouped(clients["distinct"]), grouped(clients["ipv4_literals"]),
                                 grouped(clients["ipv6_literals"]), grouped(clients["other_names"]),
                                 clients["top10_share"].get<double>() * 100));
  text += row("bytes", fmt::format("{} sent; median {}, p90 {}, p99 {}, largest {}; missing on {} "
                                   "lines",
                                   size_text(bytes["sum"]), size_text(bytes["median"]),
                                   size_text(bytes["p90"]), size_text(bytes["p99"]),
                                   size_text(bytes["max"]), grouped(bytes["missing"])));
  text += counts_row("status", facts["status"], "requests");
  text += counts_row("methods", facts["methods"], "requests");
  text += rate_text(facts["rate"]);
  text += hours_text(facts["rate"]["requests_by_utc_hour_of_day"], "hour of day, UTC");
  return text;
}

std::string haproxy_text(const Json& facts) {
  std::string text;
  text += row("lines", grouped(facts["lines"]) + " lines");
  text += row("valid", fmt::format("{} HTTP lines, {} TCP lines", grouped(facts["http_lines"]),
                                   grouped(facts["tcp_lines"])));
  text +=
      row("other", fmt::format("{} lines{}", grouped(facts["other_lines"]),
                               line_numbers(facts["other_line_numbers"], facts["other_lines"])));
  text += counts_row("termination", facts["termination_states"], "requests");
  text += counts_row("servers", facts["backend_server"], "requests");
  text += counts_row("status", facts["status"], "requests");
  return text;
}

std::string series_text(const Json& facts) {
  std::string text;
  text += row("requests", grouped(facts["requests"]) + " requests");
  text += row("points", fmt::format("{} steps of {} s, {} of them given, {} zero",
                                    grouped(facts["points"]), grouped(facts["step_s"]),
                                    grouped(facts["points_given"]), grouped(facts["zero_points"])));
  text += row("mean", decimal(facts["mean"], 3) + " requests per step");
  text += row("peak", fmt::format("{} requests per step at index {}, {} times the mean",
                                  grouped(facts["max"]), facts["max_at_index"].get<std::int64_t>(),
                                  decimal(facts["peak_to_mean"], 2)));
  const auto hours = facts.find("requests_by_hour_of_day_since_index_0");
  if (hours != facts.end()) text += hours_text(*hours, "hour of day since index 0");
  return text;
}

std::string table_text(const Json& facts) {
  std::string text;
  text += row("requests", grouped(facts["requests"]) + " requests");
  text += row("rows", grouped(facts["rows"]) + " hours given");
  text += row("mean", decimal(facts["mean"], 1) + " requests per hour");
  text += row("peak", fmt::format("{} requests per hour, {} times the mean", grouped(facts["max"]),
                                  decimal(facts["peak_to_mean"], 2)));
  return text + hours_text(facts["requests_by_hour_of_day"], "hour of day");
}

}  // namespace

std::string to_text(const LogFacts& facts) {
  const Json& values = facts.values;
  const auto kind = values["kind"].get<std::string>();
  std::string text = fmt::format("{}\n", facts.file);
  text += row("size", fmt::format("{} uncompressed", size_text(values["bytes_uncompressed"])));
  if (kind == "access_log") return text + access_text(values);
  if (kind == "haproxy_log") return text + haproxy_text(values);
  if (kind == "table") return text + table_text(values);
  return text + series_text(values);
}

}  // namespace lbsim::workload
