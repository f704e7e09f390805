#include "conform/trace_json.hpp"

#include "core/error.hpp"

namespace lbsim::conform::trace_json {

using nlohmann::json;

void reject_field(const std::string& field_name, const std::string& message) {
  Diagnostic diagnostic;
  diagnostic.field = field_name;
  diagnostic.message = message;
  throw InputError(diagnostic);
}

const json& field(const json& object, const std::string& where, const std::string& name) {
  if (!object.is_object()) reject_field(where, "is not an object");
  const auto found = object.find(name);
  if (found == object.end()) reject_field(where + "." + name, "is missing");
  return *found;
}

std::string read_text(const json& object, const std::string& where, const std::string& name) {
  const json& value = field(object, where, name);
  if (!value.is_string()) reject_field(where + "." + name, "is not a text");
  return value.get<std::string>();
}

std::int64_t read_integer(const json& object, const std::string& where, const std::string& name) {
  const json& value = field(object, where, name);
  if (!value.is_number_integer()) reject_field(where + "." + name, "is not a whole number");
  return value.get<std::int64_t>();
}

std::string read_text_or(const json& object, const std::string& where, const std::string& name,
                         const std::string& fallback) {
  return object.contains(name) ? read_text(object, where, name) : fallback;
}

double read_seconds(const json& object, const std::string& where, const std::string& name) {
  const double value = read_real(object, where, name);
  if (!(value >= 0 && value <= 1e6)) reject_field(where + "." + name, "is not from 0 to 1000000");
  return value;
}

double read_real(const json& object, const std::string& where, const std::string& name) {
  const json& value = field(object, where, name);
  if (!value.is_number()) reject_field(where + "." + name, "is not a number");
  return value.get<double>();
}

std::vector<std::string> read_texts(const json& object, const std::string& where,
                                    const std::string& name) {
  const json& value = field(object, where, name);
  if (!value.is_array()) reject_field(where + "." + name, "is not a list");
  std::vector<std::string> result;
  for (const json& entry : value) {
    if (!entry.is_string()) reject_field(where + "." + name, "holds something that is not a text");
    result.push_back(entry.get<std::string>());
  }
  return result;
}

bool read_boolean(const json& object, const std::string& where, const std::string& name) {
  const json& value = field(object, where, name);
  if (!value.is_boolean()) reject_field(where + "." + name, "is not true or false");
  return value.get<bool>();
}

}  // namespace lbsim::conform::trace_json
