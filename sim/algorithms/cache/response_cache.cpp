#include "algorithms/cache/response_cache.hpp"

namespace lbsim::algorithms::cache {

void ResponseCache::use(Entry& entry, Time now) {
  entry.used = now;
  order_.splice(order_.begin(), order_, entry.place);
}

void ResponseCache::begin_fetch(Entry& entry, Time now) {
  entry.fetching = true;
  entry.fetching_since = now;
}

Lookup ResponseCache::look(std::uint64_t key, Time now) {
  drop_unused(now);
  Entry& entry = entries_[key];
  const bool fetched_by_another = entry.fetching && now - entry.fetching_since < config_.lock_age;
  if (!entry.kept) {
    if (fetched_by_another && config_.lock) return Lookup::wait;
    begin_fetch(entry, now);
    return Lookup::fetch;
  }
  use(entry, now);
  if (now < entry.good_until) return Lookup::hit;
  if (fetched_by_another && config_.stale_while_updating) return Lookup::stale;
  begin_fetch(entry, now);
  return Lookup::fetch;
}

void ResponseCache::store(std::uint64_t key, std::uint64_t bytes, Time now) {
  if (bytes > config_.bytes_max) return fail(key);
  Entry& entry = entries_[key];
  if (entry.kept) {
    bytes_ -= entry.bytes;
  } else {
    entry.place = order_.insert(order_.begin(), key);
  }
  entry.kept = true;
  entry.fetching = false;
  entry.bytes = bytes;
  entry.good_until = now + config_.ttl;
  bytes_ += bytes;
  use(entry, now);
  while (bytes_ > config_.bytes_max) {
    ++evicted_;
    drop_last();
  }
}

void ResponseCache::fail(std::uint64_t key) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  found->second.fetching = false;
  if (!found->second.kept) entries_.erase(found);
}

bool ResponseCache::has(std::uint64_t key) const {
  const auto found = entries_.find(key);
  return found != entries_.end() && found->second.kept;
}

void ResponseCache::drop_unused(Time now) {
  while (!order_.empty() && entries_.find(order_.back())->second.used + config_.inactive <= now) {
    drop_last();
  }
}

void ResponseCache::drop_last() { unkeep(entries_.find(order_.back())); }

void ResponseCache::unkeep(std::unordered_map<std::uint64_t, Entry>::iterator place) {
  Entry& entry = place->second;
  bytes_ -= entry.bytes;
  order_.erase(entry.place);
  entry.kept = false;
  if (!entry.fetching) entries_.erase(place);
}

}  // namespace lbsim::algorithms::cache
