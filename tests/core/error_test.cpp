#include "core/error.hpp"

#include <gtest/gtest.h>

namespace lbsim {
namespace {

TEST(NearestWord, FindsTheWordBehindATypo) {
  const std::vector<std::string> words{"nginx", "haproxy", "lvs", "wlc", "dr"};
  EXPECT_EQ(nearest_word("ngnix", words), "nginx");     // neighbours exchanged: distance 1
  EXPECT_EQ(nearest_word("haprxy", words), "haproxy");  // one letter lost
  EXPECT_EQ(nearest_word("wlcc", words), "wlc");        // one too many
  EXPECT_EQ(nearest_word("lbs", words), "lvs");         // one wrong
}

TEST(NearestWord, IsSilentWhenNothingIsNear) {
  EXPECT_EQ(nearest_word("apache", {"nginx", "haproxy"}), "");
  EXPECT_EQ(nearest_word("xy", {"dr", "nat"}), "");
}

}  // namespace
}  // namespace lbsim
