// balance hash EXPRESSION: by what a sample expression finds in the request. The expressions below
// are understood; others are refused rather than guessed at.
// Source: HAProxy 2.6 configuration manual, sections 4.2 and 7.3.
#include "algorithms/haproxy/method.hpp"
#include "algorithms/haproxy/request.hpp"

namespace lbsim::algorithms::haproxy {
namespace {

enum class Sample : std::uint8_t {
  header,
  cookie,
  path,
  path_and_query,
  url,
  url_parameter,
  source
};

struct Expression {
  Sample sample = Sample::path;
  std::string argument;

  static Expression parse(const std::string& text);
};

struct Spelling {
  std::string_view text;
  Sample sample;
  bool takes_name;
};

constexpr Spelling kSpellings[] = {
    {"req.hdr", Sample::header, true},     {"req.cook", Sample::cookie, true},
    {"path", Sample::path, false},         {"pathq", Sample::path_and_query, false},
    {"url", Sample::url, false},           {"url_param", Sample::url_parameter, true},
    {"urlp", Sample::url_parameter, true}, {"src", Sample::source, false},
};

Expression Expression::parse(const std::string& text) {
  const std::size_t open = std::min(text.find('('), text.size());
  const std::string_view word = std::string_view(text).substr(0, open);
  for (const Spelling& spelling : kSpellings) {
    if (spelling.text != word || spelling.takes_name != (open < text.size())) continue;
    if (!spelling.takes_name) return {spelling.sample, ""};
    const std::string argument = text.substr(open + 1, text.size() - open - 2);
    if (text.back() == ')' && !argument.empty() && argument.find(')') == std::string::npos) {
      return {spelling.sample, argument};
    }
  }
  reject("expression", "cannot read \"" + text + "\"",
         "req.hdr(NAME), req.cook(NAME), path, pathq, url, "
         "url_param(NAME) or src");
}

class HashExpression : public HashedRule {
 public:
  HashExpression(const Servers& servers, const std::string& expression, Hashing hashing)
      : HashedRule(servers, std::move(hashing), false),
        expression_(Expression::parse(expression)) {}

  Key key(const Request& request) const override { return key_of(input(request)); }

 private:
  Part input(const Request& request) const {
    switch (expression_.sample) {
      case Sample::header:
        return request.header.data() == nullptr ? Part{} : last_value(request.header);
      case Sample::cookie:
        return cookie_value(request.cookie, expression_.argument);
      case Sample::path: {
        const std::string_view path = path_and_query(request.target);
        return path.substr(0, std::min(path.find('?'), path.size()));
      }
      case Sample::path_and_query:
        return path_and_query(request.target);
      case Sample::url:
        return request.target;
      case Sample::url_parameter:
        return url_parameter(request.target, expression_.argument);
      case Sample::source:
        break;
    }
    const auto* bytes = reinterpret_cast<const char*>(request.client.bytes);
    return request.client.v6 ? std::string_view(bytes, 16) : std::string_view(bytes + 12, 4);
  }

  Expression expression_;
};

}  // namespace

AlgorithmSpec hash_expression_spec() {
  return hashing_spec("hash", "by a hash of what an expression finds in the request",
                      {{"expression", "", "req.hdr(NAME), path, src, ...",
                        "the input; the value of a header is passed by the caller",
                        [](const std::string& input) { return !input.empty() && input != "src"; },
                        "expression = \"src\""}},
                      [](const Servers& servers, const Parameters& parameters,
                         Hashing hashing) -> std::unique_ptr<PickRule> {
                        return std::make_unique<HashExpression>(
                            servers, parameters.text("expression"), std::move(hashing));
                      });
}

}  // namespace lbsim::algorithms::haproxy
