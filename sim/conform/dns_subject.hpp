// What a DNS trace is replayed through: the objects that `run` drives, set up as the trace says.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "algorithms/dns/order.hpp"
#include "algorithms/dns/prefix.hpp"
#include "algorithms/dns/records.hpp"
#include "algorithms/parameters.hpp"
#include "conform/dns_trace.hpp"
#include "core/random.hpp"

namespace lbsim::conform {

// An answer as a client sees it.
struct DnsSeen {
  algorithms::dns::Order order;
  std::int64_t ttl_s = 0;
  std::int64_t rcode = 0;
  std::optional<std::int64_t> scope;
  std::int64_t upstream = 0;
  // Number of the shuffled answer that was repeated (PowerDNS Recursor); 0: not of that kind. Which
  // shuffle came out is chance, that it is repeated is not.
  std::uint64_t shuffled = 0;
};

// How an answer is compared with the recorded one.
enum class DnsComparison { order, set, distribution_of_orders, distribution_of_sets };

class DnsSubject {
 public:
  virtual ~DnsSubject() = default;
  virtual DnsSeen query(const DnsEvent& event) = 0;
  virtual void apply(const DnsEvent&) {}  // any other event
  virtual std::string describe() const = 0;
};

struct DnsSetup {
  const DnsTrace& trace;
  const algorithms::dns::RecordTable& table;
  Random& random;

  algorithms::dns::RecordIndex index(const std::string& name) const;
  algorithms::dns::Order order(const std::vector<std::string>& names) const;
};

// The answer's start in the rotation of its canonical order, which daemons number in ways that a
// trace does not show.
std::uint32_t rotation_start(const DnsSetup& setup, const std::vector<std::string>& answer);

// Throws InputError about `field` if `text` is none.
algorithms::dns::Prefix prefix_of(const std::string& text, const std::string& field);

// The settings of the trace's configuration that the catalog's line of this name knows.
algorithms::GivenParameters known_settings(const DnsTrace& trace, const std::string& kind);

// The rrset-order of a trace of BIND, from "rrset-order cyclic".
std::string bind_order(const DnsTrace& trace);

DnsComparison dns_comparison(const DnsTrace& trace);

std::unique_ptr<DnsSubject> authority_subject(const DnsSetup& setup);
std::unique_ptr<DnsSubject> glibc_subject(const DnsSetup& setup);

// Whole seconds of the wall clock are what counts. A trace that does not record them is replayed
// with the clock `phase_s` into a second at t = 0.
std::unique_ptr<DnsSubject> cache_subject(const DnsSetup& setup, double phase_s);
bool is_cache_trace(const DnsTrace& trace);

}  // namespace lbsim::conform
