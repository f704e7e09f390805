#include <gtest/gtest.h>

#include "algorithms/ipvs/hashes.hpp"

namespace lbsim::algorithms::ipvs {
namespace {

// Reference: CPython 3.11's hash(bytes) is SipHash-1-3, with key zero under PYTHONHASHSEED=0.
TEST(IpvsHashes, SipHash13AgreesWithAnotherImplementation) {
  EXPECT_EQ(siphash13(0, 0x0A000001), 0x3d667edau);
  EXPECT_EQ(siphash13(0, 0), 0x9ac48af0u);
  EXPECT_EQ(siphash13(0, 0xFFFFFFFF), 0x74cad6e2u);
}

// 0x61C88647 * 1 = 0x61C88647: its top byte is 0x61. 0x61C88647 * 3 = 0x1255992D5, modulo 2^32
// 0x255992D5.
TEST(IpvsHashes, Hash32IsTheTopByteOfTheProductModulo32Bits) {
  EXPECT_EQ(hash32(0), 0u);
  EXPECT_EQ(hash32(1), 0x61u);
  EXPECT_EQ(hash32(3), 0x25u);
}

}  // namespace
}  // namespace lbsim::algorithms::ipvs
