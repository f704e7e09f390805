#include "fairness/clients.hpp"

namespace lbsim::fairness {
namespace {

std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

void put_hex(char* to, std::uint64_t number) {
  for (int i = 15; i >= 0; --i, number >>= 4) to[i] = "0123456789abcdef"[number & 15];
}

}  // namespace

std::uint32_t text_hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  return static_cast<std::uint32_t>(mixed(hash));
}

std::uint32_t server_address(algorithms::ServerId server) { return 0x0a000001u + server; }

const algorithms::Request& Client::become(std::uint64_t number) {
  const std::uint64_t bits = mixed(number + 0x9e3779b97f4a7c15ull);
  if (target_.empty()) {
    target_ = "/0123456789abcdef?id=0123456789abcdef";
    header_ = "0123456789abcdef";
  }
  put_hex(target_.data() + 1, bits);
  put_hex(target_.data() + target_.size() - 16, bits);
  put_hex(header_.data(), bits);
  request_.client = algorithms::Address::v4(static_cast<std::uint32_t>(bits));
  request_.client_port = static_cast<std::uint16_t>(1024 + (bits >> 32) % 60000);
  request_.target = target_;
  request_.host = "example.org";
  request_.header = header_;
  request_.cookie = {};
  return request_;
}

const algorithms::Request& Client::with_session(algorithms::ServerId server) {
  const std::string route = "s" + std::to_string(server);
  cookie_ = "SRV=" + route + "; SID=1." + route + "; JSESSIONID=1." + route;
  request_.cookie = cookie_;
  return request_;
}

}  // namespace lbsim::fairness
