// Writes JSON with the same bytes everywhere: fields in the order of the calls, numbers as the
// shortest text that reads back to the same double (std::to_chars).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lbsim {

class JsonWriter {
 public:
  explicit JsonWriter(int indent = 1) : indent_(indent) {}

  JsonWriter& begin_object() { return open('{', true); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array(bool one_line = false) { return open('[', !one_line); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& begin_row() { return open('{', false); }  // an object on one line

  JsonWriter& key(std::string_view name);
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(double number);  // not finite: null
  JsonWriter& value(std::uint64_t number);
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(unsigned number) { return value(static_cast<std::uint64_t>(number)); }
  JsonWriter& value(bool flag);
  JsonWriter& raw(std::string_view json);  // a value that is JSON already

  template <class T>
  JsonWriter& field(std::string_view name, const T& v) {
    return key(name).value(v);
  }

  const std::string& text() const { return text_; }

 private:
  struct Level {
    bool lines;
    bool empty = true;
  };
  JsonWriter& open(char bracket, bool lines);
  JsonWriter& close(char bracket);
  void separate();
  void new_line();

  int indent_;
  std::string text_;
  std::vector<Level> levels_;
  bool after_key_ = false;
};

// A double as the shortest decimal that reads back the same.
std::string shortest(double number);

}  // namespace lbsim
