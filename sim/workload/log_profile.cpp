#include "workload/log_profile.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/math.hpp"
#include "workload/access_log.hpp"
#include "workload/calendar.hpp"
#include "workload/log_arrivals.hpp"
#include "workload/name_table.hpp"

namespace lbsim::workload {
namespace {

constexpr std::int64_t kVisitGapS = 1800;

// "+0800" in seconds; 0 where the format prints none.
std::int64_t offset_s_of(std::string_view offset) {
  if (offset.size() != 5) return 0;
  const auto digit = [&](std::size_t i) { return std::int64_t{offset[i] - '0'}; };
  const std::int64_t s = (digit(1) * 10 + digit(2)) * 3600 + (digit(3) * 10 + digit(4)) * 60;
  return offset[0] == '-' ? -s : s;
}

std::int64_t microseconds_of(double seconds) {
  return static_cast<std::int64_t>(std::llround(seconds * 1e6));
}

class Profiler {
 public:
  Profiler(const std::string& path, LogFormat format, NumberUnit unit)
      : path_(path), format_(format), unit_(unit) {}

  LogProfile read() {
    find_span();
    AccessLog log(path_, format_);
    AccessRecord record;
    while (log.next(record)) add(record, with_number(times_of(log)), second_of(log, record));
    profile_.invalid_lines = log.invalid();
    finish();
    return std::move(profile_);
  }

 private:
  static std::int64_t second_of(const AccessLog& log, const AccessRecord& record) {
    const std::int64_t utc_s = floor_div(record.time_ms, 1000);
    return log.format() == LogFormat::kHaproxy ? utc_s
                                               : utc_s + offset_s_of(log.common().utc_offset);
  }

  static RequestTimes times_of(const AccessLog& log) {
    if (log.format() == LogFormat::kHaproxy) return request_times_of(log.haproxy());
    return log.common().combined ? request_times_of(log.common().rest) : RequestTimes{};
  }

  // A whole number at the end of the line in the unit that the log has.
  RequestTimes with_number(RequestTimes times) const {
    if (times.number && unit_ != NumberUnit::none) times.total_s = seconds_of(*times.number, unit_);
    return times;
  }

  // Which minutes are quiet, and what their numbers are, must be known before their times are read.
  void find_span() {
    AccessLog log(path_, format_);
    format_ = log.format();
    AccessRecord record;
    Tally minutes;
    WholeNumbers numbers;
    profile_.begin_s = std::numeric_limits<std::int64_t>::max();
    profile_.end_s = std::numeric_limits<std::int64_t>::min();
    while (log.next(record)) {
      const std::int64_t second = second_of(log, record);
      profile_.begin_s = std::min(profile_.begin_s, second);
      profile_.end_s = std::max(profile_.end_s, second + 1);
      minutes.add(floor_div(second, 60));
      if (const auto number = times_of(log).number) numbers.add(*number, record.bytes);
    }
    if (unit_ == NumberUnit::automatic) {
      unit_ = numbers.unit();
      profile_.why_no_times = numbers.why_none();
    }
    if (minutes.entries().empty()) fail_without_valid_line(path_, log.lines(), "a request");
    const std::int64_t first = floor_div(profile_.begin_s, 60);
    const std::int64_t last = floor_div(profile_.end_s - 1, 60);
    profile_.requests_per_minute.assign(static_cast<std::size_t>(last - first + 1), 0);
    std::vector<std::uint64_t> counts;
    for (const auto& [minute, count] : minutes.entries()) {
      profile_.requests_per_minute[static_cast<std::size_t>(minute - first)] =
          static_cast<std::uint32_t>(count);
      counts.push_back(count);
    }
    std::nth_element(counts.begin(), counts.begin() + static_cast<long>(counts.size() / 2),
                     counts.end());
    quiet_most_ = counts[counts.size() / 2];
  }

  void add(const AccessRecord& record, const RequestTimes& times, std::int64_t second) {
    const bool is_document = is_page_target(record.request.target);
    ProfileOfKind& kind = is_document ? profile_.documents : profile_.assets;
    ++profile_.requests;
    ++kind.requests;
    if (record.status && *record.status >= 500) ++profile_.failed;
    if (record.bytes) {
      kind.sizes.add(static_cast<std::int64_t>(std::min<std::uint64_t>(*record.bytes, 1u << 31)));
    }
    const std::int64_t minute = floor_div(second, 60) - floor_div(profile_.begin_s, 60);
    const bool quiet =
        profile_.requests_per_minute[static_cast<std::size_t>(minute)] <= quiet_most_;
    add_time(times.server_s, quiet, kind.server_times_us, kind.quiet_server_times_us);
    add_time(times.total_s, quiet, kind.total_times_us, kind.quiet_total_times_us);
    const auto hour = static_cast<std::size_t>(second / 3600 - floor_div(second, 86400) * 24);
    profile_.requests_per_hour[hour] += 1;
    if (is_document) profile_.documents_per_hour[hour] += 1;
    const std::string_view target = record.request.target;
    urls_.count(target.substr(0, target.find('?')));
    const std::uint32_t client = clients_.number_of(record.client);
    if (is_document) add_page(client, second);
  }

