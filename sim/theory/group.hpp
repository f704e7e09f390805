// What belongs to a group of entries: a function that reads an entry's parameters and returns the
// work that finds its quantities. One file a group or a few near ones; all in one list
// (groups.cpp).
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "theory/entry.hpp"

namespace lbsim::theory {

// How much is simulated.
struct Effort {
  double requests = 1e6;                    // that count, after
  double warm_up = 5e4;                     // so many that do not
  const std::atomic<bool>* stop = nullptr;  // somebody wants no more

  bool stopped() const { return stop != nullptr && stop->load(); }
  // Tolerances are stated for 1e6 requests.
  double tolerance_scale() const;
};

// What was found for a quantity.
struct Found {
  std::vector<double> values = {};
  std::string text = {};
  // Of the values, one for all or one for each, where the entry's own do not say it: it gives
  // words, or they hold for something else.
  std::vector<double> tolerances = {};
  double scale = 1;         // what the entry's own tolerance and standard error are multiplied by
  bool at_most = false;     // the expected value is a bound: less is well
  std::string failed = {};  // a further condition that did not hold
  std::string note = {};    // how the entry was read
};

using Answers = std::map<std::string, Found>;  // by quantity
using Work = std::function<Answers(const Effort&)>;

// Thrown where this version has no way to do what an entry asks for; `why` is for its user.
class NotPossible : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Group {
  const char* name;
  // Throws InputError about a parameter that is missing or out of range.
  Work (*prepare)(const Entry& entry);
};

const std::vector<Group>& groups();
const Group* find_group(const std::string& name);

Work prepare_indices(const Entry& entry);
Work prepare_smooth_turns(const Entry& entry);
Work prepare_lvs_turns(const Entry& entry);
Work prepare_ip_hash(const Entry& entry);
Work prepare_jump(const Entry& entry);
Work prepare_disruption(const Entry& entry);
Work prepare_ring(const Entry& entry);
Work prepare_maglev(const Entry& entry);
Work prepare_bounded(const Entry& entry);
Work prepare_client_skew(const Entry& entry);
Work prepare_balls(const Entry& entry);
Work prepare_availability(const Entry& entry);
Work prepare_page_rates(const Entry& entry);
Work prepare_queue(const Entry& entry);
Work prepare_sharing(const Entry& entry);
Work prepare_split(const Entry& entry);
Work prepare_round_robin(const Entry& entry);
Work prepare_weighted_turns(const Entry& entry);
Work prepare_unequal(const Entry& entry);
Work prepare_idle_queue(const Entry& entry);
Work prepare_choices(const Entry& entry);
Work prepare_tandem(const Entry& entry);
Work prepare_vrrp(const Entry& entry);
Work prepare_keepalived(const Entry& entry);
Work prepare_haproxy_check(const Entry& entry);
Work prepare_slow_start(const Entry& entry);
Work prepare_nat_and_dr(const Entry& entry);
Work prepare_line(const Entry& entry);
Work prepare_caching(const Entry& entry);
Work prepare_sine(const Entry& entry);

// Parameters, with their ranges.
double positive_number(const conform::Field& parameters, const char* name, double most = 1e12);
int whole_number(const conform::Field& parameters, const char* name, int least, int most);
std::vector<double> positive_numbers(const conform::Field& parameters, const char* name);

// One number, or several.
inline Found found(double value) { return {.values = {value}}; }
inline Found found_within(double value, double tolerance, std::string note) {
  return {.values = {value}, .tolerances = {tolerance}, .note = std::move(note)};
}

}  // namespace lbsim::theory
