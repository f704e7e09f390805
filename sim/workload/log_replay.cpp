#include "workload/log_replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.hpp"
#include "workload/calendar.hpp"
#include "workload/client_addresses.hpp"

namespace lbsim::workload {
namespace {

[[noreturn]] void fail(const std::string& path, std::string field, std::string message,
                       std::string hint) {
  throw InputError(Diagnostic{.file = path,
                              .line = 0,
                              .column = 0,
                              .field = std::move(field),
                              .message = std::move(message),
                              .hint = std::move(hint)});
}

ReplayOptions checked(const std::string& path, const ReplayOptions& options) {
  if (!(options.time_scale > 0) || !std::isfinite(options.time_scale)) {
    fail(path, "time_scale", "must be more than 0", "1 keeps the log's own speed");
  }
  if (!(options.copies > 0) || options.copies > 10'000) {
    fail(path, "copies", "must be more than 0, and 10,000 at most", "1 keeps the log's own rate");
  }
  return options;
}

}  // namespace

std::shared_ptr<const LogIndex> index_of_log(const std::string& path, LogFormat format,
                                             double time_scale) {
  AccessLog log(path, format);
  auto index = std::make_shared<LogIndex>();
  index->format = log.format();
  index->tick_ms = log.resolution_ms();
  AccessRecord record;
  std::int64_t latest = 0;
  while (log.next(record)) {
    index->clients.number_of(record.client);
    const std::int64_t tick = floor_div(record.time_ms, index->tick_ms);
    if (index->requests++ == 0) index->first_tick = latest = tick;
    index->first_tick = std::min(index->first_tick, tick);
    index->max_backward_ticks = std::max(index->max_backward_ticks, latest - tick);
    latest = std::max(latest, tick);
  }
  if (index->requests == 0) fail_without_valid_line(path, log.lines(), "a valid request");
  index->last_tick = latest;
  index->invalid_lines = log.invalid();
  const double span_s =
      static_cast<double>((latest - index->first_tick + 1) * index->tick_ms) * 1e-3 * time_scale;
  if (span_s > 106.0 * static_cast<double>(kDayS)) {
    fail(path, "", fmt::format("spans {:.1f} days", span_s / static_cast<double>(kDayS)),
         "106 days can be simulated: cut the log, or a time scale below 1; a stray date in one "
         "line has this effect too");
  }
  return index;
}

LogReplay::LogReplay(const std::string& path, const ReplayOptions& options)
    : LogReplay(path, index_of_log(path, checked(path, options).format, options.time_scale),
                options) {}

LogReplay::LogReplay(const std::string& path, std::shared_ptr<const LogIndex> index,
                     const ReplayOptions& options)
    : path_(path),
      index_(std::move(index)),
      options_(checked(path, options)),
      log_(path, index_->format),
      copies_(static_cast<std::uint32_t>(std::ceil(options.copies))),
      latest_tick_(index_->first_tick) {
  assign_addresses();
}

void LogReplay::assign_addresses() {
  ClientAddresses addresses;
  for (std::uint32_t copy = 0; copy < copies_; ++copy) {
    for (std::uint32_t client = 0; client < index_->clients.size(); ++client) {
      const std::string& name = index_->clients.name(client);
      addresses_.push_back(copy == 0 ? addresses.assign(name) : addresses.assign_copy(name, copy));
    }
  }
}

// One more line of the log into what is held back; false at its end.
bool LogReplay::read_line() {
  AccessRecord record;
  if (at_end_ || !log_.next(record)) {
    at_end_ = true;
    return false;
  }
  const std::int64_t tick = floor_div(record.time_ms, index_->tick_ms);
  latest_tick_ = std::max(latest_tick_, tick);
  const auto client = index_->clients.find(record.client);
  if (!client) fail(path_, "", "has changed since it was read first", "let nobody write to it");
  held_back_[tick].push_back({*client, record.status.value_or(0), record.bytes.value_or(0),
                              std::string(record.request.method),
                              std::string(record.request.target)});
  return true;
}

// The requests of the earliest tick held back, once no later line can belong to it.
bool LogReplay::open_next_group() {
  while (held_back_.empty() ||
         held_back_.begin()->first >= latest_tick_ - index_->max_backward_ticks) {
    if (!read_line()) break;
  }
  if (held_back_.empty()) return false;
  auto earliest = held_back_.extract(held_back_.begin());
  group_tick_ = earliest.key();
  group_ = std::move(earliest.mapped());
  arrivals_.clear();
  next_arrival_ = 0;
  Random random(options_.seed, "log_replay/" + std::to_string(group_tick_));
  const double last_copy_share = options_.copies - static_cast<double>(copies_ - 1);
  std::vector<double> draws(group_.size());
  for (std::uint32_t copy = 0; copy < copies_; ++copy) {
    for (double& draw : draws) draw = random.uniform();
    std::sort(draws.begin(), draws.end());
    for (std::uint32_t line = 0; line < group_.size(); ++line) {
      const bool dropped =
          copy + 1 == copies_ && last_copy_share < 1 && random.uniform() >= last_copy_share;
      if (!dropped) arrivals_.push_back({draws[line], line, copy});
    }
  }
  std::stable_sort(arrivals_.begin(), arrivals_.end(), [](const Arrival& a, const Arrival& b) {
    return a.within_tick < b.within_tick;
  });
  return true;
}

Duration LogReplay::scaled_ticks(std::int64_t ticks) const {
  const std::int64_t tick_ps = milliseconds(index_->tick_ms).count();
  if (options_.time_scale == 1) return picoseconds(ticks * tick_ps);
  return from_seconds(static_cast<double>(ticks * index_->tick_ms) * 1e-3 * options_.time_scale);
}

bool LogReplay::next(ReplayRequest& request) {
  while (next_arrival_ == arrivals_.size()) {
    if (!open_next_group()) return false;
  }
  const Arrival& arrival = arrivals_[next_arrival_++];
  const Pending& pending = group_[arrival.line];
  const double within_s =
      arrival.within_tick * static_cast<double>(index_->tick_ms) * 1e-3 * options_.time_scale;
  const Time time =
      kTimeZero + scaled_ticks(group_tick_ - index_->first_tick) + from_seconds(within_s);
  previous_ = std::max(previous_, time);  // rounding may not turn two ticks' order around
  request.time = previous_;
  request.client =
      arrival.copy * static_cast<std::uint32_t>(index_->clients.size()) + pending.client;
  request.address = addresses_[request.client];
  request.method = pending.method;
  request.target = pending.target;
  request.bytes = pending.bytes;
  request.status = pending.status;
  return true;
}

}  // namespace lbsim::workload
