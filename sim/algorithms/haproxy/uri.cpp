// balance uri: by the request target as received, up to the query unless `whole`.
// Source: HAProxy 2.6 configuration manual, section 4.2, "balance".
#include <limits>

#include "algorithms/haproxy/method.hpp"
#include "algorithms/haproxy/request.hpp"

namespace lbsim::algorithms::haproxy {
namespace {

constexpr int kMost = std::numeric_limits<int>::max();

class Uri : public HashedRule {
 public:
  Uri(const Servers& servers, const Parameters& parameters, Hashing hashing)
      : HashedRule(servers, std::move(hashing), false),
        whole_(parameters.flag("whole")),
        path_only_(parameters.flag("path-only")),
        depth_(parameters.integer("depth", 0, kMost)),
        length_(static_cast<std::size_t>(parameters.integer("len", 0, kMost))) {}

  Key key(const Request& request) const override {
    std::string_view uri = path_only_ ? path_and_query(request.target) : request.target;
    if (length_ != 0) uri = uri.substr(0, length_);
    int slashes = 0;
    std::size_t end = 0;
    for (; end < uri.size(); ++end) {
      if (uri[end] == '?' && !whole_) break;
      if (uri[end] == '/' && depth_ != 0 && ++slashes > depth_) break;
    }
    return key_of(uri.substr(0, end));
  }

 private:
  bool whole_;
  bool path_only_;
  int depth_;  // 0: no limit
  std::size_t length_;
};

}  // namespace

AlgorithmSpec uri_spec() {
  return reading_requests(
      hashing_spec("uri", "by a hash of the request target",
                   {{"whole", "no", "yes | no", "hash the query too"},
                    {"path-only", "no", "yes | no", "leave out scheme and authority"},
                    {"depth", "0", "0..", "stop before the slash after this many; 0: do not"},
                    {"len", "0", "0..", "hash this many bytes at most; 0: all"}},
                   [](const Servers& servers, const Parameters& parameters,
                      Hashing hashing) -> std::unique_ptr<PickRule> {
                     return std::make_unique<Uri>(servers, parameters, std::move(hashing));
                   }));
}

}  // namespace lbsim::algorithms::haproxy
