// The key of `hash`, or what `sticky` looks at: text with variables, of which those are known that
// a Request can answer: $request_uri, $args ($query_string), $arg_NAME, $host, $binary_remote_addr,
// $cookie_NAME.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "algorithms/algorithm.hpp"

namespace lbsim::algorithms::nginx {

class Key {
 public:
  // Throws InputError about `parameter` if `text` has a variable that is not known.
  explicit Key(std::string_view text, const char* parameter = "key");

  // Lives as long as the request and `buffer`.
  std::string_view of(const Request& request, std::string& buffer) const;

 private:
  enum class Kind { literal, request_uri, args, argument, host, binary_remote_addr, cookie };
  struct Part {
    Kind kind;
    std::string text;  // of a literal; name of an argument or a cookie
  };

  static Part variable(std::string_view name, const char* parameter);
  static std::string_view value(const Part& part, const Request& request);

  std::vector<Part> parts_;
};

// `key`, of the methods that hash.
ParameterSpec key_parameter();

// Is the client's address among what `text` looks at?
bool looks_at_address(const std::string& text);

// Value of the first argument `name` (in any case) of a request target; empty if there is none.
std::string_view argument(std::string_view target, std::string_view name);

// Value of the first cookie `name` (in any case) of a Cookie header; empty if there is none.
std::string_view cookie(std::string_view header, std::string_view name);

}  // namespace lbsim::algorithms::nginx
