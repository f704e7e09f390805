// What tiers decided besides servers, as JSON.
#pragma once

#include <deque>

#include "core/json_writer.hpp"
#include "metrics/layer7_stats.hpp"

namespace lbsim {

// The field "layer7"; nothing where no tier decides on more than servers.
void write_layer7(JsonWriter& json, const std::deque<Layer7Stats>& tiers);

}  // namespace lbsim
