// CRC-32 of ISO-HDLC (zlib's): what nginx's `hash` and `hash ... consistent` are made of.
#pragma once

#include <cstdint>
#include <string_view>

namespace lbsim::algorithms::nginx {

class Crc32 {
 public:
  Crc32& add(std::string_view bytes);
  // Four bytes, least significant first.
  Crc32& add_word(std::uint32_t word);
  std::uint32_t value() const { return ~state_; }

 private:
  std::uint32_t state_ = ~std::uint32_t{0};
};

}  // namespace lbsim::algorithms::nginx
