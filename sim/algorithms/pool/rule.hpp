// What tells one rule of a pool from another: how it picks. Members, tries, stickiness, bounded
// load, slow start and priority groups are the Pool's; a rule sees them as members that it may not
// take for a request (Query).
#pragma once

#include <string>

#include "algorithms/pool/members.hpp"
#include "algorithms/pool/query.hpp"

namespace lbsim::algorithms::pool {

class Rule {
 public:
  virtual ~Rule() = default;

  // One that the query takes; kNoServer only if there is none.
  virtual ServerId pick(const Query& query) = 0;

  // A try at the member began; its counter has been raised. Stickiness may have picked it.
  virtual void started(ServerId, Time) {}
  // The try is over after `took`; the counter has been lowered. `took` is zero unless timed().
  virtual void finished(ServerId, Result, Duration /*took*/, Time) {}
  // Which members serve, or a weight, is other than it was.
  virtual void changed() {}
  virtual void report(ServerId, const Report&, Time) {}
  // Time has come to `now`; called before anything else happens then.
  virtual void advance(Time) {}

  virtual ReportWishes report_wishes() const { return {}; }
  // Wants to know how long tries took.
  virtual bool timed() const { return false; }

  // The part of the rule's state that belongs to one member, and to none.
  virtual std::string describe(ServerId) const { return {}; }
  virtual std::string describe() const { return {}; }

 protected:
  explicit Rule(const Members& members) : members_(members) {}

  const Members& members_;
};

}  // namespace lbsim::algorithms::pool
