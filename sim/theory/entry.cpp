#include "theory/entry.hpp"

#include <cmath>
#include <set>

#include "theory/json_place.hpp"

namespace lbsim::theory {
namespace {

using conform::Field;

Diagnostic at_offset(const std::string& file, const std::string& text, std::size_t offset) {
  const TextPlace place = place_of(text, offset);
  Diagnostic d;
  d.file = file;
  d.line = place.line;
  d.column = place.column;
  return d;
}

std::vector<double> numbers_of(const Field& field) {
  std::vector<double> numbers;
  if (!field.is_array()) return {field.number()};
  for (std::size_t i = 0; i < field.size(); ++i) numbers.push_back(field[i].number());
  if (numbers.empty()) field.fail("has no numbers", "a number, a list of numbers, or a text");
  return numbers;
}

// 0 is a tolerance; less than that is a slip.
std::optional<double> positive(const Field& field) {
  if (field.absent()) return std::nullopt;
  const double number = field.number();
  if (!(number >= 0) || !std::isfinite(number)) field.fail("must be 0 or more");
  return number;
}

Expected expected_of(const Field& field) {
  Expected e;
  e.quantity = field.at("quantity").string();
  e.kind = static_cast<Kind>(field.at("kind").one_of({"exact", "stat", "simulated"}));
  const Field value = field.at("value");
  if (value.is_string()) {
    e.text = value.string();
  } else {
    e.is_list = value.is_array();
    e.values = numbers_of(value);
  }
  const Field tolerance = field.find("tol");
  if (tolerance.is_string()) {
    e.tolerance_text = tolerance.string();
  } else {
    e.tolerance = positive(tolerance);
  }
  e.standard_error = positive(field.find("se_1e6"));
  return e;
}

Entry entry_of(const Field& field) {
  Entry entry;
  entry.id = field.at("id").string();
  entry.group = field.at("group").string();
  entry.parameters = field.at("parameters");
  entry.parameters.members();  // it is an object
  const Field expected = field.at("expected");
  for (std::size_t i = 0; i < expected.size(); ++i) {
    entry.expected.push_back(expected_of(expected[i]));
  }
  return entry;
}

nlohmann::json parse_json(const std::string& file, const std::string& text) {
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    Diagnostic d = at_offset(file, text, error.byte > 0 ? error.byte - 1 : 0);
    const std::string what = error.what();
    const std::size_t begin = what.rfind(": syntax error");
    d.message = "is no JSON" + (begin == std::string::npos ? "" : what.substr(begin));
    d.hint = "a table of theory is a JSON object with a list \"entries\"";
    throw InputError(d);
  }
}

}  // namespace

InputError placed(const InputError& error, const std::string& file, const std::string& text) {
  std::vector<Diagnostic> all = error.diagnostics();
  for (Diagnostic& d : all) {
    if (!d.file.empty()) continue;
    const Diagnostic at = at_offset(file, text, offset_of(text, d.field));
    d.file = at.file;
    d.line = at.line;
    d.column = at.column;
  }
  return InputError(std::move(all));
}

Table parse_table(const std::string& file, const std::string& text) {
  Table table;
  table.document = std::make_shared<const nlohmann::json>(parse_json(file, text));
  std::vector<Diagnostic> wrong;
  const auto collect = [&](auto&& read) {
    try {
      read();
    } catch (const InputError& error) {
      const InputError with_place = placed(error, file, text);
      wrong.insert(wrong.end(), with_place.diagnostics().begin(), with_place.diagnostics().end());
    }
  };
  std::set<std::string> ids;
  collect([&] {
    const Field root(*table.document);
    const Field entries = root.at("entries");
    if (entries.size() == 0)
      entries.fail("is empty", "an entry has id, group, parameters, expected");
    for (std::size_t i = 0; i < entries.size(); ++i) {
      collect([&] {
        table.entries.push_back(entry_of(entries[i]));
        const std::string& id = table.entries.back().id;
        if (!ids.insert(id).second) entries[i].at("id").fail("\"" + id + "\" is there twice");
      });
    }
  });
  if (!wrong.empty()) throw InputError(std::move(wrong));
  return table;
}

}  // namespace lbsim::theory
