// balance source: by the client's address. No hash function is applied to it, whatever hash-type
// says; only its avalanche is. Source: HAProxy 2.6 configuration manual, section 4.2, "balance".
#include "algorithms/haproxy/method.hpp"

namespace lbsim::algorithms::haproxy {
namespace {

class Source : public HashedRule {
 public:
  Source(const Servers& servers, Hashing hashing)
      : HashedRule(servers, std::move(hashing), false) {}

  // The exclusive or of the address's 32-bit words.
  Key key(const Request& request) const override {
    const std::uint8_t* bytes = request.client.bytes;
    std::uint32_t hash = 0;
    for (std::size_t i = request.client.v6 ? 0 : 12; i < 16; i += 4) {
      hash ^= static_cast<std::uint32_t>(bytes[i]) << 24 |
              static_cast<std::uint32_t>(bytes[i + 1]) << 16 |
              static_cast<std::uint32_t>(bytes[i + 2]) << 8 | bytes[i + 3];
    }
    return {type().finish(hash), false};
  }
};

}  // namespace

AlgorithmSpec source_spec() {
  return hashing_spec(
      "source", "by a hash of the client's address", {},
      [](const Servers& servers, const Parameters&, Hashing hashing) -> std::unique_ptr<PickRule> {
        return std::make_unique<Source>(servers, std::move(hashing));
      });
}

}  // namespace lbsim::algorithms::haproxy
