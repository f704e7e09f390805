#include "workload/log_arrivals.hpp"

#include <algorithm>
#include <utility>

namespace lbsim {
namespace {

workload::ReplayOptions options_with(std::uint64_t seed) {
  workload::ReplayOptions options;
  options.seed = seed;
  return options;
}

}  // namespace

bool is_page_target(std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return true;
  static constexpr std::string_view kPages[] = {".html", ".htm", ".php", ".jsp",
                                                ".asp",  ".cgi", ".pl"};
  return std::find(std::begin(kPages), std::end(kPages), name.substr(dot)) != std::end(kPages);
}

LogArrivals::LogArrivals(const std::string& path, std::shared_ptr<const workload::LogIndex> index,
                         std::uint64_t seed, double length_s)
    : seed_(seed), length_s_(length_s), replay_(path, std::move(index), options_with(seed)) {}

bool LogArrivals::next(Arrival& arrival) {
  workload::ReplayRequest request;
  if (!replay_.next(request) || to_seconds(request.time) >= length_s_) return false;
  arrival = Arrival{};
  arrival.at = request.time;
  arrival.seed = stream_seed(seed_, "workload/log") + number_++ * 0xd1342543de82ef95ULL;
  arrival.from_log = true;
  arrival.is_document = is_page_target(request.target);
  arrival.client = algorithms::Address::v4(request.address);
  arrival.bytes =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(request.bytes, 4'000'000'000u));
  arrival.status = static_cast<std::uint16_t>(request.status);
  return true;
}

}  // namespace lbsim
