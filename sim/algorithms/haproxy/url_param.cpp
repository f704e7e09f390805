// balance url_param NAME: by the value of a parameter of the query.
// Source: HAProxy 2.6 configuration manual, section 4.2, "balance".
#include "algorithms/haproxy/method.hpp"
#include "algorithms/haproxy/request.hpp"

namespace lbsim::algorithms::haproxy {
namespace {

class UrlParameter : public HashedRule {
 public:
  UrlParameter(const Servers& servers, std::string name, Hashing hashing)
      : HashedRule(servers, std::move(hashing), true), name_(std::move(name)) {
    if (name_.empty()) {
      reject("name", "no parameter is named", "the name of the URL parameter to hash");
    }
  }

  Key key(const Request& request) const override {
    return key_of(url_parameter(request.target, name_));
  }

 private:
  std::string name_;
};

}  // namespace

AlgorithmSpec url_param_spec() {
  return reading_requests(hashing_spec("url_param", "by a hash of a parameter of the query",
                                       {{"name", "", "a word", "the parameter"}},
                                       [](const Servers& servers, const Parameters& parameters,
                                          Hashing hashing) -> std::unique_ptr<PickRule> {
                                         return std::make_unique<UrlParameter>(
                                             servers, parameters.text("name"), std::move(hashing));
                                       }));
}

}  // namespace lbsim::algorithms::haproxy
