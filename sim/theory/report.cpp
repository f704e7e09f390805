#include <fmt/format.h>

#include "core/json_writer.hpp"
#include "theory/verdict.hpp"

namespace lbsim::theory {
namespace {

std::string number_text(double number) { return fmt::format("{:.6g}", number); }

// Long lists are cut: the JSON has them whole.
std::string values_text(const std::vector<double>& values, const std::string& text) {
  if (values.empty()) return text;
  constexpr std::size_t kShown = 2;
  std::string all;
  for (std::size_t i = 0; i < values.size() && i < kShown; ++i) {
    all += (i > 0 ? ", " : "") + number_text(values[i]);
  }
  return values.size() > kShown ? fmt::format("{}, ... ({})", all, values.size()) : all;
}

std::string z_text(const Row& row) { return row.z ? fmt::format("{:.2f}", *row.z) : "-"; }

std::string tolerance_text(const Row& row) {
  return row.expected.values.empty() ? "-" : fmt::format("{:.3g}", row.tolerance);
}

// What a reader must know to judge the row.
std::string note_text(const Row& row) {
  std::string note = row.found.note;
  if (!row.expected.tolerance_text.empty()) {
    note = fmt::format("the file's \"{}\": {}", row.expected.tolerance_text, note);
  }
  if (!row.found.failed.empty()) note += (note.empty() ? "" : "; ") + row.found.failed;
  return note;
}

void write_values(JsonWriter& json, const char* name, const Row& row,
                  const std::vector<double>& values, const std::string& text) {
  json.key(name);
  if (row.expected.values.empty()) {
    json.value(text);
  } else if (!row.expected.is_list) {
    json.value(values.empty() ? 0.0 : values.front());
  } else {
    json.begin_array(true);
    for (const double value : values) json.value(value);
    json.end_array();
  }
}

void write_row(JsonWriter& json, const Row& row) {
  json.begin_row().field("id", row.id).field("group", row.group);
  json.field("quantity", row.expected.quantity);
  write_values(json, "expected", row, row.expected.values, row.expected.text);
  write_values(json, "simulated", row, row.found.values, row.found.text);
  json.field("tolerance", row.tolerance);
  json.key("z");
  if (row.z) {
    json.value(*row.z);
  } else {
    json.value(std::numeric_limits<double>::quiet_NaN());  // null
  }
  json.field("pass", row.pass).field("note", note_text(row)).end_object();
}

std::size_t failed_count(const Report& report) {
  std::size_t failed = 0;
  for (const Row& row : report.rows) failed += row.pass ? 0 : 1;
  return failed;
}

std::string totals_text(const Report& report) {
  const std::size_t failed = failed_count(report);
  return fmt::format("{} entries, {} quantities: {} pass, {} fail, {} not expressed",
                     report.entries, report.rows.size() + report.not_expressed.size(),
                     report.rows.size() - failed, failed, report.not_expressed.size());
}

}  // namespace

std::string report_text(const Report& report) {
  std::string text = fmt::format("{:5}{:28}{:36}{:>20} {:>20} {:>10} {:>6}\n", "", "entry",
                                 "quantity", "expected", "simulated", "tolerance", "z");
  for (const Row& row : report.rows) {
    text += fmt::format(
        "{:5}{:28}{:36}{:>20} {:>20} {:>10} {:>6}\n", row.pass ? "pass" : "FAIL", row.id,
        row.expected.quantity, values_text(row.expected.values, row.expected.text),
        values_text(row.found.values, row.found.text), tolerance_text(row), z_text(row));
    const std::string note = note_text(row);
    if (!note.empty()) text += fmt::format("     - {}\n", note);
  }
  for (const NotExpressed& missing : report.not_expressed) {
    text += fmt::format("not expressed: {}{}{}: {}\n", missing.id,
                        missing.quantity.empty() ? "" : " ", missing.quantity, missing.why);
  }
  return text + totals_text(report) + '\n';
}

std::string report_json(const Report& report) {
  JsonWriter json;
  json.begin_object().field("schema", 1);
  json.field("requests", report.requests).field("warm_up", report.warm_up);
  json.key("entries").begin_array();
  for (const Row& row : report.rows) write_row(json, row);
  json.end_array();
  json.key("not_expressed").begin_array();
  for (const NotExpressed& missing : report.not_expressed) {
    json.begin_row().field("id", missing.id).field("quantity", missing.quantity);
    json.field("why", missing.why).end_object();
  }
  json.end_array().end_object();
  return json.text() + '\n';
}

}  // namespace lbsim::theory
