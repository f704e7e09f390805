#include "metrics/layer7_json.hpp"

namespace lbsim {
namespace {

void write_cache(JsonWriter& json, const CacheCount& cache) {
  if (!cache.there) return;
  json.key("cache").begin_object().field("hit_ratio", cache.hit_ratio());
  json.field("hits", cache.hits).field("stale", cache.stale).field("misses", cache.misses);
  json.field("waited", cache.waited).field("evicted", cache.evicted).end_object();
}

void write_tier(JsonWriter& json, const Layer7Stats& tier) {
  json.begin_object().field("tier", tier.tier).field("redirects", tier.redirects);
  json.key("rules").begin_array();
  for (const RuleCount& rule : tier.rules) {
    json.begin_row().field("name", rule.name).field("requests", rule.requests).end_object();
  }
  json.end_array().key("limits").begin_array();
  for (const LimitCount& limit : tier.limits) {
    json.begin_row().field("name", limit.name).field("passed", limit.passed);
    json.field("delayed", limit.delayed).field("rejected", limit.rejected).end_object();
  }
  json.end_array();
  write_cache(json, tier.cache);
  if (tier.handshakes_full + tier.handshakes_resumed > 0) {
    json.key("tls").begin_object().field("full", tier.handshakes_full);
    json.field("resumed", tier.handshakes_resumed).end_object();
  }
  json.end_object();
}

}  // namespace

void write_layer7(JsonWriter& json, const std::deque<Layer7Stats>& tiers) {
  if (tiers.empty()) return;
  json.key("layer7").begin_array();
  for (const Layer7Stats& tier : tiers) write_tier(json, tier);
  json.end_array();
}

}  // namespace lbsim
