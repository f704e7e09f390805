// Algorithms of one's own, from shared objects: --plugin FILE, and lbsim.load_plugin() in Python.
#pragma once

#include <string>

namespace lbsim::planning {

// Adds the algorithms of a shared object to the catalog (algorithms/plugin.hpp); does nothing if
// it has done so before. Throws InputError that names `--plugin FILE`.
void load_plugin(const std::string& file);

}  // namespace lbsim::planning
