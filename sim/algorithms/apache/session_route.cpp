#include "algorithms/apache/session_route.hpp"

namespace lbsim::algorithms::apache {
namespace {

bool separates_cookies(char c) { return c == ';' || c == ',' || c == ' ' || c == '\t'; }

}  // namespace

std::string_view path_parameter(std::string_view target, std::string_view name,
                                std::string_view delimiters) {
  if (name.empty()) return {};
  for (std::size_t at = target.find(name); at != std::string_view::npos;
       at = target.find(name, at + 1)) {
    const std::size_t equals = at + name.size();
    if (equals + 1 >= target.size() || target[equals] != '=') continue;
    const std::string_view rest = target.substr(equals + 1);
    return rest.substr(0, rest.find_first_of(delimiters));
  }
  return {};
}

std::vector<std::string_view> cookie_values(std::string_view header, std::string_view name) {
  std::vector<std::string_view> values;
  if (name.empty()) return values;
  for (std::size_t at = header.find(name); at != std::string_view::npos;
       at = header.find(name, at + 1)) {
    if (at > 0 && !separates_cookies(header[at - 1])) continue;
    const std::size_t equals = header.find_first_not_of(" \t", at + name.size());
    if (equals == std::string_view::npos || header[equals] != '=') continue;
    const std::string_view rest = header.substr(equals + 1);
    const std::string_view value = rest.substr(0, rest.find_first_of(";,"));
    if (!value.empty()) values.push_back(value);
  }
  return values;
}

std::string_view route_of(std::string_view session_id) {
  const std::size_t dot = session_id.find('.');
  return dot == std::string_view::npos ? std::string_view() : session_id.substr(dot + 1);
}

}  // namespace lbsim::algorithms::apache
