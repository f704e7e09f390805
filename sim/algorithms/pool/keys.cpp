#include "algorithms/pool/keys.hpp"

#include <algorithm>

#include "core/random.hpp"

namespace lbsim::algorithms::pool {
namespace {

constexpr const char* kParts[] = {"client", "connection", "target", "host", "header"};

}  // namespace

HashKey::HashKey(const Parameters& parameters) {
  const std::string& word = parameters.text("key");
  const auto* const found = std::find(std::begin(kParts), std::end(kParts), word);
  if (found == std::end(kParts)) {
    reject("key", "cannot read " + in_quotes(word), key_parameter().range);
  }
  part_ = static_cast<Part>(found - std::begin(kParts));
}

ParameterSpec key_parameter() {
  return {"key",
          "client",
          "client | connection | target | host | header",
          "what is hashed: the client's address, also with its port, or text of the request",
          [](const std::string& key) { return key != "client"; },
          "key = \"client\""};
}

std::uint64_t hash_of(std::string_view text, std::uint64_t function) {
  return stream_seed(function, text);
}

std::uint64_t HashKey::of(const Request& request) const {
  if (part_ == Part::target) return hash_of(request.target);
  if (part_ == Part::host) return hash_of(request.host);
  if (part_ == Part::header) return hash_of(request.header);
  const Address& client = request.client;
  const auto* bytes = reinterpret_cast<const char*>(client.bytes);
  const std::uint64_t address = client.v6 ? hash_of({bytes, 16}) : hash_of({bytes + 12, 4});
  return part_ == Part::client ? address : mix(address, request.client_port);
}

}  // namespace lbsim::algorithms::pool
