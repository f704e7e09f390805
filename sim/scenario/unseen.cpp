#include "scenario/unseen.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lbsim::scenario {
namespace {

using algorithms::AlgorithmSpec;
using algorithms::ParameterSpec;

constexpr const char* kNotCarried = "which simulated requests do not carry";

// As given, or the default; empty if the method does not take it.
std::string value_of(const AlgorithmSpec& spec,
                     const std::map<std::string, std::string>& parameters, const char* name) {
  const auto known = std::find_if(spec.parameters.begin(), spec.parameters.end(),
                                  [&](const ParameterSpec& p) { return p.name == name; });
  if (known == spec.parameters.end()) return "";
  const auto given = parameters.find(name);
  return given == parameters.end() ? known->fallback : given->second;
}

// The parameter is one that names what the method reads in a request.
Unseen not_carried(const char* name, const std::string& value, const char* hint) {
  return {fmt::format("parameters.{}", name),
          fmt::format("\"{}\" reads what the client sends, {}", value, kNotCarried), hint};
}

bool reads_address(const std::string& text) {
  return text.find("$binary_remote_addr") != std::string::npos ||
         text.find("${binary_remote_addr}") != std::string::npos;
}

std::optional<Unseen> unseen_by_nginx(const std::string& key, const std::string& sticky) {
  if (!key.empty() && !reads_address(key)) {
    return not_carried("key", key, "key = \"$binary_remote_addr\"");
  }
  const std::size_t lookup = sticky.find("lookup=");
  if (!sticky.empty() && (lookup == std::string::npos || !reads_address(sticky.substr(lookup)))) {
    return not_carried("sticky", sticky,
                       "\"learn create=$binary_remote_addr lookup=$binary_remote_addr "
                       "zone=clients:1m\" binds clients by address");
  }
  return std::nullopt;
}

std::optional<Unseen> unseen_by_haproxy(const std::string& name, const std::string& expression,
                                        const std::string& cookie) {
  if (name == "uri" || name == "url_param" || name == "hdr" || name == "rdp-cookie") {
    return Unseen{"method", fmt::format("{} reads what the client sends, {}", name, kNotCarried),
                  "use a method that looks at the client's address (source) or at the servers"};
  }
  if (name == "hash" && !expression.empty() && expression != "src") {
    return not_carried("expression", expression, "expression = \"src\"");
  }
  if (!cookie.empty()) {
    return not_carried("cookie", cookie, "leave it out; source keeps clients by their address");
  }
  return std::nullopt;
}

// Of the rules with a pool around them.
std::optional<Unseen> unseen_by_pool(const std::string& key, const std::string& sticky) {
  const bool can_read = key.empty() || key == "client";
  if (!can_read) return not_carried("key", key, "key = \"client\"");
  if (sticky.find("cookie") != std::string::npos) {
    return not_carried("sticky", sticky, "sticky = \"client\" keeps clients by their address");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Unseen> unseen_by(const AlgorithmSpec& spec,
                                const std::map<std::string, std::string>& parameters) {
  const auto value = [&](const char* name) { return value_of(spec, parameters, name); };
  if (spec.family == "nginx") return unseen_by_nginx(value("key"), value("sticky"));
  if (spec.family == "haproxy") {
    return unseen_by_haproxy(spec.name, value("expression"), value("cookie"));
  }
  if (spec.family == "apache" && !value("stickysession").empty()) {
    return not_carried("stickysession", value("stickysession"), "leave it out");
  }
  if (spec.family == "f5" || spec.family == "modern") {
    return unseen_by_pool(value("key"), value("sticky"));
  }
  return std::nullopt;
}

}  // namespace lbsim::scenario
