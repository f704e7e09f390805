#include "algorithms/dns/authority.hpp"

#include <algorithm>

#include "algorithms/parameters.hpp"

namespace lbsim::algorithms::dns {

Authority::Authority(const RecordTable& table) : table_(&table), up_(table.size(), 1) {
  const std::size_t served = std::min(table.size(), kAnswerRecordsMax);
  for (std::size_t i = 0; i < served; ++i) records_.push_back(static_cast<RecordIndex>(i));
}

void Authority::set_records(const std::vector<RecordIndex>& records, std::uint32_t ttl_s) {
  if (records.size() > kAnswerRecordsMax) {
    reject("records", "more than 63 addresses do not fit into one answer");
  }
  records_.clear();
  for (const RecordIndex record : records) {
    LBSIM_CHECK(record < table_->size());
    records_.push_back(record);
  }
  ttl_s_ = ttl_s;
  records_changed();
}

void Authority::set_state(RecordIndex record, bool up, Time) { up_[record] = up ? 1 : 0; }

std::string Authority::describe() const {
  std::string result = "records " + table_->text(records_) + "; down";
  for (const RecordIndex record : records_) {
    if (!is_up(record)) result += ' ' + (*table_)[record].name;
  }
  return result;
}

Answer Authority::answer_with(const Order& order) const {
  return Answer{.order = order, .ttl_s = ttl_s_, .rcode = Rcode::no_error, .scope = kNoScope};
}

Answer Authority::answer_with(RecordIndex record) const {
  Order order;
  order.push_back(record);
  return answer_with(order);
}

}  // namespace lbsim::algorithms::dns
