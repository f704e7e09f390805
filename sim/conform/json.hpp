// Reading traces: every field that is missing or of the wrong type is an InputError that names it.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "algorithms/upstream.hpp"

namespace lbsim::conform {

// A value of a trace together with its place in it: "events[3].picked".
class Field {
 public:
  explicit Field(const nlohmann::json& value, std::string path = "")
      : value_(&value), path_(std::move(path)) {}

  // Of an object. `at` throws if there is no such member, `find` then has no value().
  Field at(std::string_view name) const;
  Field find(std::string_view name) const;
  bool has(std::string_view name) const { return !find(name).absent(); }

  // Of an array. The index must be below size().
  std::size_t size() const;
  Field operator[](std::size_t index) const;

  bool absent() const { return value_ == nullptr; }
  bool null() const { return value_ != nullptr && value_->is_null(); }
  bool is_string() const { return value_ != nullptr && value_->is_string(); }

  std::string string() const;
  bool boolean() const;
  double number() const;
  std::int64_t integer(std::int64_t least = INT64_MIN, std::int64_t most = INT64_MAX) const;
  // Index of one of `count` servers.
  algorithms::ServerId server(std::size_t count) const;
  // IPv4 or IPv6 in text.
  algorithms::Address address() const;

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

  const nlohmann::json* value_;
  std::string path_;
};

}  // namespace lbsim::conform
