// balance rdp-cookie(NAME): by a cookie of the Remote Desktop Protocol's connection request, which
// the caller passes as Request::header. Source: HAProxy 2.6 configuration manual, section 4.2.
#include "algorithms/haproxy/method.hpp"

namespace lbsim::algorithms::haproxy {
namespace {

class RdpCookie : public HashedRule {
 public:
  RdpCookie(const Servers& servers, Hashing hashing)
      : HashedRule(servers, std::move(hashing), true) {}

  Key key(const Request& request) const override {
    return request.header.empty() ? Key{} : key_of(request.header);
  }
};

}  // namespace

AlgorithmSpec rdp_cookie_spec() {
  return reading_requests(hashing_spec(
      "rdp-cookie", "by a hash of a cookie of the remote desktop protocol",
      {{"name", "mstshash", "a word", "the cookie; the caller passes its value"}},
      [](const Servers& servers, const Parameters&, Hashing hashing) -> std::unique_ptr<PickRule> {
        return std::make_unique<RdpCookie>(servers, std::move(hashing));
      }));
}

}  // namespace lbsim::algorithms::haproxy
