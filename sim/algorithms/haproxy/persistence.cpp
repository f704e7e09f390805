#include "algorithms/haproxy/persistence.hpp"

#include <algorithm>

#include "algorithms/haproxy/options.hpp"
#include "algorithms/haproxy/request.hpp"

namespace lbsim::algorithms::haproxy {
namespace {

// Words that change headers the simulator does not look at.
bool without_effect(const std::string& word) {
  return word == "indirect" || word == "nocache" || word == "preserve" || word == "rewrite";
}

}  // namespace

Persistence::Persistence(const std::string& line, const std::vector<ServerConfig>& servers) {
  const std::vector<std::string> words = split_words(line);
  if (words.empty()) return;
  name_ = words[0];
  std::string attributes;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "insert")
      inserts_ = true;
    else if (word == "prefix")
      delimiter_ = '~';
    else if (word == "httponly")
      attributes += "; HttpOnly";
    else if (word == "secure")
      attributes += "; Secure";
    else if (word == "domain" && i + 1 < words.size())
      attributes += "; domain=" + words[++i];
    else if (!without_effect(word)) {
      reject("cookie", "cannot read \"" + word + "\"",
             "NAME, then insert, rewrite or prefix, indirect, nocache, "
             "preserve, httponly, secure, domain D");
    }
  }
  for (const ServerConfig& server : servers) {
    values_.push_back(server.cookie);
    set_cookies_.push_back(server.cookie.empty()
                               ? name_ + "=; Expires=Thu, 01-Jan-1970 00:00:01 GMT; path=/"
                               : name_ + "=" + server.cookie + "; path=/" + attributes);
  }
}

ServerId Persistence::find(std::string_view header, const Servers& servers) const {
  const Part cookie = cookie_value(header, name_);
  if (!cookie) return kNoServer;
  const std::string_view value =
      cookie->substr(0, std::min(cookie->find(delimiter_), cookie->size()));
  if (value.empty()) return kNoServer;
  for (ServerId s = 0; s < values_.size(); ++s) {
    if (values_[s] == value && servers[s].running) return s;
  }
  return kNoServer;
}

}  // namespace lbsim::algorithms::haproxy
