// An access log as a stream of requests in order of time.
//
// Order: logs are written when requests end, so lines lie out of order by seconds or minutes. A
// first reading finds by how much at most; the second holds back only so much of the log. The order
// is exact, and memory is the requests of that many seconds plus one name per client.
//
// Time within a second: the c requests of one second get c sorted uniform draws in the order of
// their lines, from a stream of the second's own. So lines of other seconds change nothing, in
// whatever order they stand.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/random.hpp"
#include "core/time.hpp"
#include "workload/access_log.hpp"
#include "workload/name_table.hpp"

namespace lbsim::workload {

struct ReplayOptions {
  LogFormat format = LogFormat::kAuto;
  double time_scale = 1;  // 0.5: twice as fast
  // Copies of every request: 2.5 = two, and a third of every second one at random. Each copy comes
  // from a client of its own at a time of its own within the second, as from so many more users.
  double copies = 1;
  std::uint64_t seed = 1;
};

struct ReplayRequest {
  Time time{};                // since the begin of the log's first second
  std::uint32_t client = 0;   // 0, 1, ...: one number per client, copies apart
  std::uint32_t address = 0;  // IPv4 in host byte order (client_addresses.hpp)
  std::string_view method;    // views last until the next call; may be empty
  std::string_view target;
  std::uint64_t bytes = 0;  // 0 also where the log has "-"
  int status = 0;           // 0: none was logged
};

// What a first reading of a log finds. All its replays may share it: it does not change.
struct LogIndex {
  LogFormat format = LogFormat::kAuto;
  std::int64_t tick_ms = 1000;  // what the log resolves
  NameTable clients;
  std::int64_t requests = 0;
  std::int64_t invalid_lines = 0;
  std::int64_t first_tick = 0;
  std::int64_t last_tick = 0;
  std::int64_t max_backward_ticks = 0;  // of a line after a later one

  std::int64_t first_ms() const { return first_tick * tick_ms; }  // UTC, since 1970
  Duration span() const { return milliseconds((last_tick - first_tick + 1) * tick_ms); }
};

// Throws InputError if the log cannot be read, holds no valid request, or is, slowed down by
// `time_scale`, longer than the 106 days that simulated time lasts.
std::shared_ptr<const LogIndex> index_of_log(const std::string& path,
                                             LogFormat format = LogFormat::kAuto,
                                             double time_scale = 1);

class LogReplay {
 public:
  // As index_of_log().
  LogReplay(const std::string& path, const ReplayOptions& options);
  // `index` is that of the log.
  LogReplay(const std::string& path, std::shared_ptr<const LogIndex> index,
            const ReplayOptions& options);

  // The next request, none earlier than the one before; false at the end.
  bool next(ReplayRequest& request);

  std::int64_t requests_logged() const { return index_->requests; }
  std::int64_t invalid_lines() const { return index_->invalid_lines; }
  std::int64_t first_ms() const { return index_->first_ms(); }
  Duration span() const { return scaled_ticks(index_->last_tick - index_->first_tick + 1); }
  std::size_t clients() const { return addresses_.size(); }  // copies counted

 private:
  struct Pending {
    std::uint32_t client;
    int status;
    std::uint64_t bytes;
    std::string method;
    std::string target;
  };
  struct Arrival {
    double within_tick;
    std::uint32_t line;  // in group_
    std::uint32_t copy;
  };

  void assign_addresses();
  bool read_line();
  bool open_next_group();
  Duration scaled_ticks(std::int64_t ticks) const;

  std::string path_;
  std::shared_ptr<const LogIndex> index_;
  ReplayOptions options_;
  AccessLog log_;
  std::uint32_t copies_;                  // options_.copies rounded up
  std::vector<std::uint32_t> addresses_;  // [copy * clients of the index + client]

  std::map<std::int64_t, std::vector<Pending>> held_back_;  // by tick
  std::int64_t latest_tick_ = 0;                            // of the second reading, so far
  bool at_end_ = false;
  std::int64_t group_tick_ = 0;
  std::vector<Pending> group_;  // the requests of one tick, and when they arrive
  std::vector<Arrival> arrivals_;
  std::size_t next_arrival_ = 0;
  Time previous_{};
};

}  // namespace lbsim::workload
