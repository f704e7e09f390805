// Listens to a run: outcomes, latencies, picks, nodes, events. Devices report here and never read.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "metrics/layer7_stats.hpp"
#include "metrics/node_stats.hpp"
#include "metrics/outcome.hpp"
#include "metrics/request_trace.hpp"
#include "metrics/sketch.hpp"
#include "metrics/timeline.hpp"

namespace lbsim {

struct PoolStats {
  std::string name;  // of the tier that picks
  std::string algorithm;
  std::vector<std::string> members;
  std::vector<double> weights;
  std::vector<std::uint64_t> picks;
};

// What became of one logged or recorded request.
struct RequestRecord {
  Time asked{};
  Time ended{};
  RequestOutcome outcome = RequestOutcome::unfinished;
  std::uint32_t server = 0;  // node of the server tier that it reached last, if it reached one
};

struct Event {
  Time at;
  std::string what;
  std::string node;
};

// Of the requests that were asked for in one window of a run.
struct WindowCounts {
  std::uint64_t ended = 0;
  LatencySketch latency;  // of those that ended ok
};

// Of the requests that were of one class of contents.
struct ContentStats {
  std::string name;
  std::uint64_t ended = 0;
  LatencySketch latency;  // of those that ended ok
};

class Recorder {
 public:
  // Counts requests by windows, too: `count` of them from `from` on, of this length; the last one
  // takes what is asked for later. Costs time and memory, so only who needs it asks.
  void record_windows(Time from, Duration length, std::size_t count);

  NodeStats& add_node(std::string name, std::string tier, std::string kind, int cores,
                      double nic_bytes_per_s);
  // Classes of contents are counted apart, in the order in which they are added.
  void add_content(std::string name) { contents_.push_back({std::move(name), 0, {}}); }
  // Returns the pool's number, for pick().
  std::size_t add_pool(PoolStats pool);

  void generated() { ++generated_; }
  void attempt() { ++attempts_; }
  void page_started() { ++pages_started_; }
  void page_complete() { ++pages_complete_; }
  void ended(RequestOutcome outcome, Time asked, Time now) {
    ++outcomes_[static_cast<std::size_t>(outcome)];
    if (outcome == RequestOutcome::ok) latency_.add(now - asked);
    if (timeline_) [[unlikely]]
      timeline_->ended(outcome, now - asked, now);
    if (!windows_.empty()) ended_in_window(outcome, asked, now);
  }
  // Stays where it is.
  Layer7Stats& add_layer7(const std::string& tier) {
    layer7_.emplace_back().tier = tier;
    return layer7_.back();
  }
  void content_ended(std::size_t content, RequestOutcome outcome, Time asked, Time now) {
    ++contents_[content].ended;
    if (outcome == RequestOutcome::ok) contents_[content].latency.add(now - asked);
  }
  // Keep what users see in each interval, too. Before the run.
  void keep_timeline(Duration interval) { timeline_.emplace(interval); }
  // Keep the ways of some requests, over these tiers. Before the run.
  void keep_trace(std::vector<std::string> tiers) { trace_.emplace(std::move(tiers)); }
  std::optional<RequestTrace>& trace() { return trace_; }
  const std::optional<RequestTrace>& trace() const { return trace_; }
  // Keep one record for each logged request, by the number that its arrival had.
  void keep_requests() { keeps_requests_ = true; }
  void request(std::uint32_t number, const RequestRecord& record) {
    if (!keeps_requests_) return;
    if (number >= requests_.size()) requests_.resize(number + std::size_t{1});
    requests_[number] = record;
  }
  void pick(std::size_t pool, std::uint32_t member) {
    ++pools_[pool].picks[member];
    digest_ = (digest_ ^ (static_cast<std::uint64_t>(pool) << 32 | member)) * 0x100000001b3ULL;
    digest_ ^= digest_ >> 29;
  }
  void event(Time at, std::string what, std::string node) {
    events_.push_back({at, std::move(what), std::move(node)});
  }

  // No more is to come: ends the minute of every node, and the last interval.
  void close();

  std::uint64_t generated_count() const { return generated_; }
  std::uint64_t attempts() const { return attempts_; }
  std::uint64_t pages_started() const { return pages_started_; }
  std::uint64_t pages_complete() const { return pages_complete_; }
  const std::array<std::uint64_t, kOutcomes>& outcomes() const { return outcomes_; }
  std::uint64_t ended_count() const;
  const LatencySketch& latency() const { return latency_; }
  const std::deque<NodeStats>& nodes() const { return nodes_; }
  const std::vector<PoolStats>& pools() const { return pools_; }
  const std::vector<Event>& events() const { return events_; }
  const std::vector<ContentStats>& contents() const { return contents_; }
  const std::deque<Layer7Stats>& layer7() const { return layer7_; }
  const std::optional<Timeline>& timeline() const { return timeline_; }
  const std::vector<RequestRecord>& requests() const { return requests_; }
  std::uint64_t pick_digest() const { return digest_; }
  const std::vector<WindowCounts>& windows() const { return windows_; }
  double window_from_s(std::size_t i) const {
    return to_seconds(windows_from_) + static_cast<double>(i) * to_seconds(window_length_);
  }

  // Calls `visit` with every member: what a copy in another process is made of.
  template <class Visit>
  void members(Visit& visit) {
    visit(generated_, attempts_, pages_started_, pages_complete_, outcomes_, latency_, nodes_,
          pools_, contents_, layer7_, events_, windows_, windows_from_, window_length_, digest_);
  }

 private:
  void ended_in_window(RequestOutcome outcome, Time asked, Time now);

  std::uint64_t generated_ = 0;
  std::uint64_t attempts_ = 0;
  std::uint64_t pages_started_ = 0;
  std::uint64_t pages_complete_ = 0;
  std::array<std::uint64_t, kOutcomes> outcomes_{};
  LatencySketch latency_;
  std::deque<NodeStats> nodes_;  // devices keep pointers to these
  std::vector<PoolStats> pools_;
  std::vector<ContentStats> contents_;
  std::deque<Layer7Stats> layer7_;
  std::vector<Event> events_;
  std::optional<Timeline> timeline_;
  std::optional<RequestTrace> trace_;
  std::vector<WindowCounts> windows_;
  Time windows_from_{};
  Duration window_length_{};
  bool keeps_requests_ = false;
  std::vector<RequestRecord> requests_;
  std::uint64_t digest_ = 0xcbf29ce484222325ULL;
};

}  // namespace lbsim
