#include "scenario/distribution_field.hpp"

#include <fmt/format.h>

#include <charconv>
#include <memory>

namespace lbsim::scenario {
namespace {

struct Notation {
  const char* word;
  Law law;
  const char* shape;  // the word before the law's shape; empty: it has none
  double min;
  bool exclusive;
  bool whole;
};

constexpr Notation kNotations[] = {
    {"fixed", Law::fixed, "", 0, false, false},
    {"exponential", Law::exponential, "", 0, false, false},
    {"lognormal", Law::lognormal, "scv", 0, true, false},
    {"pareto", Law::pareto, "alpha", 1, true, false},
    {"hyperexponential", Law::hyperexponential, "scv", 1, false, false},
    {"erlang", Law::erlang, "k", 1, false, true},
};
constexpr double kShapeMax = 1000;

std::string example(Quantity quantity) {
  return quantity == Quantity::duration ? "exponential 5ms" : "lognormal 20KB scv 2";
}

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

units::Result<Distribution> wrong(std::string message, std::string hint) {
  return {.value = {}, .message = std::move(message), .hint = std::move(hint)};
}

units::Result<double> parse_mean(std::string_view text, Quantity quantity) {
  units::Result<double> out;
  if (quantity == Quantity::duration) {
    const auto parsed = units::parse_duration(text);
    if (parsed) out.value = to_seconds(*parsed.value);
    out.message = parsed.message;
    out.hint = parsed.hint;
  } else {
    const auto parsed = units::parse_size(text);
    if (parsed) out.value = static_cast<double>(*parsed.value);
    out.message = parsed.message;
    out.hint = parsed.hint;
  }
  return out;
}

const Notation* find_notation(std::string_view word) {
  for (const Notation& form : kNotations) {
    if (word == form.word) return &form;
  }
  return nullptr;
}

units::Result<Distribution> unknown_law(std::string_view word, Quantity quantity) {
  std::vector<std::string> words;
  for (const Notation& form : kNotations) words.emplace_back(form.word);
  const std::string near = nearest_word(std::string(word), words);
  return wrong(fmt::format("\"{}\" is no distribution", word),
               near.empty() ? fmt::format("write for example \"{}\"; distributions are {}",
                                          example(quantity), joined(words))
                            : fmt::format("did you mean \"{}\"?", near));
}

bool read_shape(std::string_view text, const Notation& form, double& shape) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), shape);
  if (error != std::errc{} || end != text.data() + text.size()) return false;
  if (form.whole && shape != static_cast<double>(static_cast<int>(shape))) return false;
  return shape <= kShapeMax && (form.exclusive ? shape > form.min : shape >= form.min);
}

std::string shape_rule(const Notation& form, Quantity quantity) {
  const char* mean = quantity == Quantity::duration ? "5ms" : "20KB";
  if (form.shape[0] == '\0') return fmt::format("write for example \"{} {}\"", form.word, mean);
  return fmt::format("write for example \"{} {} {} {}\"; {} is a {}number, {} {} and at most {}",
                     form.word, mean, form.shape, 2, form.shape, form.whole ? "whole " : "",
                     form.exclusive ? "more than" : "at least", form.min, kShapeMax);
}

}  // namespace

units::Result<Distribution> parse_distribution(std::string_view text, Quantity quantity) {
  const auto words = split_words(text);
  if (words.empty()) return unknown_law("", quantity);
  const Notation* form = find_notation(words[0]);
  if (!form) return unknown_law(words[0], quantity);
  const bool has_shape = form->shape[0] != '\0';
  if (words.size() != (has_shape ? 4U : 2U) || (has_shape && words[2] != form->shape)) {
    return wrong(fmt::format("cannot read \"{}\" as a distribution", text),
                 shape_rule(*form, quantity));
  }
  const auto mean = parse_mean(words[1], quantity);
  if (!mean) return wrong(mean.message, mean.hint);
  if (*mean.value <= 0) return wrong("the mean must be more than 0", shape_rule(*form, quantity));
  Distribution out{form->law, *mean.value, 1, nullptr};
  if (has_shape && !read_shape(words[3], *form, out.shape)) {
    return wrong(fmt::format("{} is out of range in \"{}\"", form->shape, text),
                 shape_rule(*form, quantity));
  }
  return {.value = out, .message = {}, .hint = {}};
}

namespace {

Distribution empirical(std::vector<double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = sum / static_cast<double>(values.size());
  return {Law::empirical, mean, 1, std::make_shared<const std::vector<double>>(std::move(values))};
}

void read_values(Reader& r, Distribution& out, Quantity quantity) {
  std::vector<double> values;
  const std::string help = "Values, each equally likely.";
  constexpr std::size_t kValuesMax = 1'000'000;
  if (quantity == Quantity::duration) {
    std::vector<Duration> durations;
    r.list("empirical", durations, DurationField{.min = picoseconds(1)},
           {.help = help, .min_size = 1, .max_size = kValuesMax});
    for (const Duration value : durations) values.push_back(to_seconds(value));
  } else {
    std::vector<std::int64_t> sizes;
    r.list("empirical", sizes, SizeField{.min = 1},
           {.help = help, .min_size = 1, .max_size = kValuesMax});
    for (const std::int64_t value : sizes) values.push_back(static_cast<double>(value));
  }
  if (r.ok() && !values.empty()) out = empirical(std::move(values));
}

}  // namespace

void read_distribution(Reader& r, std::string_view name, Distribution& out,
                       const DistributionField& field) {
  ParsedField<Distribution> parsed{
      .help = field.help,
      .form = fmt::format("distribution of a {}",
                          field.quantity == Quantity::duration ? "duration" : "size"),
      .example = example(field.quantity),
      .parse = [quantity = field.quantity](
                   std::string_view text) { return parse_distribution(text, quantity); },
      .fallback = {},
      .source = field.source};
  if (!field.fallback.empty()) parsed.fallback = field.fallback;
  r.forms(name, {{Form::text, [&] { r.parsed(name, out, parsed); }},
                 {Form::table, [&] {
                    r.table(
                        name, [&](Reader& t) { read_values(t, out, field.quantity); },
                        TableField{.help = field.help});
                  }}});
}

}  // namespace lbsim::scenario
