// Log bytes are read as latin-1: every byte is one character, so none is ever lost, whatever the
// server wrote. White space is what Unicode calls so within latin-1, NEL (0x85) and NBSP (0xa0)
// included.
#pragma once

#include <string>
#include <string_view>

namespace lbsim::workload {

constexpr bool is_space(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u == ' ' || (u >= 0x09 && u <= 0x0d) || (u >= 0x1c && u <= 0x1f) || u == 0x85 || u == 0xa0;
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Position of the first white space at or after `at`, or the length of the text.
std::size_t end_of_word(std::string_view text, std::size_t at);

// Position of the first character at or after `at` that is no decimal digit.
std::size_t end_of_digits(std::string_view text, std::size_t at);

bool is_blank(std::string_view text);  // nothing but white space
bool is_ascii(std::string_view bytes);

// Well-formed UTF-8 (Unicode 15, table 3-7): no overlong forms, no surrogates, at most U+10FFFF.
bool is_utf8(std::string_view bytes);

std::string utf8_from_latin1(std::string_view bytes);

}  // namespace lbsim::workload
