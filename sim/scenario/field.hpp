// What a field of a scenario may hold. Each kind of field is one struct that says what is allowed,
// and three functions: check() a value, print() one, describe() the field for editors and docs.
//
// A field with a `fallback` may be left out; one without is required (unless it is read into a
// std::optional). Keep a default in one place: `.fallback = config.count` where the struct has it.
// `source` says where a default or a range comes from: a paper, a manual, a measurement.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/check.hpp"
#include "core/time.hpp"
#include "scenario/description.hpp"
#include "scenario/units.hpp"
#include "scenario/value.hpp"

namespace lbsim::scenario {

using units::Result;

struct TextField {
  using Type = std::string;
  std::string help = {};
  std::optional<std::string> fallback = {};
  std::string source = {};
  std::vector<std::string> words = {};  // if any: the only texts allowed
  std::size_t max_size = 4096;
};

struct IntegerField {
  using Type = std::int64_t;
  std::string help = {};
  std::int64_t min = 0;
  std::int64_t max = 1'000'000;
  std::optional<std::int64_t> fallback = {};
  std::string source = {};
};

struct RealField {
  using Type = double;
  std::string help = {};
  std::optional<double> above = {};  // exclusive lower bound
  double min = -1e300;
  double max = 1e300;
  std::optional<double> fallback = {};
  std::string source = {};
};

struct BooleanField {
  using Type = bool;
  std::string help = {};
  std::optional<bool> fallback = {};
  std::string source = {};
};

struct DurationField {
  using Type = Duration;
  std::string help = {};
  Duration min = Duration::zero();
  Duration max = seconds(100 * 86'400);
  std::optional<Duration> fallback = {};
  std::string source = {};
};

// A time of day, "12:00" or "21:30:15", as the duration since midnight; "24:00" is the day's end.
struct ClockField {
  using Type = Duration;
  std::string help = {};
  std::optional<Duration> fallback = {};
  std::string source = {};
};

struct SizeField {  // bytes
  using Type = std::int64_t;
  std::string help = {};
  std::int64_t min = 0;
  std::int64_t max = 1'000'000'000'000'000;
  std::optional<std::int64_t> fallback = {};
  std::string source = {};
};

struct BandwidthField {  // bytes/s
  using Type = double;
  std::string help = {};
  double min = 1;
  double max = 1e15;
  std::optional<double> fallback = {};
  std::string source = {};
};

struct CountField {  // 1500, "20K", "100M"
  using Type = std::int64_t;
  std::string help = {};
  std::int64_t min = 0;
  std::int64_t max = 1'000'000'000'000;
  std::optional<std::int64_t> fallback = {};
  std::string source = {};
};

struct RateField {  // per second
  using Type = double;
  std::string help = {};
  double min = 0;
  double max = 1e12;
  std::optional<double> fallback = {};
  std::string source = {};
};

struct PercentField {  // as a fraction: "5%" is 0.05
  using Type = double;
  std::string help = {};
  double min = 0;
  double max = 1;
  std::optional<double> fallback = {};
  std::string source = {};
};

// A text with a grammar of its own, such as "busiest-hour" or "20:00-21:00".
template <class T>
struct ParsedField {
  using Type = T;
  std::string help = {};
  std::string form;     // of a right one, for messages and docs: "day, busiest-hour or HH:MM-HH:MM"
  std::string example;  // a right one
  std::function<Result<T>(std::string_view)> parse;
  std::optional<std::string> fallback = {};  // as it would be written
  std::string source = {};
};

template <class E>
struct Option {
  std::string word;
  E value;
  std::string help = {};
};

template <class E>
struct ChoiceField {
  std::string help = {};
  std::optional<E> fallback = {};
  std::string source = {};
};

template <class T>
struct ListField {
  std::string help = {};
  std::size_t min_size = 0;
  std::size_t max_size = 10'000;
  std::optional<std::vector<T>> fallback = {};
  std::string source = {};
};

struct TableField {
  std::string help = {};
};

struct TablesField {
  std::string help = {};
  std::size_t min_size = 0;  // 1 or more: required
  std::size_t max_size = 10'000;
};

struct KindField {
  std::string help = {};
  std::optional<std::string> fallback = {};
};

// Tables that the user names.
struct NamedTablesField {
  std::string help = {};
  std::string mark = {};  // a table without this field is none of them but an unknown key
  std::size_t min_size = 0;
  std::size_t max_size = 1'000;
};

// For each kind of field: the value that a TOML value means, or what is wrong with it; a value as
// TOML text; what it looks like; a right value to show in a hint.
#define LBSIM_FIELD(Field)                                           \
  Result<Field::Type> check(const Value& value, const Field& field); \
  std::string print(const Field& field, const Field::Type& value);   \
  Shape shape_of(const Field& field);                                \
  std::string example(const Field& field);
LBSIM_FIELD(TextField)
LBSIM_FIELD(IntegerField)
LBSIM_FIELD(RealField)
LBSIM_FIELD(BooleanField)
LBSIM_FIELD(DurationField)
LBSIM_FIELD(ClockField)
LBSIM_FIELD(SizeField)
LBSIM_FIELD(BandwidthField)
LBSIM_FIELD(CountField)
LBSIM_FIELD(RateField)
LBSIM_FIELD(PercentField)
#undef LBSIM_FIELD

// Fields that are one text with a grammar.
Result<std::string> check_text(const Value& value, const std::string& example);
Shape parsed_shape(const std::string& form);

template <class T>
Result<T> check(const Value& value, const ParsedField<T>& field) {
  const Result<std::string> text = check_text(value, field.example);
  if (!text) return {.value = {}, .message = text.message, .hint = text.hint};
  return field.parse(*text.value);
}

template <class T>
std::string example(const ParsedField<T>& field) {
  return toml_text(field.example);
}

// The value of a field that was left out, if it may be.
template <class Field>
std::optional<typename Field::Type> fallback_of(const Field& field) {
  return field.fallback;
}

template <class T>
std::optional<T> fallback_of(const ParsedField<T>& field) {
  if (!field.fallback) return std::nullopt;
  const Result<T> parsed = field.parse(*field.fallback);
  LBSIM_CHECK(parsed.value.has_value());
  return parsed.value;
}

template <class Field>
FieldDescription description_of(const Field& field, bool required) {
  FieldDescription out{.help = field.help, .source = field.source, .required = required};
  if (field.fallback) out.fallback = print(field, *field.fallback);
  out.shapes.push_back(shape_of(field));
  return out;
}

template <class T>
FieldDescription description_of(const ParsedField<T>& field, bool required) {
  FieldDescription out{.help = field.help, .source = field.source, .required = required};
  if (field.fallback) out.fallback = toml_text(*field.fallback);
  out.shapes.push_back(parsed_shape(field.form));
  return out;
}

// `fallback`: each element as TOML text.
FieldDescription list_description(const Shape& element, std::size_t min_size, std::size_t max_size,
                                  const std::optional<std::vector<std::string>>& fallback,
                                  const std::string& help, const std::string& source);

std::string joined(const std::vector<std::string>& words);  // "dr, nat, tun"
std::string list_example(const std::string& element);
std::string option_help(const std::string& word, const std::string& help);

}  // namespace lbsim::scenario
