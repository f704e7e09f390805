#include "workload/haproxy_line.hpp"

#include <charconv>
#include <span>

#include "workload/calendar.hpp"
#include "workload/latin1.hpp"

namespace lbsim::workload {
namespace {

constexpr auto kNoPlace = std::string_view::npos;

enum class Sign { kNone, kPlus, kPlusOrMinus };

// Digits, with a sign in front if one is allowed: the whole of `text`.
bool is_number(std::string_view text, Sign sign) {
  const bool has_plus = !text.empty() && text[0] == '+' && sign != Sign::kNone;
  const bool has_minus = !text.empty() && text[0] == '-' && sign == Sign::kPlusOrMinus;
  const std::size_t digits = has_plus || has_minus ? 1 : 0;
  return text.size() > digits && end_of_digits(text, digits) == text.size();
}

// Numbers parted by slashes, exactly as many as `parts` holds.
bool split_numbers(std::string_view text, std::span<std::string_view> parts, Sign sign) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool last = i + 1 == parts.size();
    const std::size_t end = last ? text.size() : text.find('/');
    if (end == kNoPlace || !is_number(text.substr(0, end), sign)) return false;
    parts[i] = text.substr(0, end);
    text.remove_prefix(last ? end : end + 1);
  }
  return true;
}

// Words of a line, one space behind each.
class Words {
 public:
  explicit Words(std::string_view line) : line_(line) {}

  bool next(std::string_view& word) {
    const std::size_t end = end_of_word(line_, 0);
    word = line_.substr(0, end);
    if (end == 0 || end == line_.size() || line_[end] != ' ') return false;
    line_.remove_prefix(end + 1);
    return true;
  }

  bool next_bracketed(std::string_view& text) {
    const std::size_t end = line_.find(']');
    if (end == kNoPlace || line_[0] != '[') return false;
    text = line_.substr(1, end - 1);
    line_.remove_prefix(end + 1);
    if (line_.empty() || line_[0] != ' ') return false;
    line_.remove_prefix(1);
    return true;
  }

  std::string_view rest() const { return line_; }

 private:
  std::string_view line_;
};

// client:port [date] frontend backend/server
bool match_head(Words& words, HaproxyLine& parsed) {
  std::string_view client;
  std::string_view chosen;
  if (!words.next(client) || !words.next_bracketed(parsed.date)) return false;
  if (!words.next(parsed.frontend) || !words.next(chosen)) return false;
  const std::size_t colon = client.rfind(':');
  const std::size_t slash = chosen.find('/');
  if (colon == kNoPlace || colon == 0 || slash == kNoPlace || slash == 0) return false;
  parsed.client = client.substr(0, colon);
  parsed.client_port = client.substr(colon + 1);
  parsed.backend = chosen.substr(0, slash);
  parsed.server = chosen.substr(slash + 1);
  return is_number(parsed.client_port, Sign::kNone) && !parsed.server.empty();
}

// A "+" marks retries that ended in a redispatch; the first count never carries one.
bool is_connections(std::string_view text) {
  std::array<std::string_view, 5> counts;
  return split_numbers(text, counts, Sign::kPlus) && text[0] != '+';
}

// The request is in quotes behind up to two groups of captured headers in braces.
std::string_view quoted_request(std::string_view rest) {
  for (int group = 0; group < 2 && rest.starts_with('{'); ++group) {
    const std::size_t end = rest.find("} ");
    if (end == kNoPlace) return {};
    rest.remove_prefix(end + 2);
  }
  if (!rest.starts_with('"')) return {};
  rest.remove_prefix(1);
  const std::size_t quote = rest.rfind('"');  // none: the line was cut off at the syslog limit
  return rest.substr(0, quote);
}

