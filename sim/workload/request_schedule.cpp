#include "workload/request_schedule.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "core/error.hpp"
#include "core/random.hpp"
#include "workload/line_reader.hpp"

namespace lbsim {
namespace {

constexpr std::int64_t kLatestUs = 9'000'000'000'000;  // 104 days
constexpr std::int64_t kLongestUs = 86'400'000'000;    // a day
constexpr std::int64_t kMostBytes = 4'000'000'000;

enum Column : std::size_t { kAt, kService, kClient, kBytes, kColumns };
constexpr std::array<std::string_view, kColumns> kNames = {"at_us", "service_us", "client",
                                                           "bytes"};
constexpr auto kExample = "the first line is for example at_us,service_us,client,bytes";

class ScheduleReader {
 public:
  explicit ScheduleReader(const std::string& path) : path_(path), lines_(path) {}

  std::vector<Arrival> read() {
    std::string_view line;
    if (!lines_.next(line)) refuse("is empty", kExample);
    read_names(split(line));
    std::vector<Arrival> requests;
    while (lines_.next(line)) {
      if (!line.empty()) requests.push_back(request(split(line)));
    }
    if (requests.empty()) refuse("has no request", "a line for each: 1855,15847,10.0.0.7,1200");
    return requests;
  }

 private:
  [[noreturn]] void refuse(std::string message, std::string hint) const {
    throw InputError(Diagnostic{
        path_, static_cast<int>(lines_.line_number()), 0, {}, std::move(message), std::move(hint)});
  }

  static std::vector<std::string_view> split(std::string_view line) {
    std::vector<std::string_view> fields;
    for (;;) {
      const std::size_t comma = line.find(',');
      fields.push_back(line.substr(0, comma));
      if (comma == std::string_view::npos) return fields;
      line.remove_prefix(comma + 1);
    }
  }

  void read_names(const std::vector<std::string_view>& names) {
    for (const std::string_view name : names) {
      const auto found = std::find(kNames.begin(), kNames.end(), name);
      if (found == kNames.end()) refuse("\"" + std::string(name) + "\" is no column", kExample);
      columns_.push_back(static_cast<Column>(found - kNames.begin()));
    }
    for (const Column needed : {kAt, kService}) {
      if (std::count(columns_.begin(), columns_.end(), needed) != 1) {
        refuse("needs one column \"" + std::string(kNames[needed]) + "\"", kExample);
      }
    }
  }

  std::int64_t number(std::string_view text, Column column, std::int64_t most) const {
    std::int64_t value = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    if (!whole || value < 0 || value > most) {
      refuse(std::string(kNames[column]) + ": \"" + std::string(text) + "\" is out of range",
             "a whole number from 0 to " + std::to_string(most));
    }
    return value;
  }

  algorithms::Address address(std::string_view text) const {
    std::uint32_t host_order = 0;
    std::string_view rest = text;
    for (int i = 0; i < 4; ++i) {
      unsigned byte = 256;
      const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), byte);
      const auto used = static_cast<std::size_t>(end - rest.data());
      const bool dot = used < rest.size() && rest[used] == '.';
      if (error != std::errc{} || byte > 255 || dot != (i < 3) || (!dot && used != rest.size())) {
        refuse("client: \"" + std::string(text) + "\" is no address", "IPv4, such as 10.0.0.7");
      }
      host_order = host_order << 8 | byte;
      rest.remove_prefix(used + (dot ? 1 : 0));
    }
    return algorithms::Address::v4(host_order);
  }

  Arrival request(const std::vector<std::string_view>& fields) {
    if (fields.size() != columns_.size()) {
      refuse("has " + std::to_string(fields.size()) + " fields",
             std::to_string(columns_.size()) + ", as the first line says");
    }
    Arrival arrival;
    arrival.from_log = true;
    arrival.number = next_number_++;
    arrival.client = algorithms::Address::v4(0x0a000000U | (arrival.number & 0xffffffU));
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (columns_[i] == kAt) {
        arrival.at = kTimeZero + microseconds(number(fields[i], kAt, kLatestUs));
      } else if (columns_[i] == kService) {
        arrival.work_s =
            static_cast<float>(static_cast<double>(number(fields[i], kService, kLongestUs)) * 1e-6);
      } else if (columns_[i] == kClient) {
        arrival.client = address(fields[i]);
      } else {
        arrival.bytes = static_cast<std::uint32_t>(number(fields[i], kBytes, kMostBytes));
      }
    }
    return arrival;
  }

  std::string path_;
  workload::LineReader lines_;
  std::vector<Column> columns_;
  std::uint32_t next_number_ = 0;
};

class ScheduledArrivals final : public ArrivalSource {
 public:
  ScheduledArrivals(const std::vector<Arrival>& requests, std::uint64_t seed, double length_s)
      : requests_(requests), seed_(seed), end_(kTimeZero + from_seconds(length_s)) {}

  bool next(Arrival& arrival) override {
    if (next_ == requests_.size() || requests_[next_].at >= end_) return false;
    arrival = requests_[next_++];
    arrival.seed = stream_seed(seed_, "workload/schedule") + arrival.number * 0xd1342543de82ef95ULL;
    return true;
  }

 private:
  const std::vector<Arrival>& requests_;
  std::uint64_t seed_;
  Time end_;
  std::size_t next_ = 0;
};

}  // namespace

RequestSchedule::RequestSchedule(const std::string& path)
    : RequestSchedule(ScheduleReader(path).read()) {}

RequestSchedule::RequestSchedule(std::vector<Arrival> requests) : requests_(std::move(requests)) {
  std::stable_sort(requests_.begin(), requests_.end(),
                   [](const Arrival& a, const Arrival& b) { return a.at < b.at; });
}

bool RequestSchedule::is_one(const std::string& path) {
  try {
    workload::LineReader lines(path);
    std::string_view first;
    if (!lines.next(first)) return false;
    return first.starts_with(kNames[kAt]) || first.starts_with(kNames[kService]);
  } catch (const InputError&) {
    return false;  // the log's reader says why
  }
}

std::unique_ptr<ArrivalSource> RequestSchedule::arrivals(std::uint64_t seed,
                                                         double length_s) const {
  return std::make_unique<ScheduledArrivals>(requests_, seed, length_s);
}

double RequestSchedule::span_s() const { return to_seconds(requests_.back().at) + 1e-3; }

}  // namespace lbsim
