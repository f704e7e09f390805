#include "workload/access_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <string>

#include "workload/latin1.hpp"
#include "workload/rate_facts.hpp"
#include "workload/rounding.hpp"

namespace lbsim::workload {
namespace {

bool has_escape(std::string_view text) { return text.find('\\') != std::string_view::npos; }

// Four groups of one to three digits. Their size is not checked: 999.1.1.1 is no host name either.
bool is_ipv4_literal(std::string_view name) {
  for (int group = 0; group < 4; ++group) {
    const std::size_t digits = end_of_digits(name, 0);
    if (digits < 1 || digits > 3) return false;
    name.remove_prefix(digits);
    if (group == 3) return name.empty();
    if (!name.starts_with('.')) return false;
    name.remove_prefix(1);
  }
  return false;
}

// The names counted most, at most `most` of them.
Json largest(const NameTable& names, std::size_t most) {
  Json counts = Json::object();
  for (const std::uint32_t number : names.by_count()) {
    if (counts.size() == most) break;
    counts[utf8_from_latin1(names.name(number))] = names.counted(number);
  }
  return counts;
}

// The value at index floor(q (n - 1)) of the sorted values, q as a double as everywhere.
std::int64_t percentile(const std::vector<Tally::Entry>& entries, std::uint64_t n, double q) {
  const auto index = static_cast<std::uint64_t>(q * static_cast<double>(n - 1));
  std::uint64_t below = 0;
  for (const auto& [value, count] : entries) {
    below += count;
    if (below > index) return value;
  }
  return entries.back().value;
}

Json log2_histogram(const std::vector<Tally::Entry>& entries, std::uint64_t missing) {
  std::map<int, std::uint64_t> powers;
  std::uint64_t zero = 0;
  for (const auto& [value, count] : entries) {
    if (value == 0) {
      zero = count;
    } else {
      powers[std::bit_width(static_cast<std::uint64_t>(value)) - 1] += count;
    }
  }
  Json histogram = Json::object();
  for (const auto& [power, count] : powers) histogram[std::to_string(power)] = count;
  histogram["missing"] = missing;
  if (zero > 0) histogram["zero"] = zero;
  return histogram;
}

}  // namespace

void AccessFacts::NumberedLines::add(std::int64_t line_number) {
  ++count;
  if (first.size() < 50) first.push_back(line_number);
}

void AccessFacts::add_line(std::string_view line) {
  ++lines_;
  add_text(line);
  CommonLine parsed;
  const Grammar grammar = match_common(line, parsed);
  if (grammar == Grammar::kNone) {
    if (is_blank(line)) ++blank_lines_;
    invalid_.add(lines_);
    return;
  }
  if (grammar == Grammar::kLenient) lenient_.add(lines_);
  if (grammar == Grammar::kStrict) ++strict_lines_;
  if (!parsed.time_s) {
    invalid_.add(lines_);
    return;
  }
  add_fields(parsed);
  add_request(parsed.request);
  add_time(*parsed.time_s);
}

void AccessFacts::add_text(std::string_view line) {
  if (is_ascii(line)) return;
  ++non_ascii_lines_;
  if (!is_utf8(line)) ++non_utf8_lines_;
}

void AccessFacts::add_fields(const CommonLine& line) {
  clients_.count(line.host);
  utc_offsets_.count(line.utc_offset);
  status_.add(line.status);
  if (line.user != "-") ++lines_with_user_;
  // An escape in the agent behind an empty referer is not counted, by definition of the field.
  const bool escape_behind_request = line.combined && !line.referer.empty() &&
                                     (has_escape(line.referer) || has_escape(line.agent));
  if (has_escape(line.request) || escape_behind_request) ++lines_with_escape_;
  if (line.combined) {
    ++combined_lines_;
    if (!is_blank(line.rest)) ++lines_with_more_fields_;
  }
  if (line.bytes) {
    constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
    sizes_.add(static_cast<std::int64_t>(std::min(*line.bytes, kMost)));
  } else {
    ++sizes_missing_;
  }
}

void AccessFacts::add_request(std::string_view request) {
  const RequestLine parts = split_request(request);
  methods_.count(parts.method.empty() ? "(none)" : parts.method);
  protocols_.count(parts.protocol.empty() ? "(none)" : parts.protocol);
}

void AccessFacts::add_time(std::int64_t time_s) {
  seconds_.add(time_s);
  if (latest_s_ && time_s < *latest_s_) {
    ++out_of_order_;
    max_backward_s_ = std::max(max_backward_s_, *latest_s_ - time_s);
  }
  if (latest_s_ && time_s < previous_s_) ++descents_;
  previous_s_ = time_s;
  latest_s_ = std::max(latest_s_.value_or(time_s), time_s);
}

Json AccessFacts::clients() const {
  std::int64_t ipv4 = 0;
  std::int64_t ipv6 = 0;
  Wide sum_of_squares = 0;
  for (std::uint32_t number = 0; number < clients_.size(); ++number) {
    const std::string& name = clients_.name(number);
    if (name.find(':') != std::string::npos) ++ipv6;
    if (is_ipv4_literal(name)) ++ipv4;
    sum_of_squares += static_cast<Wide>(clients_.counted(number)) * clients_.counted(number);
  }
  std::vector<std::uint32_t> order = clients_.by_name();
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return clients_.counted(a) > clients_.counted(b); });
  order.resize(std::min<std::size_t>(order.size(), 10));
  Json top = Json::array();
  Wide in_top = 0;
  for (const std::uint32_t number : order) {
    top.push_back({{"client", utf8_from_latin1(clients_.name(number))},
                   {"requests", clients_.counted(number)}});
    in_top += clients_.counted(number);
  }
  const Wide total = static_cast<Wide>(valid());
  const auto distinct = static_cast<std::int64_t>(clients_.size());
  return {{"distinct", distinct},
          {"ipv4_literals", ipv4},
          {"ipv6_literals", ipv6},
          {"other_names", distinct - ipv4 - ipv6},
          {"top10", top},
          {"top10_share", round_to(quotient(in_top, total), 6)},
          {"sum_of_squared_shares", round_to(quotient(sum_of_squares, total * total), 8)}};
}

