// Random histories of everything the concept offers, with crashes, hangs, cuts and cancels, told to
// both kernels: the same things end, in the same order, in the same way.
#include <gtest/gtest.h>

#include <cmath>

#include "../support/story.hpp"
#include "core/random.hpp"
#include "kernel/native.hpp"
#include "kernel/simgrid.hpp"

namespace lbsim::agreement {
namespace {

using namespace kernel;
using test::Ended;
using test::named;

constexpr std::uint32_t kDeeds = 3'000;
constexpr std::uint32_t kNote = 1'000'000;  // names of notes start here

// Draws all of a history before it runs, so that both kernels are told the same one.
struct Deed {
  Duration at;
  std::uint64_t kind;  // percent
  std::uint64_t which;
  double size;  // exponential, mean 1
};

std::vector<Deed> random_deeds(std::uint64_t seed) {
  Random random(seed);
  std::vector<Deed> deeds;
  double at = 0;
  for (std::uint32_t i = 0; i < kDeeds; ++i) {
    at += random.exponential() * 1e-3;
    const std::uint64_t kind = random.below(100);
    const std::uint64_t which = random.bits() >> 8;
    const double size = random.exponential();
    deeds.push_back({from_seconds(at), kind, which, size});
  }
  return deeds;
}

template <class K>
class Fates {
 public:
  Fates(test::Story<K>& story, const std::vector<Deed>& deeds)
      : story_(story), kernel_(story.kernel), deeds_(deeds), handles_(deeds.size()) {
    for (int i = 0; i < 6; ++i) {
      const auto discipline = i % 2 == 0 ? Discipline::fifo : Discipline::ps;
      nodes_.push_back(
          kernel_.add_node({.speed = 1, .cores = 1 + i / 2, .discipline = discipline}));
    }
    for (int i = 0; i < 4; ++i) links_.push_back(kernel_.add_link({.bytes_per_s = 2e7 * (i + 1)}));
    links_.push_back(kernel_.add_link({.bytes_per_s = 0, .sharing = Sharing::ideal}));
    for (std::size_t i = 0; i < 12; ++i) {
      const LinkId way[] = {links_[i % 5], links_[(i + 1 + i / 5) % 5]};
      const Duration latency = microseconds(static_cast<std::int64_t>(150 + 700 * i));
      routes_.push_back(kernel_.add_route(nodes_[i % 6], nodes_[(i + 1) % 6], way, latency));
    }
  }

  void happen(std::uint32_t i) {
    const Deed& deed = deeds_[i];
    const NodeId node = nodes_[deed.which % nodes_.size()];
    const LinkId link = links_[deed.which % links_.size()];
    const std::uint64_t kind = deed.kind;
    if (kind < 40) {
      const RouteId route = routes_[deed.which % routes_.size()];
      handles_[i] = kernel_.send(route, std::ceil(deed.size * 4e4), named(i));
    } else if (kind < 70) {
      const Duration then = microseconds(deed.which % 4 == 0 ? 0 : deed.which % 5 * 1'500);
      handles_[i] = kernel_.exec(node, deed.which % 18 == 0 ? 0 : deed.size * 4e-3, named(i), then);
    } else if (kind < 75) {
      handles_[i] = kernel_.after(from_seconds(deed.size * 1e-2), named(i));
    } else if (kind < 88) {
      cancel(i);
    } else if (kind < 91) {
      kernel_.set_node_up(node, !kernel_.is_up(node));
    } else if (kind < 94) {
      kernel_.set_node_speed(node, deed.which % 7 == 0 ? 0 : deed.size);
    } else if (kind < 97) {
      kernel_.set_link_bandwidth(link, 1e6 + deed.size * 3e7);
    } else {
      kernel_.set_link_up(link, deed.which % 3 != 0);
    }
    story_.note(kNote + i, kernel_.queue_length(node));
  }

  void mend() {
    for (const NodeId node : nodes_) {
      kernel_.set_node_up(node, true);
      kernel_.set_node_speed(node, 1);
    }
  }

 private:
  // One of the last dozen, so that most are still under way.
  void cancel(std::uint32_t i) {
    if (i < 12) return;
    const Cancelled cancelled = kernel_.cancel(handles_[i - 1 - deeds_[i].which % 12]);
    story_.note(2 * kNote + i, cancelled.found ? cancelled.remaining : -1);
  }

  test::Story<K>& story_;
  K& kernel_;
  const std::vector<Deed>& deeds_;
  std::vector<Handle> handles_;
  std::vector<NodeId> nodes_;
  std::vector<LinkId> links_;
  std::vector<RouteId> routes_;
};

template <class K>
std::vector<Ended> told_fates(std::uint64_t seed) {
  const std::vector<Deed> deeds = random_deeds(seed);
  return test::in_child<Ended>([&] {
    test::Story<K> story;
    Fates<K> fates(story, deeds);
    for (std::uint32_t i = 0; i < kDeeds; ++i)
      story.at(deeds[i].at, [&fates, i] { fates.happen(i); });
    story.at(seconds(100), [&fates] { fates.mend(); });
    return story.run();
  });
}

class Histories : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Histories, EndTheSameWayInTheSameOrderOnBothKernels) {
  const auto native = told_fates<NativeKernel>(GetParam());
  const auto simgrid = told_fates<SimgridKernel>(GetParam());
  for (std::size_t i = 0; i < std::min(native.size(), simgrid.size()); ++i) {
    const Ended& a = native[i];
    const Ended& b = simgrid[i];
    ASSERT_TRUE(a.what == b.what && a.outcome == b.outcome) << i << ": " << a << " and " << b;
    // The differences of a few picoseconds that the agreement test speaks of, in time and in bytes.
    ASSERT_NEAR(static_cast<double>(a.at_ps), static_cast<double>(b.at_ps), 20'000)
        << a << " " << b;
    ASSERT_NEAR(a.value, b.value, 1e-9 + 1e-6 * std::abs(b.value))
        << i << ": " << a << " and " << b;
  }
  EXPECT_EQ(native.size(), simgrid.size());
}

INSTANTIATE_TEST_SUITE_P(Seeds, Histories, testing::Range<std::uint64_t>(1, 21));

}  // namespace
}  // namespace lbsim::agreement
