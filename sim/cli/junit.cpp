#include "cli/junit.hpp"

#include <fmt/core.h>

namespace lbsim::cli {
namespace {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c == '\n' || c == '\t' || static_cast<unsigned char>(c) >= 0x20 ? c : '?';
    }
  }
  return out;
}

}  // namespace

std::string Junit::text() const {
  std::size_t failures = 0;
  std::string body;
  for (const Case& c : cases_) {
    body +=
        fmt::format("  <testcase classname=\"{}\" name=\"{}\"", escaped(suite_), escaped(c.name));
    if (c.failure.empty()) {
      body += "/>\n";
      continue;
    }
    ++failures;
    body += fmt::format(">\n    <failure>{}</failure>\n  </testcase>\n", escaped(c.failure));
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"{}\" tests=\"{}\" "
      "failures=\"{}\">\n{}</testsuite>\n",
      escaped(suite_), cases_.size(), failures, body);
}

}  // namespace lbsim::cli
