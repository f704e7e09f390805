#include "workload/request_time.hpp"

#include <algorithm>
#include <charconv>

#include "core/error.hpp"

namespace lbsim::workload {
namespace {

// "0.123" with three digits: nginx's seconds. Whole numbers (bytes, ports) and versions are none.
std::optional<double> nginx_seconds(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == 0 || dot == std::string_view::npos || text.size() != dot + 4) return std::nullopt;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i != dot && !digit(text[i])) return std::nullopt;
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "0.001, 0.120" or "0.001 : 0.120": servers tried one after the other.
std::optional<double> sum_of_tries(std::string_view text) {
  std::optional<double> sum;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" ,:"), text.size());
    const std::string_view word = text.substr(0, end);
    if (const auto seconds = nginx_seconds(word)) {
      sum = sum.value_or(0) + *seconds;
    } else if (!word.empty() && word != "-") {
      return std::nullopt;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return sum;
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "0/123456": %T/%D, the same time twice.
std::optional<double> apache_seconds(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto seconds = whole_number(text.substr(0, slash));
  const auto microseconds = whole_number(text.substr(slash + 1));
  if (!seconds || !microseconds || *microseconds / 1'000'000 != *seconds) return std::nullopt;
  return static_cast<double>(*microseconds) * 1e-6;
}

// The next field, its quotes kept together: `0.1`, `"0.1, 0.2"`, `urt="0.1"`. False at the end.
bool next_field(std::string_view& text, std::string_view& field) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  if (text.empty()) return false;
  bool quoted = false;
  std::size_t end = 0;
  for (; end < text.size() && (quoted || text[end] != ' '); ++end) {
    if (text[end] == '"') quoted = !quoted;
  }
  field = text.substr(0, end);
  text.remove_prefix(end);
  return true;
}

std::string_view without_quotes(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

RequestTimes request_times_of(std::string_view rest) {
  RequestTimes named;
  RequestTimes in_order;  // without names: the request's time, then the server's
  int numbers = 0;
  std::string_view field;
  while (next_field(rest, field)) {
    in_order.number.reset();
    const std::size_t equals = field.find('=');
    if (equals == std::string_view::npos) {
      const std::string_view text = without_quotes(field);
      in_order.number = whole_number(text);
      if (in_order.number) ++numbers;
      auto seconds = sum_of_tries(text);
      if (!seconds) seconds = apache_seconds(text);
      if (!seconds) continue;
      if (!in_order.total_s) {
        in_order.total_s = seconds;
      } else if (!in_order.server_s) {
        in_order.server_s = seconds;
      }
      continue;
    }
    const std::string_view name = field.substr(0, equals);
    const auto seconds = sum_of_tries(without_quotes(field.substr(equals + 1)));
    if (is_one_of(name, {"rt", "request_time", "reqtime", "time"})) named.total_s = seconds;
    if (is_one_of(name, {"urt", "upstream_response_time", "upstream_time"})) {
      named.server_s = seconds;
    }
  }
  if (named.total_s || named.server_s) return named;
  if (numbers > 1 || in_order.total_s) in_order.number.reset();
  return in_order;
}

RequestTimes request_times_of(const HaproxyLine& line) {
  RequestTimes times;
  if (line.status.empty()) return times;  // TCP: of connections
  const auto server_ms = line.timer_ms(3);
  const auto total_ms = line.timer_ms(4);
  if (server_ms) times.server_s = static_cast<double>(*server_ms) * 1e-3;
  if (!total_ms) return times;
  const std::int64_t waited_ms = line.timer_ms(0).value_or(0);
  times.total_s = static_cast<double>(std::max<std::int64_t>(*total_ms - waited_ms, 0)) * 1e-3;
  return times;
}

NumberUnit number_unit_named(const std::string& name, const std::string& field) {
  if (name == "auto") return NumberUnit::automatic;
  if (name == "us") return NumberUnit::us;
  if (name == "ms") return NumberUnit::ms;
  if (name == "s") return NumberUnit::s;
  throw InputError(Diagnostic{.file = {},
                              .field = field,
                              .message = "'" + name + "' is no unit of request times",
                              .hint = "there are auto, us (%D), ms (%{ms}T) and s (%T)"});
}

double seconds_of(std::uint64_t number, NumberUnit unit) {
  const double unit_s = unit == NumberUnit::us ? 1e-6 : unit == NumberUnit::ms ? 1e-3 : 1;
  return static_cast<double>(number) * unit_s;
}

void WholeNumbers::add(std::uint64_t number, std::optional<std::uint64_t> response_bytes) {
  constexpr std::uint64_t kLarge = 50;
  constexpr std::uint64_t kHeaderMost = 1000;
  least_ = count_ == 0 ? number : std::min(least_, number);
  most_ = std::max(most_, number);
  ++count_;
  if (number >= kLarge) ++large_;
  const std::uint64_t bytes = response_bytes.value_or(0);
  if (number >= bytes && number - bytes <= kHeaderMost) ++sizes_;
}

NumberUnit WholeNumbers::unit() const {
  const bool times = count_ > 0 && least_ < most_ && !are_sizes() && large_ * 2 >= count_;
  return times ? NumberUnit::us : NumberUnit::none;
}

std::string WholeNumbers::why_none() const {
  if (count_ == 0 || unit() == NumberUnit::us) return "";
  if (least_ == most_ && large_ > 0) return "the number at the end of its lines is always the same";
  if (large_ > 0 && are_sizes()) return "the number at the end of its lines is the response's size";
  return "the numbers at the end of its lines are too small for microseconds (%D), and whole "
         "seconds (%T) tell nothing of service; --time-unit ms or s if they are that";
}

}  // namespace lbsim::workload
