#include "workload/client_addresses.hpp"

#include <optional>

#include "core/check.hpp"
#include "core/random.hpp"
#include "workload/latin1.hpp"

namespace lbsim::workload {
namespace {

constexpr std::uint32_t kSyntheticBits = 28;
constexpr std::uint32_t kSynthetic = 0xf0000000;  // 240.0.0.0/4

// Four decimal groups up to 255 without leading zeros: the one spelling of an address.
std::optional<std::uint32_t> ipv4(std::string_view text) {
  std::uint32_t address = 0;
  for (int group = 0; group < 4; ++group) {
    const std::size_t digits = end_of_digits(text, 0);
    if (digits < 1 || digits > 3 || (digits > 1 && text[0] == '0')) return std::nullopt;
    std::uint32_t value = 0;
    for (const char c : text.substr(0, digits))
      value = value * 10 + static_cast<std::uint32_t>(c - '0');
    if (value > 255) return std::nullopt;
    address = address << 8 | value;
    text.remove_prefix(digits);
    if (group < 3 && !text.starts_with('.')) return std::nullopt;
    if (group < 3) text.remove_prefix(1);
  }
  if (!text.empty() || address >= kSynthetic) return std::nullopt;
  return address;
}

}  // namespace

std::uint32_t ClientAddresses::assign(std::string_view client) {
  if (const auto literal = ipv4(client)) return *literal;
  return assign_hashed(stream_seed(0, client));
}

std::uint32_t ClientAddresses::assign_copy(std::string_view client, std::uint32_t copy) {
  return assign_hashed(stream_seed(copy, client));
}

std::uint32_t ClientAddresses::assign_hashed(std::uint64_t hash) {
  constexpr std::uint32_t kMask = (1u << kSyntheticBits) - 1;
  LBSIM_CHECK(taken_.size() < kMask);
  auto slot = static_cast<std::uint32_t>(hash >> 32) & kMask;
  while (!taken_.insert(kSynthetic | slot).second) slot = (slot + 1) & kMask;
  return kSynthetic | slot;
}

}  // namespace lbsim::workload
