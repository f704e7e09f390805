// balance hdr(NAME): by the first value of a header, which the caller passes as Request::header.
// Source: HAProxy 2.6 configuration manual, section 4.2, "balance".
#include "algorithms/haproxy/method.hpp"
#include "algorithms/haproxy/request.hpp"

namespace lbsim::algorithms::haproxy {
namespace {

// "www.example.com" is "example". A name without a dot, or with none but at its start, is taken as
// a whole; of two dots side by side the first belongs to the name. Observed on 2.6.12.
std::string_view domain(std::string_view host) {
  const std::size_t last = host.rfind('.');
  if (last == std::string_view::npos || last == 0) return host;
  const std::size_t before = last < 2 ? std::string_view::npos : host.rfind('.', last - 2);
  const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
  return host.substr(start, last - start);
}

class Header : public HashedRule {
 public:
  Header(const Servers& servers, bool domain_only, Hashing hashing)
      : HashedRule(servers, std::move(hashing), false), domain_only_(domain_only) {}

  Key key(const Request& request) const override {
    if (request.header.data() == nullptr) return {};
    const std::string_view value = first_value(request.header);
    return key_of(domain_only_ ? domain(value) : value);
  }

 private:
  bool domain_only_;
};

}  // namespace

AlgorithmSpec hdr_spec() {
  return reading_requests(hashing_spec(
      "hdr", "by a hash of a request header",
      {{"name", "", "a header", "the header; the caller passes its value"},
       {"use_domain_only", "no", "yes | no", "hash only the main part of a host's name"}},
      [](const Servers& servers, const Parameters& parameters,
         Hashing hashing) -> std::unique_ptr<PickRule> {
        return std::make_unique<Header>(servers, parameters.flag("use_domain_only"),
                                        std::move(hashing));
      }));
}

}  // namespace lbsim::algorithms::haproxy
