// A scenario's parameters of a DNS kind, as text by name.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace lbsim::algorithms::dns {

using Parameters = std::map<std::string, std::string>;

// Throws InputError.
[[noreturn]] void reject(const std::string& field, const std::string& message);
std::string in_quotes(std::string_view word);

// The parameter's value, or `fallback` where there is none. Throw InputError on anything else.
bool read_flag(const Parameters& parameters, const std::string& name, bool fallback);
std::uint32_t read_number(const Parameters& parameters, const std::string& name,
                          std::uint32_t fallback);
double read_fraction(const Parameters& parameters, const std::string& name, double fallback);
std::string read_word(const Parameters& parameters, const std::string& name,
                      const std::string& fallback);

}  // namespace lbsim::algorithms::dns
