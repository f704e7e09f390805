#include "algorithms/nginx/ring.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "algorithms/nginx/crc32.hpp"

namespace lbsim::algorithms::nginx {
namespace {

constexpr std::int32_t kPointsPerWeight = 160;

struct Point {
  std::uint32_t hash;
  PeerIndex owner;
};

// CRC of host, a zero byte and port, split at the last colon if only digits follow it.
Crc32 address_crc(std::string_view address) {
  std::string_view host = address;
  std::string_view port;
  if (address.starts_with("unix:")) {
    host.remove_prefix(5);
  } else {
    const std::size_t colon = address.find_last_not_of("0123456789");
    if (colon != std::string_view::npos && address[colon] == ':') {
      host = address.substr(0, colon);
      port = address.substr(colon + 1);
    }
  }
  Crc32 crc;
  return crc.add(host).add(std::string_view("", 1)).add(port);
}

std::vector<Point> points_of(const Ring::Servers& servers) {
  std::map<std::string_view, PeerIndex> first_with;
  std::vector<Point> points;
  for (PeerIndex i = 0; i < servers.size(); ++i) {
    const auto& [address, weight] = servers[i];
    const PeerIndex owner = first_with.try_emplace(address, i).first->second;
    const Crc32 base = address_crc(address);
    std::uint32_t hash = 0;
    for (std::int32_t n = weight * kPointsPerWeight; n > 0; --n) {
      hash = Crc32(base).add_word(hash).value();
      points.push_back({hash, owner});
    }
  }
  // Of equal points the one configured first stays.
  std::stable_sort(points.begin(), points.end(),
                   [](const Point& a, const Point& b) { return a.hash < b.hash; });
  const auto same = [](const Point& a, const Point& b) { return a.hash == b.hash; };
  points.erase(std::unique(points.begin(), points.end(), same), points.end());
  return points;
}

}  // namespace

Ring::Ring(const Servers& servers) {
  for (const Point& point : points_of(servers)) {
    hashes_.push_back(point.hash);
    owners_.push_back(point.owner);
  }
  cut_into_slices();
}

// About one point per slice: a look-up takes one step where a binary search takes log2(points).
void Ring::cut_into_slices() {
  std::uint32_t bits = 1;
  while (bits < 20 && (std::size_t{1} << bits) < hashes_.size()) ++bits;
  shift_ = 32 - bits;
  std::uint32_t point = 0;
  for (std::uint32_t slice = 0; slice < 1u << bits; ++slice) {
    while (point < size() && hashes_[point] >> shift_ < slice) ++point;
    first_in_slice_.push_back(point);
  }
}

}  // namespace lbsim::algorithms::nginx
