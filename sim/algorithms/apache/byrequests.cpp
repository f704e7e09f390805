// Each compared member gets lbstatus += lbfactor; the largest lbstatus wins, ties go to the earlier
// compared; the winner's lbstatus -= the sum of the lbfactors compared. A member that is not
// compared keeps its lbstatus. Apache httpd's default. O(N) per pick. Source: Apache HTTP Server
// documentation, mod_lbmethod_byrequests.
#include "algorithms/apache/proxy_methods.hpp"

namespace lbsim::algorithms::apache {
namespace {

class ByRequests : public ProxyMethod {
 public:
  bool is_better(ProxyMember& member, const ProxyMember* best) override {
    member.lbstatus += member.lbfactor;
    compared_ += member.lbfactor;
    return !best || member.lbstatus > best->lbstatus;
  }
  void picked(ProxyMember& member) override {
    member.lbstatus -= compared_;
    compared_ = 0;
  }

 private:
  std::int64_t compared_ = 0;  // sum of lbfactors in this scan
};

}  // namespace

std::unique_ptr<ProxyMethod> make_byrequests() { return std::make_unique<ByRequests>(); }

}  // namespace lbsim::algorithms::apache