// actconn/feconn/beconn/srvconn/retries srvqueue/backendqueue, then the end or a space and the
// rest.
bool match_end(Words& words, HaproxyLine& parsed) {
  if (!words.next(parsed.connections) || !is_connections(parsed.connections)) return false;
  std::string_view rest = words.rest();
  const std::size_t server_end = end_of_digits(rest, 0);
  if (server_end == 0 || server_end == rest.size() || rest[server_end] != '/') return false;
  const std::size_t end = end_of_digits(rest, server_end + 1);
  if (end == server_end + 1 || (end < rest.size() && rest[end] != ' ')) return false;
  parsed.server_queue = rest.substr(0, server_end);
  parsed.backend_queue = rest.substr(server_end + 1, end - server_end - 1);
  parsed.request = end < rest.size() ? quoted_request(rest.substr(end + 1)) : std::string_view{};
  return true;
}

bool match_http(Words words, HaproxyLine& parsed) {
  std::string_view timers;
  std::string_view cookie;
  if (!match_head(words, parsed) || !words.next(timers) || !words.next(parsed.status)) return false;
  if (!split_numbers(timers, parsed.timers, Sign::kPlusOrMinus)) return false;
  if (!is_number(parsed.status, Sign::kPlusOrMinus) || !words.next(parsed.bytes)) return false;
  if (!is_number(parsed.bytes, Sign::kPlus) || !words.next(cookie) || !words.next(cookie)) {
    return false;
  }
  return words.next(parsed.termination) && parsed.termination.size() == 4 &&
         match_end(words, parsed);
}

bool match_tcp(Words words, HaproxyLine& parsed) {
  std::string_view timers;
  if (!match_head(words, parsed) || !words.next(timers) || !words.next(parsed.bytes)) return false;
  parsed.timers = {};
  parsed.status = {};
  if (!split_numbers(timers, std::span(parsed.timers).first(3), Sign::kPlusOrMinus)) return false;
  return is_number(parsed.bytes, Sign::kPlus) && words.next(parsed.termination) &&
         parsed.termination.size() == 2 && match_end(words, parsed);
}

// "25/Feb/2019:16:19:48.143"
std::optional<std::int64_t> accepted_ms(std::string_view date) {
  if (!has_shape(date, kLogClockShape)) return std::nullopt;
  const auto clock = log_clock_s(date);
  if (!clock) return std::nullopt;
  const std::string_view fraction = date.substr(kLogClockShape.size());
  if (!has_shape(fraction, ".000")) return *clock * 1000;
  return *clock * 1000 + (fraction[1] - '0') * 100 + (fraction[2] - '0') * 10 + (fraction[3] - '0');
}

// Tries `match` behind every "haproxy[PID]: " from the left.
template <typename Match>
bool match_anywhere(std::string_view line, Match match, HaproxyLine& parsed) {
  constexpr std::string_view kName = "haproxy[";
  for (std::size_t at = line.find(kName); at != kNoPlace; at = line.find(kName, at + 1)) {
    const std::size_t pid = at + kName.size();
    const std::size_t pid_end = end_of_digits(line, pid);
    if (pid_end == pid || !line.substr(pid_end).starts_with("]: ")) continue;
    if (match(Words(line.substr(pid_end + 3)), parsed)) return true;
  }
  return false;
}

}  // namespace

std::optional<std::int64_t> HaproxyLine::timer_ms(std::size_t index) const {
  std::string_view text = timers[index];
  if (text.empty() || text[0] == '-') return std::nullopt;
  if (text[0] == '+') text.remove_prefix(1);
  std::int64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc{}) return std::nullopt;
  return value;
}

HaproxyKind match_haproxy(std::string_view line, HaproxyLine& parsed) {
  HaproxyKind kind = HaproxyKind::kHttp;
  if (!match_anywhere(line, match_http, parsed)) {
    kind = HaproxyKind::kTcp;
    if (!match_anywhere(line, match_tcp, parsed)) return HaproxyKind::kOther;
  }
  parsed.accepted_ms = accepted_ms(parsed.date);
  return kind;
}

}  // namespace lbsim::workload
