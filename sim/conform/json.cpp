#include "conform/json.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

#include "core/error.hpp"

namespace lbsim::conform {

void Field::fail(std::string message, std::string hint) const {
  throw InputError(Diagnostic{"", 0, 0, path_, std::move(message), std::move(hint)});
}

const nlohmann::json& Field::value() const {
  if (absent()) fail("is missing");
  return *value_;
}

// Absent if there is none; null if it is null.
Field Field::member(std::string_view name) const {
  if (!value().is_object()) fail("must be an object");
  const auto found = value().find(name);
  const std::string path = (path_.empty() ? "" : path_ + ".") + std::string(name);
  return Field(found == value().end() ? nullptr : &*found, path);
}

Field Field::find(std::string_view name) const {
  Field found = member(name);
  if (found.null()) found.value_ = nullptr;
  return found;
}

Field Field::at(std::string_view name) const {
  Field found = member(name);
  found.value();
  return found;
}

std::vector<std::pair<std::string, Field>> Field::members() const {
  if (!value().is_object()) fail("must be an object");
  std::vector<std::pair<std::string, Field>> all;
  for (const auto& item : value().items()) all.emplace_back(item.key(), member(item.key()));
  return all;
}

std::size_t Field::size() const {
  if (!value().is_array()) fail("must be an array");
  return value().size();
}

Field Field::operator[](std::size_t index) const {
  if (index >= size()) fail("has fewer than " + std::to_string(index + 1) + " items");
  return Field(&value()[index], path_ + "[" + std::to_string(index) + "]");
}

std::vector<std::string> Field::strings() const {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < size(); ++i) all.push_back((*this)[i].string());
  return all;
}

std::string Field::string() const {
  if (!value().is_string()) fail("must be text");
  return value().get<std::string>();
}

bool Field::boolean() const {
  if (!value().is_boolean()) fail("must be true or false");
  return value().get<bool>();
}

double Field::number() const {
  if (!value().is_number()) fail("must be a number");
  return value().get<double>();
}

std::int64_t Field::integer(std::int64_t least, std::int64_t most) const {
  if (!value().is_number_integer()) fail("must be a whole number");
  const bool too_large = value().is_number_unsigned() && value().get<std::uint64_t>() > INT64_MAX;
  const std::int64_t number = too_large ? INT64_MAX : value().get<std::int64_t>();
  if (too_large || number < least || number > most) {
    fail("must be in " + std::to_string(least) + ".." + std::to_string(most));
  }
  return number;
}

std::uint64_t Field::unsigned_integer() const {
  if (!value().is_number_unsigned()) fail("must be a whole number of 0 or more");
  return value().get<std::uint64_t>();
}

double Field::seconds() const {
  const double given = number();
  if (!(given >= 0 && given <= static_cast<double>(kMostSeconds))) {
    fail("must be in 0.." + std::to_string(kMostSeconds) + " seconds");
  }
  return given;
}

std::uint32_t Field::whole_seconds() const {
  return static_cast<std::uint32_t>(integer(0, kMostSeconds));
}

std::size_t Field::one_of(std::initializer_list<const char*> words) const {
  const std::string given = string();
  const auto found = std::find(words.begin(), words.end(), given);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  std::string known;
  for (const char* word : words) known.append(known.empty() ? "" : ", ").append(word);
  fail("\"" + given + "\" is not known", "one of " + known);
}

bool Field::is_setting() const {
  return is_string() || is_boolean() || (value_ != nullptr && value_->is_number());
}

std::string Field::setting() const {
  if (!is_setting()) fail("must be text, a number, true or false");
  if (is_boolean()) return boolean() ? "yes" : "no";
  return is_string() ? string() : value().dump();
}

algorithms::ServerId Field::server(std::size_t count) const {
  return static_cast<algorithms::ServerId>(integer(0, static_cast<std::int64_t>(count) - 1));
}

algorithms::Address Field::address() const {
  const std::string text = string();
  algorithms::Address address;
  std::uint8_t v4[4];
  if (inet_pton(AF_INET, text.c_str(), v4) == 1) {
    std::memcpy(address.bytes + 12, v4, sizeof v4);
  } else if (inet_pton(AF_INET6, text.c_str(), address.bytes) == 1) {
    address.v6 = true;
  } else {
    fail("must be an IPv4 or IPv6 address, not \"" + text + "\"");
  }
  return address;
}

}  // namespace lbsim::conform
