#include "scenario/field.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace lbsim::scenario {
namespace {

template <class T>
Result<T> right(T value) {
  return {.value = std::move(value), .message = {}, .hint = {}};
}

template <class T>
Result<T> wrong(std::string message, std::string hint) {
  return {.value = {}, .message = std::move(message), .hint = std::move(hint)};
}

// "a list", or the value itself where it is short.
std::string seen(const Value& value) {
  if (value.as<List>() || value.as<Table>()) return std::string(type_name(value));
  const std::string text = print_scalar(value);
  return text.size() <= 60 ? text : std::string(type_name(value));
}

template <class T>
Result<T> wrong_type(const Value& value, std::string_view wanted, const std::string& right_one) {
  return wrong<T>(fmt::format("must be {}, not {}", wanted, seen(value)),
                  fmt::format("write for example {}", right_one));
}

template <class Field>
Result<typename Field::Type> within(typename Field::Type value, const Field& field) {
  using T = typename Field::Type;
  const std::string low = print(field, field.min);
  const std::string high = print(field, field.max);
  if (value >= field.min && value <= field.max) return right<T>(value);
  return wrong<T>(fmt::format("is {}, and must be at {} {}", print(field, value),
                              value < field.min ? "least" : "most", value < field.min ? low : high),
                  fmt::format("the range is {} to {}", low, high));
}

// The bounds that differ from what any field of this kind has.
template <class Field>
std::string range_of(const Field& field) {
  const Field any{};
  const bool low = field.min != any.min;
  const bool high = field.max != any.max;
  if (low && high) return print(field, field.min) + " to " + print(field, field.max);
  if (low) return "at least " + print(field, field.min);
  if (high) return "at most " + print(field, field.max);
  return "";
}

template <class Field>
std::string example_in_range(const Field& field, typename Field::Type preferred) {
  if (field.fallback) return print(field, *field.fallback);
  const bool inside = preferred >= field.min && preferred <= field.max;
  return print(field, inside ? preferred : field.min);
}

// Values that are written as a text with a unit.
template <class Field, class Parse>
Result<typename Field::Type> check_unit(const Value& value, const Field& field, Parse parse,
                                        std::string_view what) {
  using T = typename Field::Type;
  const std::string* text = value.as<std::string>();
  if (!text) {
    Result<T> bad = wrong_type<T>(value, what, example(field));
    if (value.as<std::int64_t>() || value.as<double>()) {
      const Result<T> hinted = parse(print_scalar(value));
      if (!hinted && !hinted.hint.empty()) bad.hint = hinted.hint;
    }
    return bad;
  }
  Result<T> parsed = parse(*text);
  return parsed ? within(*parsed.value, field) : parsed;
}

Shape text_shape(std::string type, std::string range, const std::string& pattern) {
  const nlohmann::json schema{{"type", "string"}, {"pattern", pattern}};
  return {.type = std::move(type), .range = std::move(range), .schema = schema.dump(), .table = {}};
}

constexpr const char* kNumber = "^[0-9]+(\\.[0-9]+)? ?";

}  // namespace

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

// ---- text ----

Result<std::string> check_text(const Value& value, const std::string& example) {
  const std::string* text = value.as<std::string>();
  return text ? right(*text) : wrong_type<std::string>(value, "a text", toml_text(example));
}

Result<std::string> check(const Value& value, const TextField& field) {
  const std::string* text = value.as<std::string>();
  if (!text) return wrong_type<std::string>(value, "a text", example(field));
  if (text->empty()) return wrong<std::string>("must not be empty", "");
  if (text->size() > field.max_size) {
    return wrong<std::string>(fmt::format("is a text of {} bytes, and at most {} are allowed",
                                          text->size(), field.max_size),
                              "");
  }
  if (field.words.empty()) return right(*text);
  for (const std::string& word : field.words) {
    if (word == *text) return right(*text);
  }
  const std::string near = nearest_word(*text, field.words);
  return wrong<std::string>(toml_text(*text) + " is not one of the choices",
                            near.empty() ? "choices are " + joined(field.words)
                                         : "did you mean " + toml_text(near) + "?");
}

std::string print(const TextField&, const std::string& value) { return toml_text(value); }

