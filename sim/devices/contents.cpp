#include "devices/contents.hpp"

#include <algorithm>

#include "core/random.hpp"

namespace lbsim {
namespace {

constexpr std::uint64_t kTraitsSalt = 0x7472616974730000;  // "traits"
constexpr std::uint64_t kTicketSalt = 0x7469636b65740000;  // "ticket"
constexpr double kBytesMax = 4e9;

std::vector<double> shares_of(const ContentConfig& content,
                              const std::vector<std::uint8_t>& classes) {
  std::vector<double> shares;
  for (const std::uint8_t c : classes) shares.push_back(content.classes[c].share);
  return shares;
}

// Over the classes of one sort, by their shares; `fetch` where there are none.
double mean_of(const WorkloadConfig& workload, bool documents, Distribution FetchConfig::*own,
               std::optional<Distribution> ContentClassConfig::*given) {
  const FetchConfig& fetch = documents ? workload.document : workload.asset;
  double shares = 0;
  double sum = 0;
  for (const ContentClassConfig& c : workload.content.classes) {
    if (c.of_documents != documents) continue;
    shares += c.share;
    sum += c.share * (c.*given ? (*(c.*given)).mean : (fetch.*own).mean);
  }
  return shares > 0 ? sum / shares : (fetch.*own).mean;
}

}  // namespace

Contents::Contents(const WorkloadConfig& workload, std::uint64_t seed) {
  const ContentConfig& content = workload.content;
  for (const ContentClassConfig& c : content.classes) {
    (c.of_documents ? documents_ : assets_).push_back(static_cast<std::uint8_t>(classes_.size()));
    add(c, c.of_documents ? workload.document : workload.asset, seed);
  }
  if (!documents_.empty()) document_shares_ = AliasTable(shares_of(content, documents_));
  if (!assets_.empty()) asset_shares_ = AliasTable(shares_of(content, assets_));
  for (const HeaderConfig& header : content.headers) headers_.emplace_back(header.shares);
}

void Contents::add(const ContentClassConfig& config, const FetchConfig& fetch, std::uint64_t seed) {
  Class& c = classes_.emplace_back();
  c.config = &config;
  c.service = config.service ? &*config.service : &fetch.service;
  c.response_bytes = config.response_bytes ? &*config.response_bytes : &fetch.response_bytes;
  c.first = objects_;
  objects_ += std::max(config.objects, 1u);
  if (config.objects == 0) return;
  c.popularity = AliasTable(zipf_weights(static_cast<int>(config.objects), config.zipf));
  // The sizes are the catalogue's own, whatever is fetched of it.
  SessionRandom sizes(stream_seed(seed, "content/" + config.name));
  c.bytes.reserve(config.objects);
  for (std::uint32_t k = 0; k < config.objects; ++k) {
    const double bytes = c.response_bytes->draw(sizes);
    c.bytes.push_back(static_cast<std::uint32_t>(std::min(bytes, kBytesMax)));
  }
}

Contents::Fetch Contents::draw(bool is_document, SessionRandom& random) const {
  const std::vector<std::uint8_t>& sort = is_document ? documents_ : assets_;
  const AliasTable& shares = is_document ? document_shares_ : asset_shares_;
  Fetch fetch;
  fetch.content = sort.size() == 1 ? sort.front() : sort[shares.pick(random.uniform())];
  const Class& c = classes_[fetch.content];
  fetch.object = c.first;
  if (c.bytes.empty()) {
    fetch.bytes = c.response_bytes->draw(random);
  } else {
    const std::uint32_t k = c.popularity.pick(random.uniform());
    fetch.object += k;
    fetch.bytes = c.bytes[k];
  }
  fetch.work_s = static_cast<float>(c.service->draw(random));
  return fetch;
}

std::uint16_t Contents::draw_traits(std::uint64_t session_seed) const {
  SessionRandom random(session_seed ^ kTraitsSalt);
  std::uint32_t traits = 0;
  std::uint32_t radix = 1;
  for (std::size_t h = 0; h < headers_.size(); ++h) {
    const double u = random.uniform();
    traits += radix * headers_[h].pick(u);
    radix *= headers_[h].size();
  }
  return static_cast<std::uint16_t>(traits);
}

OldTickets::OldTickets(const std::vector<TierConfig>& tiers) {
  for (const TierConfig& tier : tiers) {
    const auto* proxy = std::get_if<ProxyTierConfig>(&tier.device);
    if (proxy == nullptr || !proxy->layer7.tls) continue;
    returning_ = proxy->layer7.tls->returning;
    machines_ = proxy->count;
  }
}

std::uint16_t OldTickets::draw(std::uint64_t session_seed) const {
  SessionRandom random(session_seed ^ kTicketSalt);
  const double u = random.uniform();
  const double machine = random.uniform() * machines_;
  return u < returning_ ? static_cast<std::uint16_t>(1 + machine) : std::uint16_t{0};
}

std::uint32_t trait_count(const ContentConfig& content) {
  std::uint32_t count = 1;
  for (const HeaderConfig& header : content.headers) {
    count *= static_cast<std::uint32_t>(header.values.size());
  }
  return count;
}

const std::string& trait_value(const ContentConfig& content, std::size_t h, std::uint32_t traits) {
  for (std::size_t i = 0; i < h; ++i) {
    traits /= static_cast<std::uint32_t>(content.headers[i].values.size());
  }
  const auto& values = content.headers[h].values;
  return values[traits % values.size()];
}

double mean_service_s(const WorkloadConfig& workload, bool documents) {
  return mean_of(workload, documents, &FetchConfig::service, &ContentClassConfig::service);
}

double mean_response_bytes(const WorkloadConfig& workload, bool documents) {
  return mean_of(workload, documents, &FetchConfig::response_bytes,
                 &ContentClassConfig::response_bytes);
}

}  // namespace lbsim
