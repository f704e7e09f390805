// The key of `hash`: text with variables, of which those are known that a Request can answer:
// $request_uri, $args ($query_string), $arg_NAME, $host, $binary_remote_addr.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "algorithms/upstream.hpp"

namespace lbsim::algorithms::nginx {

class Key {
 public:
  // Throws InputError if `text` has a variable that is not known.
  explicit Key(std::string_view text);

  // Lives as long as the request and `buffer`.
  std::string_view of(const Request& request, std::string& buffer) const;

 private:
  enum class Kind { literal, request_uri, args, argument, host, binary_remote_addr };
  struct Part {
    Kind kind;
    std::string text;  // of a literal; name of an argument
  };

  static Part variable(std::string_view name);
  static std::string_view value(const Part& part, const Request& request);

  std::vector<Part> parts_;
};

// Value of the first argument `name` (in any case) of a request target; empty if there is none.
std::string_view argument(std::string_view target, std::string_view name);

}  // namespace lbsim::algorithms::nginx
