// Draws what a request is of: its class, the object of the class's catalogue, size and demand; and
// what a session's header fields say. A session without classes draws nothing here.
#pragma once

#include <vector>

#include "core/alias_table.hpp"
#include "devices/config.hpp"
#include "devices/records.hpp"

namespace lbsim {

inline constexpr std::size_t kContentClassesMax = 64;
inline constexpr std::uint32_t kObjectsMax = 5'000'000;  // of all classes
inline constexpr std::uint32_t kTraitsMax = 4096;        // combinations of header values

class Contents {
 public:
  struct Fetch {
    std::uint32_t object = 0;  // of all classes' objects, counted through
    std::uint8_t content = 0;  // its class
    float work_s = 0;
    double bytes = 0;
  };

  Contents(const WorkloadConfig& workload, std::uint64_t seed);

  bool has_classes() const { return !classes_.empty(); }
  bool has_traits() const { return !headers_.empty(); }
  Fetch draw(bool is_document, SessionRandom& random) const;
  // The combination of header values of a session whose draws begin with this seed: mixed radix,
  // the first header turns fastest. Takes none of the session's own draws.
  std::uint16_t draw_traits(std::uint64_t session_seed) const;

 private:
  struct Class {
    const ContentClassConfig* config = nullptr;
    const Distribution* service = nullptr;
    const Distribution* response_bytes = nullptr;
    std::uint32_t first = 0;           // of its objects
    AliasTable popularity;             // of a catalogue
    std::vector<std::uint32_t> bytes;  // of each object of a catalogue
  };

  void add(const ContentClassConfig& config, const FetchConfig& fetch, std::uint64_t seed);

  std::vector<Class> classes_;
  std::vector<std::uint8_t> documents_;  // classes of documents
  std::vector<std::uint8_t> assets_;
  AliasTable document_shares_;
  AliasTable asset_shares_;
  std::vector<AliasTable> headers_;
  std::uint32_t objects_ = 0;
};

// Tickets of TLS that browsers have from visits before this run.
class OldTickets {
 public:
  explicit OldTickets(const std::vector<TierConfig>& tiers);
  bool any() const { return returning_ > 0; }
  // 1 + the machine that a session's ticket is of; 0: it has none. Takes none of its own draws.
  std::uint16_t draw(std::uint64_t session_seed) const;

 private:
  double returning_ = 0;
  int machines_ = 1;
};

// How many combinations of header values there are.
std::uint32_t trait_count(const ContentConfig& content);
// The value of header `h` in a combination.
const std::string& trait_value(const ContentConfig& content, std::size_t h, std::uint32_t traits);

// Means of all documents or all assets, over the classes' shares.
double mean_service_s(const WorkloadConfig& workload, bool documents);
double mean_response_bytes(const WorkloadConfig& workload, bool documents);

}  // namespace lbsim