Shape shape_of(const TextField& field) {
  nlohmann::json schema{{"type", "string"}};
  if (!field.words.empty()) schema["enum"] = field.words;
  return {.type = "text", .range = joined(field.words), .schema = schema.dump(), .table = {}};
}

std::string example(const TextField& field) {
  if (field.fallback) return toml_text(*field.fallback);
  return toml_text(field.words.empty() ? "text" : field.words.front());
}

Shape parsed_shape(const std::string& form) {
  return {.type = "text", .range = form, .schema = R"({"type":"string"})", .table = {}};
}

// ---- plain numbers ----

Result<std::int64_t> check(const Value& value, const IntegerField& field) {
  const std::int64_t* number = value.as<std::int64_t>();
  if (!number) return wrong_type<std::int64_t>(value, "a whole number", example(field));
  return within(*number, field);
}

std::string print(const IntegerField&, const std::int64_t& value) {
  return fmt::format("{}", value);
}

Shape shape_of(const IntegerField& field) {
  const nlohmann::json schema{{"type", "integer"}, {"minimum", field.min}, {"maximum", field.max}};
  return {.type = "integer", .range = range_of(field), .schema = schema.dump(), .table = {}};
}

std::string example(const IntegerField& field) { return example_in_range(field, 1); }

Result<double> check(const Value& value, const RealField& field) {
  const std::int64_t* whole = value.as<std::int64_t>();
  const double* real = value.as<double>();
  if (!whole && !real) return wrong_type<double>(value, "a number", example(field));
  const double number = whole ? static_cast<double>(*whole) : *real;
  if (!std::isfinite(number)) return wrong_type<double>(value, "a finite number", example(field));
  if (field.above && number <= *field.above) {
    return wrong<double>(fmt::format("is {}, and must be more than {}", units::print_real(number),
                                     units::print_real(*field.above)),
                         "");
  }
  return within(number, field);
}

std::string print(const RealField&, const double& value) { return units::print_real(value); }

Shape shape_of(const RealField& field) {
  nlohmann::json schema{{"type", "number"}};
  const RealField any{};
  if (field.min != any.min) schema["minimum"] = field.min;
  if (field.max != any.max) schema["maximum"] = field.max;
  std::string range = range_of(field);
  if (field.above) {
    schema["exclusiveMinimum"] = *field.above;
    const std::string above = "more than " + units::print_real(*field.above);
    range = range.empty() ? above : above + ", " + range;
  }
  return {.type = "number", .range = range, .schema = schema.dump(), .table = {}};
}

std::string example(const RealField& field) { return example_in_range(field, 1.0); }

Result<bool> check(const Value& value, const BooleanField& field) {
  const bool* boolean = value.as<bool>();
  return boolean ? right(*boolean) : wrong_type<bool>(value, "true or false", example(field));
}

std::string print(const BooleanField&, const bool& value) { return value ? "true" : "false"; }

Shape shape_of(const BooleanField&) {
  return {.type = "boolean", .range = {}, .schema = R"({"type":"boolean"})", .table = {}};
}

std::string example(const BooleanField& field) {
  return field.fallback ? print(field, *field.fallback) : "true";
}

// ---- numbers with units ----

Result<Duration> check(const Value& value, const DurationField& field) {
  return check_unit(value, field, units::parse_duration, "a duration with a unit");
}

std::string print(const DurationField&, const Duration& value) {
  return toml_text(units::print_duration(value));
}

Shape shape_of(const DurationField& field) {
  return text_shape("duration", range_of(field),
                    std::string(kNumber) + "(ps|ns|us|ms|s|m|min|h|d)$");
}

std::string example(const DurationField& field) {
  return example_in_range(field, milliseconds(250));
}

Result<Duration> check(const Value& value, const ClockField& field) {
  const std::string* text = value.as<std::string>();
  if (!text) return wrong_type<Duration>(value, "a time of day", example(field));
  return units::parse_clock(*text);
}

std::string print(const ClockField&, const Duration& value) {
  return toml_text(units::print_clock(value));
}

Shape shape_of(const ClockField&) {
  return text_shape("time of day", "", "^[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?$");
}

