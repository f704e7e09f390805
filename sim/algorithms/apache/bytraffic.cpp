// Smallest transferred / lbfactor + read / lbfactor, two separate integer divisions (so that up to
// about 100 bytes per unit of weight look like a tie); ties go to the earlier. O(N) per pick.
// Source: Apache HTTP Server documentation, mod_lbmethod_bytraffic.
#include "algorithms/apache/proxy_methods.hpp"

namespace lbsim::algorithms::apache {
namespace {

class ByTraffic : public ProxyMethod {
 public:
  bool is_better(ProxyMember& member, const ProxyMember* best) override {
    return !best || traffic(member) < traffic(*best);
  }

 private:
  static std::uint64_t traffic(const ProxyMember& member) {
    const auto lbfactor = static_cast<std::uint64_t>(member.lbfactor);
    return member.transferred / lbfactor + member.read / lbfactor;
  }
};

}  // namespace

std::unique_ptr<ProxyMethod> make_bytraffic() { return std::make_unique<ByTraffic>(); }

}  // namespace lbsim::algorithms::apache
