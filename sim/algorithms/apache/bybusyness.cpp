// Smallest number of requests in progress; ties by lbstatus as in byrequests, which is kept up to
// date every time; ties of both go to the earlier. O(N) per pick. Source: Apache HTTP Server
// documentation, mod_lbmethod_bybusyness.
#include "algorithms/apache/proxy_methods.hpp"

namespace lbsim::algorithms::apache {
namespace {

class ByBusyness : public ProxyMethod {
 public:
  bool is_better(ProxyMember& member, const ProxyMember* best) override {
    member.lbstatus += member.lbfactor;
    compared_ += member.lbfactor;
    if (!best || member.busy < best->busy) return true;
    return member.busy == best->busy && member.lbstatus > best->lbstatus;
  }
  void picked(ProxyMember& member) override {
    member.lbstatus -= compared_;
    compared_ = 0;
  }

 private:
  std::int64_t compared_ = 0;  // sum of lbfactors in this scan
};

}  // namespace

std::unique_ptr<ProxyMethod> make_bybusyness() { return std::make_unique<ByBusyness>(); }

}  // namespace lbsim::algorithms::apache
