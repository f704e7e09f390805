#include "scenario/money.hpp"

#include <fmt/format.h>

namespace lbsim::scenario {
namespace {

units::Result<double> unreadable(std::string_view text, std::string_view what,
                                 std::string_view example) {
  return {.value = {},
          .message = fmt::format("cannot read \"{}\" as {}", text, what),
          .hint = fmt::format("write for example {}", example)};
}

// The count before `suffix`, times `factor`; nothing if the text does not end so.
std::optional<double> amount(std::string_view text, std::string_view suffix, double factor) {
  if (!text.ends_with(suffix)) return std::nullopt;
  text.remove_suffix(suffix.size());
  while (text.ends_with(' ')) text.remove_suffix(1);
  const auto count = units::parse_count(text);
  if (!count) return std::nullopt;
  return static_cast<double>(*count.value) * factor;
}

}  // namespace

units::Result<double> parse_price(std::string_view text) {
  const auto value = amount(text, "CNY", 1);
  if (!value) return unreadable(text, "a price", "\"12000 CNY\"");
  return {.value = value, .message = {}, .hint = {}};
}

units::Result<double> parse_rent(std::string_view text) {
  auto value = amount(text, "CNY/year", 1);
  if (!value) value = amount(text, "CNY/month", 12);
  if (!value) return unreadable(text, "a rent", "\"6000 CNY/year\" or \"500 CNY/month\"");
  return {.value = value, .message = {}, .hint = {}};
}

}  // namespace lbsim::scenario
