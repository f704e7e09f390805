// Reading traces: every field that is missing or of the wrong type is an InputError that names it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "algorithms/upstream.hpp"

namespace lbsim::conform {

// 46 days: a date and a pause after it fit in Time.
inline constexpr std::int64_t kMostSeconds = 4'000'000;

// A value of a trace together with its place in it: "events[3].picked".
class Field {
 public:
  explicit Field(const nlohmann::json& value, std::string path = "")
      : value_(&value), path_(std::move(path)) {}

  // One that is absent.
  static Field none() { return Field(nullptr, ""); }

  // Of an object. `at` throws if there is no such member; `find` is absent then, and where the
  // member is null.
  Field at(std::string_view name) const;
  Field find(std::string_view name) const;
  bool has(std::string_view name) const { return !find(name).absent(); }
  std::vector<std::pair<std::string, Field>> members() const;

  // Of an array. The index must be below size().
  std::size_t size() const;
  Field operator[](std::size_t index) const;
  // Its texts.
  std::vector<std::string> strings() const;

  bool absent() const { return value_ == nullptr; }
  bool null() const { return value_ != nullptr && value_->is_null(); }
  bool is_string() const { return value_ != nullptr && value_->is_string(); }
  bool is_boolean() const { return value_ != nullptr && value_->is_boolean(); }
  bool is_array() const { return value_ != nullptr && value_->is_array(); }
  bool is_object() const { return value_ != nullptr && value_->is_object(); }

  std::string string() const;
  bool boolean() const;
  double number() const;
  std::int64_t integer(std::int64_t least = INT64_MIN, std::int64_t most = INT64_MAX) const;
  std::uint64_t unsigned_integer() const;  // of all 64 bits
  // From 0 to kMostSeconds.
  double seconds() const;
  std::uint32_t whole_seconds() const;
  // The position of the text among `words`.
  std::size_t one_of(std::initializer_list<const char*> words) const;
  // Index of one of `count` servers.
  algorithms::ServerId server(std::size_t count) const;
  // IPv4 or IPv6 in text.
  algorithms::Address address() const;
  // A text, a number, or a boolean as yes or no: what a configuration file would say.
  std::string setting() const;
  bool is_setting() const;

  // The value if it is there, else `fallback`.
  std::string string_or(std::string fallback) const { return absent() ? fallback : string(); }
  bool boolean_or(bool fallback) const { return absent() ? fallback : boolean(); }
  double number_or(double fallback) const { return absent() ? fallback : number(); }
  std::int64_t integer_or(std::int64_t fallback, std::int64_t least = INT64_MIN,
                          std::int64_t most = INT64_MAX) const {
    return absent() ? fallback : integer(least, most);
  }

  const std::string& path() const { return path_; }
  [[noreturn]] void fail(std::string message, std::string hint = "") const;

 private:
  Field(const nlohmann::json* value, std::string path) : value_(value), path_(std::move(path)) {}
  const nlohmann::json& value() const;
  Field member(std::string_view name) const;

  const nlohmann::json* value_;
  std::string path_;
};

}  // namespace lbsim::conform
