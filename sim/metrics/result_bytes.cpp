#include "metrics/result_bytes.hpp"

#include <concepts>
#include <cstring>
#include <tuple>
#include <type_traits>
#include <utility>

#include "core/error.hpp"

namespace lbsim {
namespace {

// Raised by hand whenever a member below, or of what is visited, changes.
constexpr std::uint64_t kForm = 0x6c6273696d000003;

template <class T>
concept Plain = std::integral<T> || std::floating_point<T>;

// The members of each struct, once, for both directions.
template <class Visit>
void visit_members(Visit& v, NodeMinute& m) {
  v(m.requests, m.bytes_in, m.bytes_out, m.work_s, m.queue_max, m.connections_max);
}
template <class Visit>
void visit_members(Visit& v, NodeStats& n) {
  v(n.name, n.tier, n.kind, n.cores, n.nic_bytes_per_s, n.connections_limit, n.total, n.minutes);
}
template <class Visit>
void visit_members(Visit& v, PoolStats& p) {
  v(p.name, p.algorithm, p.members, p.weights, p.picks);
}
template <class Visit>
void visit_members(Visit& v, Event& e) {
  v(e.at, e.what, e.node);
}
template <class Visit>
void visit_members(Visit& v, LatencySketch& sketch) {
  sketch.members(v);
}
template <class Visit>
void visit_members(Visit& v, WindowCounts& window) {
  v(window.ended, window.latency);
}
template <class Visit>
void visit_members(Visit& v, ContentStats& content) {
  v(content.name, content.ended, content.latency);
}
template <class Visit>
void visit_members(Visit& v, RuleCount& rule) {
  v(rule.name, rule.requests);
}
template <class Visit>
void visit_members(Visit& v, LimitCount& limit) {
  v(limit.name, limit.passed, limit.delayed, limit.rejected);
}
template <class Visit>
void visit_members(Visit& v, CacheCount& cache) {
  v(cache.there, cache.hits, cache.stale, cache.misses, cache.waited, cache.evicted);
}
template <class Visit>
void visit_members(Visit& v, Layer7Stats& tier) {
  v(tier.tier, tier.rules, tier.redirects, tier.limits, tier.cache, tier.handshakes_full,
    tier.handshakes_resumed);
}
template <class Visit>
void visit_members(Visit& v, Recorder& recorder) {
  recorder.members(v);
}
template <class Visit>
void visit_members(Visit& v, PrecisionResult& p) {
  v(p.metric, p.is_share, p.wanted, p.estimate, p.half_width, p.reached, p.lacks, p.warm_up_s);
  v(p.batches, p.batch_s);
}
template <class Visit>
void visit_members(Visit& v, RunResult& r) {
  v(r.scenario, r.sha256, r.seed, r.kernel, r.simulated_s, r.partial, r.window_start_s, r.window);
  v(r.page_views_per_day, r.capex_cny, r.opex_cny_per_year, r.notes, r.precision, r.recorder);
  v(r.wall_s, r.cpu_s, r.events, r.requests_in_flight_max);
}

template <class T>
concept List = requires(T& list) {
  list.emplace_back();
};  // std::vector, std::deque
template <class T>
concept Array = requires {
  std::tuple_size<T>::value;
};

class Writer {
 public:
  template <class... Ts>
  void operator()(Ts&... members) {
    (put(members), ...);
  }
  std::string bytes;

 private:
  void put_count(std::size_t count) { put(count); }

  template <class T>
  void put(T& value) {
    if constexpr (Plain<T>) {
      bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    } else if constexpr (std::is_same_v<T, Duration>) {
      put_count(static_cast<std::size_t>(value.count()));
    } else if constexpr (std::is_same_v<T, Time>) {
      put_count(static_cast<std::size_t>(to_ps(value)));
    } else if constexpr (std::is_same_v<T, std::string>) {
      put_count(value.size());
      bytes += value;
    } else if constexpr (List<T> || Array<T>) {
      if constexpr (List<T>) put_count(value.size());
      for (auto& one : value) put(one);
    } else {
      visit_members(*this, value);
    }
  }
};

[[noreturn]] void refuse() {
  throw InputError(Diagnostic{{}, 0, 0, {}, "these bytes are no result of this version", {}});
}

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : left_(bytes) {}
  template <class... Ts>
  void operator()(Ts&... members) {
    (get(members), ...);
  }
  bool done() const { return left_.empty(); }

 private:
  std::string_view take(std::size_t count) {
    if (count > left_.size()) refuse();
    const std::string_view taken = left_.substr(0, count);
    left_.remove_prefix(count);
    return taken;
  }
  std::size_t number() {
    std::size_t count = 0;
    get(count);
    return count;
  }
  std::size_t size() {
    const std::size_t count = number();
    if (count > left_.size()) refuse();  // each element takes a byte or more
    return count;
  }

  template <class T>
  void get(T& value) {
    if constexpr (Plain<T>) {
      std::memcpy(&value, take(sizeof value).data(), sizeof value);
    } else if constexpr (std::is_same_v<T, Duration>) {
      value = picoseconds(static_cast<std::int64_t>(number()));
    } else if constexpr (std::is_same_v<T, Time>) {
      value = kTimeZero + picoseconds(static_cast<std::int64_t>(number()));
    } else if constexpr (std::is_same_v<T, std::string>) {
      value = take(size());
    } else if constexpr (List<T> || Array<T>) {
      if constexpr (List<T>) value.resize(size());
      for (auto& one : value) get(one);
    } else {
      visit_members(*this, value);
    }
  }

  std::string_view left_;
};

}  // namespace

std::string to_bytes(const RunResult& result) {
  Writer writer;
  std::uint64_t form = kForm;
  writer(form);
  RunResult copy = result;  // the same functions visit to read and to write
  visit_members(writer, copy);
  return std::move(writer.bytes);
}

RunResult result_from_bytes(std::string_view bytes) {
  ByteReader reader(bytes);
  std::uint64_t form = 0;
  reader(form);
  if (form != kForm) refuse();
  RunResult result;
  visit_members(reader, result);
  if (!reader.done()) refuse();
  return result;
}

}  // namespace lbsim
