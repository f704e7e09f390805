#include "workload/common_line.hpp"

#include <algorithm>
#include <limits>

#include "workload/calendar.hpp"
#include "workload/latin1.hpp"

namespace lbsim::workload {
namespace {

constexpr auto kNowhere = std::string_view::npos;

bool is_at(std::string_view line, std::size_t at, char c) {
  return at < line.size() && line[at] == c;
}

// Position of the quote that closes the field whose text starts at `at`, or kNowhere.
std::size_t closing_quote(std::string_view line, std::size_t at) {
  for (; at < line.size(); ++at) {
    if (line[at] == '"') return at;
    if (line[at] == '\\') ++at;
  }
  return kNowhere;
}

std::uint64_t saturating_number(std::string_view digits) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t value = 0;
  for (const char c : digits) {
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > (kMost - digit) / 10) return kMost;
    value = value * 10 + digit;
  }
  return value;
}

// From `at`: nothing (common) or ` "referer" "agent"` and whatever follows (combined).
bool match_tail(std::string_view line, std::size_t at, CommonLine& parsed) {
  parsed.combined = at != line.size();
  if (!parsed.combined) return true;
  if (!is_at(line, at, ' ') || !is_at(line, at + 1, '"')) return false;
  const std::size_t referer_end = closing_quote(line, at + 2);
  if (referer_end == kNowhere || !is_at(line, referer_end + 1, ' ') ||
      !is_at(line, referer_end + 2, '"')) {
    return false;
  }
  const std::size_t agent_end = closing_quote(line, referer_end + 3);
  if (agent_end == kNowhere) return false;
  parsed.referer = line.substr(at + 2, referer_end - at - 2);
  parsed.agent = line.substr(referer_end + 3, agent_end - referer_end - 3);
  parsed.rest = line.substr(agent_end + 1);
  return true;
}

// From the quote that ends the request: `" status bytes` and the tail.
bool match_after_request(std::string_view line, std::size_t quote, CommonLine& parsed) {
  if (!has_shape(line.substr(quote), "\" 000 ")) return false;
  const std::size_t bytes = quote + 6;
  const bool missing = is_at(line, bytes, '-');
  const std::size_t end = missing ? bytes + 1 : end_of_digits(line, bytes);
  if (end == bytes || !match_tail(line, end, parsed)) return false;
  parsed.status =
      (line[quote + 2] - '0') * 100 + (line[quote + 3] - '0') * 10 + (line[quote + 4] - '0');
  parsed.bytes.reset();
  if (!missing) parsed.bytes = saturating_number(line.substr(bytes, end - bytes));
  return true;
}

constexpr std::string_view kStampShape = "[00/Aaa/0000:00:00:00 +0000] \"";

bool match_strictly(std::string_view line, std::size_t request, CommonLine& parsed) {
  const std::size_t quote = closing_quote(line, request);
  if (quote == kNowhere || !match_after_request(line, quote, parsed)) return false;
  parsed.request = line.substr(request, quote - request);
  return true;
}

bool match_leniently(std::string_view line, std::size_t request, CommonLine& parsed) {
  for (std::size_t quote = line.rfind('"'); quote != kNowhere && quote >= request;
       quote = line.rfind('"', quote - 1)) {
    if (match_after_request(line, quote, parsed)) {
      parsed.request = line.substr(request, quote - request);
      return true;
    }
  }
  return false;
}

// The user ends at the first date after which the rest of the line fits.
template <typename MatchRest>
bool match_from_user(std::string_view line, std::size_t user, MatchRest match_rest,
                     CommonLine& parsed) {
  for (std::size_t space = line.find(" [", user); space != kNowhere;
       space = line.find(" [", space + 1)) {
    const std::string_view stamp = line.substr(space + 1);
    if (!has_shape(stamp, kStampShape)) continue;
    if (!match_rest(line, space + 1 + kStampShape.size(), parsed)) continue;
    parsed.user = line.substr(user, space - user);
    parsed.utc_offset = stamp.substr(22, 5);
    parsed.time_s = log_clock_s(stamp.substr(1, kLogClockShape.size()));
    return true;
  }
  return false;
}

std::int64_t offset_s(std::string_view offset) {
  const auto digit = [&](std::size_t i) { return std::int64_t{offset[i] - '0'}; };
  const std::int64_t minutes = (digit(1) * 10 + digit(2)) * 60 + digit(3) * 10 + digit(4);
  return offset[0] == '+' ? minutes * 60 : -minutes * 60;
}

}  // namespace

Grammar match_common(std::string_view line, CommonLine& parsed) {
  const std::size_t host_end = end_of_word(line, 0);
  const std::size_t ident = host_end + 1;
  if (host_end == 0 || !is_at(line, host_end, ' ')) return Grammar::kNone;
  const std::size_t ident_end = end_of_word(line, ident);
  if (ident_end == ident || !is_at(line, ident_end, ' ')) return Grammar::kNone;
  const std::size_t user = ident_end + 1;

  Grammar grammar = Grammar::kStrict;
  if (!match_from_user(line, user, match_strictly, parsed)) {
    grammar = Grammar::kLenient;
    if (!match_from_user(line, user, match_leniently, parsed)) return Grammar::kNone;
  }
  parsed.host = line.substr(0, host_end);
  parsed.ident = line.substr(ident, ident_end - ident);
  if (parsed.time_s) *parsed.time_s -= offset_s(parsed.utc_offset);
  return grammar;
}

RequestLine split_request(std::string_view request) {
  const std::size_t first_space = request.find(' ');
  if (first_space == kNowhere) return {{}, request, {}};
  RequestLine parts;
  std::size_t target = 0;
  std::size_t target_end = request.size();
  const std::string_view first = request.substr(0, first_space);
  const bool capitals =
      std::all_of(first.begin(), first.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!first.empty() && capitals) {
    parts.method = first;
    target = first_space + 1;
  }
  const std::size_t last_space = request.rfind(' ');
  if (request.substr(last_space + 1).starts_with("HTTP/")) {
    parts.protocol = request.substr(last_space + 1);
    target_end = std::max(last_space, target);
  }
  parts.target = request.substr(target, target_end - target);
  return parts;
}

}  // namespace lbsim::workload
