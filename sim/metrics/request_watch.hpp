// Who wants to hear of every request of a run, and not of sums alone. Most runs have none.
#pragma once

#include <cstdint>

#include "core/time.hpp"
#include "metrics/outcome.hpp"

namespace lbsim {

// `request` names it while it is in flight; the number is used again afterwards.
class RequestWatch {
 public:
  virtual ~RequestWatch() = default;

  // It has come to a server, which takes it; `waits` if all that work there are at work.
  // `service_s`: what it will be worked on there if it is alone.
  virtual void at_server(std::uint32_t request, std::uint32_t server, Time now, bool waits,
                         double service_s) = 0;
  // The server is done with it.
  virtual void served(std::uint32_t request, Time now) = 0;
  // For its user; `asked` is when the user wanted it. Not at its server before: it was refused, or
  // lost on the way.
  virtual void ended(std::uint32_t request, RequestOutcome outcome, Time asked, Time now) = 0;
};

}  // namespace lbsim
