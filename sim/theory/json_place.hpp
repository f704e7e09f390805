// Where in a JSON text something stands: the JSON library tells only of what it cannot parse.
#pragma once

#include <cstddef>
#include <string>

namespace lbsim::theory {

struct TextPlace {  // both from 1
  int line = 1;
  int column = 1;
};

TextPlace place_of(const std::string& text, std::size_t offset);

// The begin of the value at a path such as entries[3].parameters.mu in a text that is valid JSON;
// where the path leads nowhere, that of the last value on it that is there.
std::size_t offset_of(const std::string& text, const std::string& path);

}  // namespace lbsim::theory
