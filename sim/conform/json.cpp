#include "conform/json.hpp"

#include <arpa/inet.h>

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

Field Field::find(std::string_view name) const {
  if (!value().is_object()) fail("must be an object");
  const auto member = value().find(name);
  const std::string path = (path_.empty() ? "" : path_ + ".") + std::string(name);
  return Field(member == value().end() ? nullptr : &*member, path);
}

Field Field::at(std::string_view name) const {
  Field member = find(name);
  member.value();
  return member;
}

std::size_t Field::size() const {
  if (!value().is_array()) fail("must be an array");
  return value().size();
}

Field Field::operator[](std::size_t index) const {
  if (index >= size()) fail("has fewer than " + std::to_string(index + 1) + " items");
  return Field(&value()[index], path_ + "[" + std::to_string(index) + "]");
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
