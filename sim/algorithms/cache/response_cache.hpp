// A proxy's cache of responses, as nginx's proxy_cache: least recently used ones go when there are
// too many bytes, and those that nobody asked for in a while; kept ones are good for a time
// (https://nginx.org/en/docs/http/ngx_http_proxy_module.html).
#pragma once

#include <cstdint>
#include <list>
#include <unordered_map>

#include "core/time.hpp"

namespace lbsim::algorithms::cache {

struct CacheConfig {
  std::uint64_t bytes_max = 0;        // max_size
  Duration ttl = seconds(600);        // proxy_cache_valid
  Duration inactive = seconds(600);   // not asked for so long: removed, good or not
  bool lock = false;                  // proxy_cache_lock: one fetch of a new element at a time
  Duration lock_age = seconds(5);     // after this a fetch is held for lost, and one more goes
  bool stale_while_updating = false;  // proxy_cache_use_stale updating
};

enum class Lookup : std::uint8_t {
  hit,
  stale,  // too old, but another one fetches it: to be answered with it all the same
  fetch,  // to be fetched; store() or fail() follows
  wait,   // another one fetches it: to be asked again later
};

class ResponseCache {
 public:
  explicit ResponseCache(const CacheConfig& config) : config_(config) {}

  Lookup look(std::uint64_t key, Time now);
  // The response to a fetch, which is good from now on. One larger than the cache is not kept.
  void store(std::uint64_t key, std::uint64_t bytes, Time now);
  // A fetch that brought nothing to keep.
  void fail(std::uint64_t key);
  // Whether there is a response, good or too old: proxy_cache_use_stale error.
  bool has(std::uint64_t key) const;

  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t evicted() const { return evicted_; }  // for want of space

 private:
  struct Entry {
    std::uint64_t bytes = 0;
    Time good_until{};
    Time used{};
    bool kept = false;  // else only a fetch is on its way
    bool fetching = false;
    Time fetching_since{};
    std::list<std::uint64_t>::iterator place{};  // of a kept one
  };

  void use(Entry& entry, Time now);
  void begin_fetch(Entry& entry, Time now);
  void drop_unused(Time now);
  void drop_last();
  void unkeep(std::unordered_map<std::uint64_t, Entry>::iterator place);

  CacheConfig config_;
  std::unordered_map<std::uint64_t, Entry> entries_;
  std::list<std::uint64_t> order_;  // of kept ones, the latest used first
  std::uint64_t bytes_ = 0;
  std::uint64_t evicted_ = 0;
};

}  // namespace lbsim::algorithms::cache
