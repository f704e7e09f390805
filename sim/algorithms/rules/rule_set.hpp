// Rules by which a layer-7 proxy tells requests apart: host, path prefix, header, cookie, browser,
// language, source network. nginx: server_name, location, map; HAProxy: use_backend ... if.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lbsim::algorithms::rules {

struct HeaderField {
  std::string_view name;
  std::string_view value;
};

// What a proxy sees of a request.
struct Seen {
  std::string_view host;
  std::string_view path;
  std::vector<HeaderField> headers;
  std::string_view network;  // the name of the network that the client is in
};

// All that is given must hold; what is empty holds of every request.
struct Condition {
  std::string host = {};      // any case; "*.example.com": all names below example.com
  std::string path = {};      // prefix
  std::string header = {};    // name of a field, in any case (RFC 9110, 5.1) ...
  std::string value = {};     // ... that has this text in it; empty: the field is there
  std::string cookie = {};    // "name=value", or "name" alone
  std::string browser = {};   // text in User-Agent, in any case
  std::string language = {};  // the first language of Accept-Language is this or more special: "zh"
  std::vector<std::string> networks = {};

  bool looks_at_url() const { return !host.empty() || !path.empty(); }
  bool looks_at_headers() const {
    return !header.empty() || !cookie.empty() || !browser.empty() || !language.empty();
  }
};

bool holds(const Condition& condition, const Seen& seen);

// Which of several rules that hold decides.
enum class Precedence {
  first,         // HAProxy: the first in the configuration's order
  longest_path,  // nginx, prefix locations: the longest path; then the first
};

inline constexpr std::size_t kNoRule = ~std::size_t{0};

class RuleSet {
 public:
  RuleSet(std::vector<Condition> rules, Precedence precedence);
  // Position of the rule that decides, in the order in which they were given; kNoRule if none does.
  std::size_t find(const Seen& seen) const;

 private:
  std::vector<Condition> rules_;
  std::vector<std::size_t> order_;
};

}  // namespace lbsim::algorithms::rules
