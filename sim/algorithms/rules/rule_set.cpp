#include "algorithms/rules/rule_set.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

namespace lbsim::algorithms::rules {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_letters(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

bool has_letters(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char x, char y) { return lower(x) == lower(y); }) != text.end();
}

std::optional<std::string_view> field(const Seen& seen, std::string_view name) {
  for (const HeaderField& header : seen.headers) {
    if (same_letters(header.name, name)) return header.value;
  }
  return std::nullopt;
}

bool host_is(std::string_view host, std::string_view wanted) {
  if (!wanted.starts_with("*.")) return same_letters(host, wanted);
  wanted.remove_prefix(1);
  return host.size() > wanted.size() &&
         same_letters(host.substr(host.size() - wanted.size()), wanted);
}

// RFC 6265, 4.2.1: "a=1; b=2".
bool has_cookie(std::string_view cookies, std::string_view wanted) {
  const bool with_value = wanted.find('=') != std::string_view::npos;
  while (!cookies.empty()) {
    const std::size_t end = std::min(cookies.find(';'), cookies.size());
    std::string_view cookie = cookies.substr(0, end);
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
    cookie.remove_prefix(std::min(cookie.find_first_not_of(' '), cookie.size()));
    if (!with_value) cookie = cookie.substr(0, cookie.find('='));
    if (cookie == wanted) return true;
  }
  return false;
}

// RFC 4647, 3.3.1 (basic filtering): "zh" is the language of "zh" and of "zh-CN".
bool prefers(std::string_view languages, std::string_view wanted) {
  const std::string_view first = languages.substr(0, languages.find_first_of(",;"));
  return same_letters(first.substr(0, wanted.size()), wanted) &&
         (first.size() == wanted.size() || first[wanted.size()] == '-');
}

bool headers_hold(const Condition& c, const Seen& seen) {
  if (!c.header.empty()) {
    const auto value = field(seen, c.header);
    if (!value || value->find(c.value) == std::string_view::npos) return false;
  }
  if (!c.cookie.empty() && !has_cookie(field(seen, "Cookie").value_or(""), c.cookie)) return false;
  if (!c.browser.empty() && !has_letters(field(seen, "User-Agent").value_or(""), c.browser)) {
    return false;
  }
  return c.language.empty() || prefers(field(seen, "Accept-Language").value_or(""), c.language);
}

}  // namespace

bool holds(const Condition& c, const Seen& seen) {
  if (!c.host.empty() && !host_is(seen.host, c.host)) return false;
  if (!seen.path.starts_with(c.path)) return false;
  if (!headers_hold(c, seen)) return false;
  return c.networks.empty() ||
         std::find(c.networks.begin(), c.networks.end(), seen.network) != c.networks.end();
}

RuleSet::RuleSet(std::vector<Condition> rules, Precedence precedence)
    : rules_(std::move(rules)), order_(rules_.size()) {
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  if (precedence == Precedence::first) return;
  std::stable_sort(order_.begin(), order_.end(), [this](std::size_t a, std::size_t b) {
    return rules_[a].path.size() > rules_[b].path.size();
  });
}

std::size_t RuleSet::find(const Seen& seen) const {
  for (const std::size_t i : order_) {
    if (holds(rules_[i], seen)) return i;
  }
  return kNoRule;
}

}  // namespace lbsim::algorithms::rules
