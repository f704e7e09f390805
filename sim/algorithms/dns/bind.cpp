#include "algorithms/dns/bind.hpp"

#include <utility>

namespace lbsim::algorithms::dns {

void bind_shuffle(Order& order, std::uint32_t number) {
  const std::size_t n = order.size();
  for (std::size_t i = 0; i < n; ++i) std::swap(order[i], order[i + number % (n - i)]);
}

Order bind_ordered(BindOrder kind, const Order& base, std::uint32_t& counter, Random& random) {
  switch (kind) {
    case BindOrder::cyclic:
      return rotated_left(base, counter++);
    case BindOrder::random: {
      Order order = base;
      bind_shuffle(order, static_cast<std::uint32_t>(random.bits() >> 32));
      return order;
    }
    case BindOrder::none:
      break;
  }
  return base;
}

BindAuthority::BindAuthority(const RecordTable& table, BindOrder kind, std::uint32_t counter,
                             Random& random)
    : Authority(table), kind_(kind), counter_(counter), random_(&random) {
  records_changed();
}

void BindAuthority::records_changed() {
  canonical_ = records();
  table().sort_canonically(canonical_);
}

Answer BindAuthority::answer(const Query&, Time) {
  return answer_with(bind_ordered(kind_, canonical_, counter_, *random_));
}

std::string BindAuthority::describe() const {
  return Authority::describe() + "; counter " + std::to_string(counter_);
}

}  // namespace lbsim::algorithms::dns
