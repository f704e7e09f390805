// An authoritative DNS server's answers for one name and type. It knows nothing of the simulator.
#pragma once

#include <string>
#include <vector>

#include "algorithms/dns/query.hpp"
#include "algorithms/dns/records.hpp"
#include "core/time.hpp"

namespace lbsim::algorithms::dns {

class Authority {
 public:
  // The table outlives the authority. At first all its records are served (so far as they fit into
  // one answer), with TTL 0: call set_records.
  explicit Authority(const RecordTable& table);
  virtual ~Authority() = default;
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  virtual Answer answer(const Query& query, Time now) = 0;

  // Content from now on, in the order of the zone. Throws InputError if it does not fit an answer.
  void set_records(const std::vector<RecordIndex>& records, std::uint32_t ttl_s);

  // Verdict of the server's own monitoring. Kinds that monitor nothing ignore it.
  virtual void set_state(RecordIndex record, bool up, Time now);

  // The state that decides the next answer, in one line.
  virtual std::string describe() const;

 protected:
  virtual void records_changed() {}

  const RecordTable& table() const { return *table_; }
  const Order& records() const { return records_; }
  bool is_up(RecordIndex record) const { return up_[record] != 0; }
  Answer answer_with(const Order& order) const;
  Answer answer_with(RecordIndex record) const;

 private:
  const RecordTable* table_;
  Order records_;
  std::uint32_t ttl_s_ = 0;
  std::vector<char> up_;  // by RecordIndex
};

}  // namespace lbsim::algorithms::dns
