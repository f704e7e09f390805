// What requests are of: shares of classes and objects, sizes, header fields; and that workloads
// that say nothing of it draw what they always drew.
#include "devices/contents.hpp"

#include <cmath>
#include <map>

#include "experiments.hpp"

namespace lbsim {
namespace {

using namespace lbsim::testing;

// Pages, and two classes of assets: images of a catalogue, and answers made for one user.
WorkloadConfig portal() {
  WorkloadConfig w;
  w.document = {always(0.040), always(27000)};
  w.asset = {always(0.002), {Law::exponential, 17000, 1, nullptr}};
  w.content.classes = {{"pages", true, 1, "www", "/", 0, 1, true, {}, {}},
                       {"images", false, 3, "img", "/static/", 1000, 0.8, true, {}, {}},
                       {"answers", false, 1, "api", "/v1/", 0, 1, true, always(0.01), always(500)}};
  w.content.headers = {{"User-Agent", {"phone", "desk", "robot"}, {6, 3, 1}},
                       {"Accept-Language", {"zh", "en"}, {4, 1}}};
  return w;
}

// A share p of n draws has the standard error sqrt(p (1 - p) / n).
void expect_share(std::uint64_t count, std::uint64_t n, double p) {
  const auto draws = static_cast<double>(n);
  EXPECT_NEAR(static_cast<double>(count) / draws, p, 4 * std::sqrt(p * (1 - p) / draws));
}

TEST(Contents, ClassesAndObjectsHaveTheirShares) {
  const WorkloadConfig w = portal();
  const Contents contents(w, 1);
  SessionRandom random(7);
  constexpr std::uint64_t kDraws = 200'000;
  std::uint64_t images = 0;
  std::uint64_t most_popular = 0;
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const Contents::Fetch fetch = contents.draw(false, random);
    images += fetch.content == 1 ? 1 : 0;
    most_popular += fetch.object == 1 ? 1 : 0;  // after the one of the pages
  }
  expect_share(images, kDraws, 0.75);
  double sum = 0;
  for (int k = 1; k <= 1000; ++k) sum += std::pow(k, -0.8);
  expect_share(most_popular, kDraws, 0.75 / sum);
}

TEST(Contents, AnObjectHasOneSizeAndAnAnswerItsClassesDemand) {
  const WorkloadConfig w = portal();
  const Contents contents(w, 1);
  SessionRandom random(7);
  std::map<std::uint32_t, double> sizes;
  for (int i = 0; i < 20'000; ++i) {
    const Contents::Fetch fetch = contents.draw(false, random);
    if (fetch.content == 2) {
      EXPECT_EQ(fetch.bytes, 500);
      EXPECT_FLOAT_EQ(fetch.work_s, 0.01F);
    } else {
      EXPECT_EQ(sizes.try_emplace(fetch.object, fetch.bytes).first->second, fetch.bytes);
      EXPECT_FLOAT_EQ(fetch.work_s, 0.002F);
    }
  }
  EXPECT_GT(sizes.size(), 900u);
  EXPECT_NE(sizes.begin()->second, sizes.rbegin()->second);
}

TEST(Contents, SessionsHaveHeadersByTheirSharesIndependently) {
  const WorkloadConfig w = portal();
  const Contents contents(w, 1);
  constexpr std::uint64_t kSessions = 100'000;
  std::uint64_t robots = 0;
  std::uint64_t english_robots = 0;
  for (std::uint64_t seed = 0; seed < kSessions; ++seed) {
    const std::uint16_t traits = contents.draw_traits(seed);
    const bool robot = trait_value(w.content, 0, traits) == "robot";
    robots += robot ? 1 : 0;
    english_robots += robot && trait_value(w.content, 1, traits) == "en" ? 1 : 0;
  }
  expect_share(robots, kSessions, 0.1);
  expect_share(english_robots, kSessions, 0.02);
}

TEST(Contents, MeansAreThoseOfTheClassesByTheirShares) {
  const WorkloadConfig w = portal();
  EXPECT_DOUBLE_EQ(mean_service_s(w, true), 0.040);
  EXPECT_DOUBLE_EQ(mean_service_s(w, false), 0.75 * 0.002 + 0.25 * 0.01);
  EXPECT_DOUBLE_EQ(mean_response_bytes(w, false), 0.75 * 17000 + 0.25 * 500);
}

RunPlan pages_of_two() {
  RunPlan p = plan({nginx(1), servers(8, 4)}, 20, 2, 60);
  p.site.workload.content.classes = {
      {"pages", true, 1, "www", "/", 0, 1, true, {}, {}},
      {"images", false, 1, "img", "/static/", 100, 0.8, true, {}, {}}};
  return p;
}

TEST(Contents, ARunCountsRequestsByClass) {
  const RunResult r = run(pages_of_two());
  ASSERT_EQ(r.recorder.contents().size(), 2u);
  const auto& [pages, images] = std::tie(r.recorder.contents()[0], r.recorder.contents()[1]);
  EXPECT_GT(pages.ended, 500u);
  EXPECT_EQ(pages.ended, images.ended);  // one image a page, and no page fails
  EXPECT_EQ(pages.ended + images.ended, generated(r));
  EXPECT_GT(pages.latency.mean_s(), images.latency.mean_s());  // 10 ms of work against 2 ms
}

TEST(Contents, HeadersChangeNothingOfWhatASessionFetches) {
  RunPlan p = pages_of_two();
  const std::string without = to_json(run(p));
  p.site.workload.content.headers = {{"User-Agent", {"phone", "desk"}, {1, 1}}};
  EXPECT_EQ(to_json(run(p)), without);
}

}  // namespace
}  // namespace lbsim