std::string example(const ClockField& field) {
  return field.fallback ? print(field, *field.fallback) : "\"12:00\"";
}

Result<std::int64_t> check(const Value& value, const SizeField& field) {
  return check_unit(value, field, units::parse_size, "a size with a unit");
}

std::string print(const SizeField&, const std::int64_t& value) {
  return toml_text(units::print_size(value));
}

Shape shape_of(const SizeField& field) {
  return text_shape("size", range_of(field), std::string(kNumber) + "(B|[KMGT]i?B)$");
}

std::string example(const SizeField& field) { return example_in_range(field, 20'000); }

Result<double> check(const Value& value, const BandwidthField& field) {
  return check_unit(value, field, units::parse_bandwidth, "a bandwidth with a unit");
}

std::string print(const BandwidthField&, const double& value) {
  return toml_text(units::print_bandwidth(value));
}

Shape shape_of(const BandwidthField& field) {
  return text_shape("bandwidth", range_of(field), std::string(kNumber) + "[KMGT]?bps$");
}

std::string example(const BandwidthField& field) { return example_in_range(field, 1.25e9); }

Result<std::int64_t> check(const Value& value, const CountField& field) {
  if (const std::int64_t* number = value.as<std::int64_t>()) return within(*number, field);
  const std::string* text = value.as<std::string>();
  if (!text) return wrong_type<std::int64_t>(value, "a count", example(field));
  Result<std::int64_t> parsed = units::parse_count(*text);
  return parsed ? within(*parsed.value, field) : parsed;
}

std::string print(const CountField&, const std::int64_t& value) {
  const std::string text = units::print_count(value);
  return text.find_first_not_of("-0123456789") == std::string::npos ? text : toml_text(text);
}

Shape shape_of(const CountField& field) {
  const nlohmann::json schema{
      {"anyOf",
       {{{"type", "integer"}, {"minimum", field.min}, {"maximum", field.max}},
        {{"type", "string"}, {"pattern", std::string(kNumber) + "[KMBT]?$"}}}}};
  return {.type = "count", .range = range_of(field), .schema = schema.dump(), .table = {}};
}

std::string example(const CountField& field) { return example_in_range(field, 100'000'000); }

Result<double> check(const Value& value, const RateField& field) {
  return check_unit(value, field, units::parse_rate, "a rate per time");
}

std::string print(const RateField&, const double& value) {
  return toml_text(units::print_rate(value));
}

Shape shape_of(const RateField& field) {
  return text_shape("rate", range_of(field), std::string(kNumber) + "[KMBT]?/(s|m|min|h|d)$");
}

std::string example(const RateField& field) { return example_in_range(field, 5000.0); }

Result<double> check(const Value& value, const PercentField& field) {
  return check_unit(value, field, units::parse_percent, "a percentage with its sign");
}

std::string print(const PercentField&, const double& value) {
  return toml_text(units::print_percent(value));
}

Shape shape_of(const PercentField& field) {
  return text_shape("percentage", range_of(field), std::string(kNumber) + "%$");
}

std::string example(const PercentField& field) { return example_in_range(field, 0.001); }

// ---- lists ----

FieldDescription list_description(const Shape& element, std::size_t min_size, std::size_t max_size,
                                  const std::optional<std::vector<std::string>>& fallback,
                                  const std::string& help, const std::string& source) {
  const nlohmann::json schema{{"type", "array"},
                              {"minItems", min_size},
                              {"maxItems", max_size},
                              {"items", nlohmann::json::parse(element.schema)}};
  FieldDescription out{.help = help, .source = source, .required = !fallback};
  if (fallback) out.fallback = "[" + joined(*fallback) + "]";
  std::string size = min_size == max_size ? fmt::format("{} of them", min_size) : "";
  if (!element.range.empty()) size = size.empty() ? element.range : size + ", " + element.range;
  out.shapes.push_back(
      {.type = "list of " + element.type, .range = size, .schema = schema.dump(), .table = {}});
  return out;
}

std::string list_example(const std::string& element) { return fmt::format("[{}]", element); }

std::string option_help(const std::string& word, const std::string& help) {
  return fmt::format(" `{}`: {}", word, help);
}

}  // namespace lbsim::scenario
