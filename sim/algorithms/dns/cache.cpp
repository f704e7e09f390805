#include "algorithms/dns/cache.hpp"

namespace lbsim::algorithms::dns {

void CacheEntry::store(const Answer& fetched, std::uint32_t kept_ttl_s, std::int64_t now_s) {
  fetched_s = now_s;
  ttl_s = kept_ttl_s;
  filled = true;
  refreshing = false;
  rcode = fetched.rcode;
  order = fetched.order;
}

std::string CacheEntry::describe() const {
  if (!filled) return "empty";
  std::string result = "fetched at " + std::to_string(fetched_s) + " s, TTL " +
                       std::to_string(ttl_s) + " s, records";
  for (const RecordIndex record : order) result += ' ' + std::to_string(record);
  return refreshing ? result + ", refreshing" : result;
}

std::uint32_t TtlLimits::kept(const Answer& fetched) const {
  if (fetched.negative()) return std::min(fetched.ttl_s, negative_max_s);
  return std::min(std::max(fetched.ttl_s, min_s), max_s);
}

}  // namespace lbsim::algorithms::dns
