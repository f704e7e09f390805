#include "algorithms/haproxy/request.hpp"

#include <algorithm>

namespace lbsim::algorithms::haproxy {
namespace {

std::string_view trim(std::string_view text) {
  const std::size_t start = std::min(text.find_first_not_of(" \t"), text.size());
  const std::size_t end = text.find_last_not_of(" \t");
  return end == std::string_view::npos ? text.substr(start, 0)
                                       : text.substr(start, end + 1 - start);
}

}  // namespace

std::string_view path_and_query(std::string_view target) {
  const std::size_t scheme = target.find("://");
  if (target.empty() || target[0] == '/' || scheme == std::string_view::npos) return target;
  const std::size_t path = target.find('/', scheme + 3);
  return path == std::string_view::npos ? std::string_view("/") : target.substr(path);
}

Part url_parameter(std::string_view target, std::string_view name) {
  std::size_t at = target.find('?');
  while (at != std::string_view::npos && at < target.size()) {
    const std::string_view rest = target.substr(at + 1);
    const std::size_t length = std::min(rest.find('&'), rest.size());
    if (length > name.size() && rest.starts_with(name) && rest[name.size()] == '=') {
      return rest.substr(name.size() + 1, length - name.size() - 1);
    }
    at = length == rest.size() ? std::string_view::npos : at + 1 + length;
  }
  return {};
}

Part cookie_value(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::size_t length = std::min(header.find(';'), header.size());
    const std::string_view pair = header.substr(0, length);
    header.remove_prefix(std::min(length + 1, header.size()));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || trim(pair.substr(0, equals)) != name) continue;
    return trim(pair.substr(equals + 1));
  }
  return {};
}

std::string_view first_value(std::string_view header) {
  return trim(header.substr(0, std::min(header.find(','), header.size())));
}

std::string_view last_value(std::string_view header) {
  const std::size_t comma = header.rfind(',');
  return trim(comma == std::string_view::npos ? header : header.substr(comma + 1));
}

}  // namespace lbsim::algorithms::haproxy
