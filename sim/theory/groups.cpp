#include <cmath>

#include "theory/group.hpp"

namespace lbsim::theory {

const std::vector<Group>& groups() {
  static const std::vector<Group> kGroups = {
      {"fairness indices", prepare_indices},
      {"smooth weighted round robin", prepare_smooth_turns},
      {"LVS weighted round robin", prepare_lvs_turns},
      {"nginx ip_hash", prepare_ip_hash},
      {"jump consistent hash", prepare_jump},
      {"consistent hashing, disruption", prepare_disruption},
      {"consistent hashing ring, imbalance", prepare_ring},
      {"Maglev hashing", prepare_maglev},
      {"bounded-load consistent hashing", prepare_bounded},
      {"client-hash skew", prepare_client_skew},
      {"balls into bins", prepare_balls},
      {"availability", prepare_availability},
      {"page views to rates", prepare_page_rates},
      {"M/M/1", prepare_queue},
      {"M/M/c", prepare_queue},
      {"M/M/c/K and Erlang B", prepare_queue},
      {"M/G/1 FIFO", prepare_queue},
      {"M/D/c", prepare_queue},
      {"M/G/c-PS", prepare_sharing},
      {"random split", prepare_split},
      {"round robin split", prepare_round_robin},
      {"weighted round robin split", prepare_weighted_turns},
      {"weighted random split, unequal speeds", prepare_unequal},
      {"JSQ", prepare_split},
      {"JIQ", prepare_idle_queue},
      {"power of two choices, finite N", prepare_split},
      {"power of d choices, mean field", prepare_choices},
      {"tandem (Jackson)", prepare_tandem},
      {"VRRP failover", prepare_vrrp},
      {"keepalived checker", prepare_keepalived},
      {"HAProxy checker", prepare_haproxy_check},
      {"TCP slow start", prepare_slow_start},
      {"LVS NAT against DR", prepare_nat_and_dr},
      {"bandwidth queue", prepare_line},
      {"DNS caching", prepare_caching},
      {"non-homogeneous Poisson arrivals", prepare_sine},
  };
  return kGroups;
}

const Group* find_group(const std::string& name) {
  for (const Group& group : groups()) {
    if (name == group.name) return &group;
  }
  return nullptr;
}

double Effort::tolerance_scale() const { return std::sqrt(1e6 / requests); }

double positive_number(const conform::Field& parameters, const char* name, double most) {
  const conform::Field field = parameters.at(name);
  const double number = field.number();
  if (!(number > 0 && number <= most)) field.fail("must be more than 0 and not absurdly large");
  return number;
}

int whole_number(const conform::Field& parameters, const char* name, int least, int most) {
  const conform::Field field = parameters.at(name);
  const double number = field.number();
  if (number != std::floor(number) || number < least || number > most) {
    field.fail("must be a whole number in " + std::to_string(least) + ".." + std::to_string(most));
  }
  return static_cast<int>(number);
}

std::vector<double> positive_numbers(const conform::Field& parameters, const char* name) {
  const conform::Field field = parameters.at(name);
  std::vector<double> numbers;
  for (std::size_t i = 0; i < field.size(); ++i) {
    numbers.push_back(field[i].number());
    if (!(numbers.back() > 0 && numbers.back() < 1e12)) field[i].fail("must be more than 0");
  }
  if (numbers.empty()) field.fail("is empty");
  return numbers;
}

}  // namespace lbsim::theory
