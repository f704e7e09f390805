#include "workload/haproxy_facts.hpp"

#include <string>

#include "workload/haproxy_line.hpp"
#include "workload/latin1.hpp"

namespace lbsim::workload {
namespace {

Json by_name(const NameTable& names) {
  Json counts = Json::object();
  for (const std::uint32_t number : names.by_name()) {
    counts[utf8_from_latin1(names.name(number))] = names.counted(number);
  }
  return counts;
}

}  // namespace

void HaproxyFacts::add_line(std::string_view line) {
  ++lines_;
  HaproxyLine parsed;
  const HaproxyKind kind = match_haproxy(line, parsed);
  if (kind == HaproxyKind::kOther) {
    other_lines_.push_back(lines_);
    return;
  }
  terminations_.count(parsed.termination);
  servers_.count(std::string(parsed.backend) + '/' + std::string(parsed.server));
  if (kind == HaproxyKind::kHttp) {
    ++http_lines_;
    status_.count(parsed.status);
  } else {
    ++tcp_lines_;
  }
}

Json HaproxyFacts::values() const {
  return {{"lines", lines_},
          {"http_lines", http_lines_},
          {"tcp_lines", tcp_lines_},
          {"other_lines", other_lines_.size()},
          {"other_line_numbers", other_lines_},
          {"termination_states", by_name(terminations_)},
          {"backend_server", by_name(servers_)},
          {"status", by_name(status_)}};
}

}  // namespace lbsim::workload
