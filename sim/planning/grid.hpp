// The settings that a sweep or a plan tries: knobs of the scenario, and their values.
#pragma once

#include <string>
#include <vector>

namespace lbsim::planning {

// A field of the scenario and the values that it takes in turn, as `--set` would have them.
struct Knob {
  std::string field;
  std::vector<std::string> values;
};

// "proxies.count=2,4,8"; commas inside quotes and brackets are the value's own. Throws InputError
// that names `flag`: no field, no value, a value twice.
Knob parse_knob(const std::string& text, const std::string& flag);

struct IntegerKnob {
  std::string field;
  long low = 0;
  long high = 0;
};

// "proxies.count=2..32". Throws InputError that names `flag`, for an empty range, too.
IntegerKnob parse_range(const std::string& text, const std::string& flag);

// Throws InputError if two knobs are of one field.
void require_distinct(const std::vector<std::string>& fields, const std::string& flag);

// All combinations, each as settings "field=value" in the order of the knobs; the last knob turns
// fastest. Without knobs one point of no settings.
std::vector<std::vector<std::string>> grid_points(const std::vector<Knob>& knobs);

// "a.b=1 c=2"
std::string joined_text(const std::vector<std::string>& parts, const std::string& between = " ");

}  // namespace lbsim::planning
