#include "algorithms/nginx/key.hpp"

#include <algorithm>
#include <cctype>

#include "core/error.hpp"

namespace lbsim::algorithms::nginx {
namespace {

bool in_a_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool same_but_for_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

std::string_view query(std::string_view target) {
  const std::size_t mark = target.find('?');
  return mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
}

}  // namespace

bool looks_at_address(const std::string& text) {
  return text.find("$binary_remote_addr") != std::string::npos ||
         text.find("${binary_remote_addr}") != std::string::npos;
}

ParameterSpec key_parameter() {
  return {"key",
          "$request_uri",
          "text with $variables",
          "what is hashed",
          [](const std::string& key) { return !looks_at_address(key); },
          "key = \"$binary_remote_addr\""};
}

std::string_view argument(std::string_view target, std::string_view name) {
  std::string_view rest = query(target);
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    if (same_but_for_case(pair.substr(0, equals), name)) return pair.substr(equals + 1);
  }
  return {};
}

std::string_view cookie(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    std::string_view pair = header.substr(0, header.find_first_of(";,"));
    header.remove_prefix(std::min(header.size(), pair.size() + 1));
    pair.remove_prefix(std::min(pair.size(), pair.find_first_not_of(" \t")));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    if (same_but_for_case(pair.substr(0, equals), name)) return pair.substr(equals + 1);
  }
  return {};
}

Key::Key(std::string_view text, const char* parameter) {
  while (!text.empty()) {
    if (text[0] != '$') {
      const std::size_t length = std::min(text.find('$'), text.size());
      parts_.push_back({Kind::literal, std::string(text.substr(0, length))});
      text.remove_prefix(length);
      continue;
    }
    const bool braces = text.size() > 1 && text[1] == '{';
    const std::size_t first = braces ? 2 : 1;
    std::size_t last = first;
    while (last < text.size() && in_a_name(text[last])) ++last;
    if (braces && (last == text.size() || text[last] != '}')) {
      throw InputError({"", 0, 0, parameter, "has an opening brace that is not closed", ""});
    }
    parts_.push_back(variable(text.substr(first, last - first), parameter));
    text.remove_prefix(braces ? last + 1 : last);
  }
}

Key::Part Key::variable(std::string_view name, const char* parameter) {
  if (name == "request_uri") return {Kind::request_uri, ""};
  if (name == "args" || name == "query_string") return {Kind::args, ""};
  if (name == "host") return {Kind::host, ""};
  if (name == "binary_remote_addr") return {Kind::binary_remote_addr, ""};
  if (name.starts_with("arg_")) return {Kind::argument, std::string(name.substr(4))};
  if (name.starts_with("cookie_")) return {Kind::cookie, std::string(name.substr(7))};
  throw InputError({"", 0, 0, parameter, "unknown variable $" + std::string(name),
                    "known: $request_uri $args $arg_NAME $host $binary_remote_addr $cookie_NAME"});
}

std::string_view Key::value(const Part& part, const Request& request) {
  switch (part.kind) {
    case Kind::literal:
      return part.text;
    case Kind::request_uri:
      return request.target;
    case Kind::args:
      return query(request.target);
    case Kind::argument:
      return argument(request.target, part.text);
    case Kind::host:
      return request.host;
    case Kind::cookie:
      return cookie(request.cookie, part.text);
    case Kind::binary_remote_addr: {
      const auto* bytes = reinterpret_cast<const char*>(request.client.bytes);
      return request.client.v6 ? std::string_view(bytes, 16) : std::string_view(bytes + 12, 4);
    }
  }
  return {};
}

std::string_view Key::of(const Request& request, std::string& buffer) const {
  if (parts_.size() == 1) return value(parts_[0], request);
  buffer.clear();
  for (const Part& part : parts_) buffer += value(part, request);
  return buffer;
}

}  // namespace lbsim::algorithms::nginx