  static void add_time(std::optional<double> seconds, bool quiet, Tally& all, Tally& of_quiet) {
    if (!seconds) return;
    all.add(microseconds_of(*seconds));
    if (quiet) of_quiet.add(microseconds_of(*seconds));
  }

  // Lines lie out of order by some seconds: such a step back is no gap.
  void add_page(std::uint32_t client, std::int64_t second) {
    if (client >= last_page_s_.size()) last_page_s_.resize(client + 1, kNeverSeen);
    std::int64_t& last = last_page_s_[client];
    if (last == kNeverSeen || second - last >= kVisitGapS) {
      ++profile_.visits;
    } else {
      ++profile_.gaps;
      profile_.gap_sum_s += static_cast<double>(std::max<std::int64_t>(second - last, 0));
    }
    last = std::max(last, second);
  }

  void finish() {
    for (std::int64_t s = profile_.begin_s; s < profile_.end_s;) {
      const std::int64_t next = std::min((floor_div(s, 3600) + 1) * 3600, profile_.end_s);
      const std::int64_t hour = floor_div(s, 3600) - floor_div(s, 86400) * 24;
      profile_.covered_s[static_cast<std::size_t>(hour)] += static_cast<double>(next - s);
      s = next;
    }
    for (std::size_t h = 0; h < 24; ++h) {
      const double hours = profile_.covered_s[h] / 3600;
      profile_.documents_per_hour[h] = hours > 0 ? profile_.documents_per_hour[h] / hours : 0;
      profile_.requests_per_hour[h] = hours > 0 ? profile_.requests_per_hour[h] / hours : 0;
    }
    profile_.clients = clients_.size();
    for (const std::uint32_t url : urls_.by_count()) {
      profile_.url_counts.push_back(urls_.counted(url));
    }
  }

  static constexpr std::int64_t kNeverSeen = std::numeric_limits<std::int64_t>::min();

  std::string path_;
  LogFormat format_;
  NumberUnit unit_;
  LogProfile profile_;
  std::uint64_t quiet_most_ = 0;
  NameTable urls_;
  NameTable clients_;
  std::vector<std::int64_t> last_page_s_;  // by client
};

}  // namespace

LogProfile profile_of(const std::string& path, LogFormat format, NumberUnit unit) {
  return Profiler(path, format, unit).read();
}

double zipf_exponent(const std::vector<std::uint64_t>& counts) {
  if (counts.size() < 2) return 0;
  double total = 0;
  double log_sum = 0;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const auto count = static_cast<double>(counts[k]);
    total += count;
    log_sum += count * exact_log(static_cast<double>(k + 1));
  }
  // The likelihood is greatest where the law's mean of log rank is the log's; it falls with s.
  double low = 0;
  double high = 5;
  for (int i = 0; i < 50; ++i) {
    const double s = (low + high) / 2;
    double weights = 0;
    double logs = 0;
    for (std::size_t k = 0; k < counts.size(); ++k) {
      const double log_rank = exact_log(static_cast<double>(k + 1));
      const double weight = exact_exp(-s * log_rank);
      weights += weight;
      logs += weight * log_rank;
    }
    (logs / weights > log_sum / total ? low : high) = s;
  }
  return low;
}

double dispersion_within_hours(const std::vector<std::uint32_t>& per_minute) {
  const std::size_t hour =
      per_minute.size() < 120 ? std::max<std::size_t>(per_minute.size(), 1) : 60;
  double sum = 0;  // of squared deviations, freed of the bias that each hour's own mean brings
  double mean = 0;
  std::size_t minutes = 0;
  for (std::size_t begin = 0; begin + hour <= per_minute.size(); begin += hour) {
    double count = 0;
    for (std::size_t m = begin; m < begin + hour; ++m) count += per_minute[m];
    const double own = count / static_cast<double>(hour);
    double squares = 0;
    for (std::size_t m = begin; m < begin + hour; ++m) {
      squares += (per_minute[m] - own) * (per_minute[m] - own);
    }
    if (hour > 1) sum += squares * static_cast<double>(hour) / static_cast<double>(hour - 1);
    mean += count;
    minutes += hour;
  }
  return minutes < 10 || mean == 0 ? 1 : sum / mean;
}

}  // namespace lbsim::workload
