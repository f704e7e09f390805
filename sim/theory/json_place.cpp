#include "theory/json_place.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace lbsim::theory {
namespace {

// Walks over a text that is known to be valid JSON.
class JsonWalk {
 public:
  explicit JsonWalk(const std::string& text) : text_(text) { skip_space(); }

  std::size_t at() const { return at_; }

  // To the value of a member of the object here; false, and nowhere, if there is none.
  bool enter(std::string_view name) {
    if (peek() != '{') return false;
    ++at_;
    for (skip_space(); peek() == '"'; skip_separator()) {
      const std::string_view key = skip_string();
      skip_space();
      ++at_;  // the colon
      skip_space();
      if (key == name) return true;
      skip_value();
    }
    return false;
  }

  // To an item of the array here.
  bool enter(std::size_t index) {
    if (peek() != '[') return false;
    ++at_;
    skip_space();
    for (; index > 0 && peek() != ']'; --index) {
      skip_value();
      skip_separator();
    }
    return peek() != ']';
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }
  void skip_separator() {
    skip_space();
    if (peek() == ',') ++at_;
    skip_space();
  }
  std::string_view skip_string() {
    const std::size_t begin = ++at_;
    while (peek() != '"' && peek() != '\0') at_ += peek() == '\\' ? 2 : 1;
    return std::string_view(text_).substr(begin, at_++ - begin);
  }
  // Brackets in texts do not count.
  void skip_value() {
    int depth = 0;
    do {
      const char c = peek();
      if (c == '"') {
        skip_string();
      } else if (c == '{' || c == '[') {
        ++depth;
        ++at_;
      } else if (c == '}' || c == ']') {
        --depth;
        ++at_;
      } else if (depth > 0) {
        ++at_;
      } else {
        at_ = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
      }
    } while (depth > 0 && at_ < text_.size());
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

}  // namespace

TextPlace place_of(const std::string& text, std::size_t offset) {
  offset = std::min(offset, text.size());
  TextPlace place;
  for (std::size_t i = 0; i < offset; ++i) {
    ++place.column;
    if (text[i] == '\n') place = {place.line + 1, 1};
  }
  return place;
}

std::size_t offset_of(const std::string& text, const std::string& path) {
  JsonWalk walk(text);
  std::size_t found = walk.at();
  std::string_view left = path;
  while (!left.empty()) {
    bool there = false;
    if (left.front() == '[') {
      std::size_t index = 0;
      std::from_chars(left.data() + 1, left.data() + left.size(), index);
      left.remove_prefix(std::min(left.find(']') + 1, left.size()));
      there = walk.enter(index);
    } else {
      if (left.front() == '.') left.remove_prefix(1);
      const std::size_t end = std::min(left.find_first_of(".["), left.size());
      there = walk.enter(left.substr(0, end));
      left.remove_prefix(end);
    }
    if (!there) break;
    found = walk.at();
  }
  return found;
}

}  // namespace lbsim::theory
