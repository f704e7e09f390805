#include "workload/json_text.hpp"

#include <charconv>
#include <cmath>

namespace lbsim::workload {
namespace {

std::string quoted(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

void write(const Json& value, const std::string& line_start, std::string& out) {
  if (value.is_number_float()) {
    out += shortest_text(value.get<double>());
  } else if (value.is_string()) {
    out += quoted(value.get_ref<const std::string&>());
  } else if (!value.is_structured() || value.empty()) {
    out += value.dump();
  } else {
    const std::string inner = line_start + ' ';
    out += value.is_object() ? '{' : '[';
    std::string separator = "\n";
    for (const auto& [key, item] : value.items()) {
      out += separator + inner;
      if (value.is_object()) out += quoted(key) + ": ";
      write(item, inner, out);
      separator = ",\n";
    }
    out += '\n' + line_start;
    out += value.is_object() ? '}' : ']';
  }
}

}  // namespace

std::string shortest_text(double number) {
  if (!std::isfinite(number)) return "null";  // JSON has no other word for it
  const double size = std::fabs(number);
  const bool plain = number == 0 || (size >= 1e-4 && size < 1e16);
  char text[64];
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  std::string written(text, std::to_chars(text, text + sizeof text, number, format).ptr);
  if (plain && written.find('.') == std::string::npos) written += ".0";
  return written;
}

std::string json_text(const Json& value) {
  std::string out;
  write(value, "", out);
  return out + '\n';
}

}  // namespace lbsim::workload