Json AccessFacts::bytes() {
  const auto& entries = sizes_.entries();
  std::uint64_t n = 0;
  Wide sum = 0;
  for (const auto& [value, count] : entries) {
    n += count;
    sum += static_cast<Wide>(value) * count;
  }
  const bool any = n > 0;
  const auto at = [&](double q) { return any ? Json(percentile(entries, n, q)) : Json(); };
  constexpr Wide kMost = std::numeric_limits<std::uint64_t>::max();
  return {{"present", n},
          {"missing", sizes_missing_},
          {"zero", any && entries.front().value == 0 ? entries.front().count : 0},
          {"sum", static_cast<std::uint64_t>(std::min(sum, kMost))},
          {"min", any ? Json(entries.front().value) : Json()},
          {"median", at(.5)},
          {"p90", at(.9)},
          {"p99", at(.99)},
          {"max", any ? Json(entries.back().value) : Json()},
          {"mean", any ? Json(round_to(quotient(sum, n), 4)) : Json()},
          {"bytes_histogram_log2", log2_histogram(entries, sizes_missing_)}};
}

Json AccessFacts::values() {
  Json status = Json::object();
  for (const auto& [code, count] : status_.entries()) status[fmt::format("{:03}", code)] = count;
  return {{"lines", lines_},
          {"valid", valid()},
          {"invalid", invalid_.count},
          {"invalid_line_numbers_first_50", invalid_.first},
          {"blank_lines", blank_lines_},
          {"valid_only_leniently", lenient_.count},
          {"valid_only_leniently_line_numbers_first_50", lenient_.first},
          {"strict_common_or_combined_lines", strict_lines_},
          {"lenient_common_or_combined_lines", strict_lines_ + lenient_.count},
          {"combined_lines", combined_lines_},
          {"lines_with_fields_after_agent", lines_with_more_fields_},
          {"lines_with_user", lines_with_user_},
          {"lines_with_backslash_escape", lines_with_escape_},
          {"non_utf8_lines", non_utf8_lines_},
          {"non_ascii_lines", non_ascii_lines_},
          {"out_of_order", out_of_order_},
          {"descents", descents_},
          {"max_backward_s", max_backward_s_},
          {"utc_offsets", largest(utc_offsets_, utc_offsets_.size())},
          {"status", status},
          {"methods", largest(methods_, 12)},
          {"protocols", largest(protocols_, 8)},
          {"clients", clients()},
          {"bytes", bytes()},
          {"rate", rate_facts(seconds_)}};
}

}  // namespace lbsim::workload
