// Finds traces in files and folders, and tells which schema each has.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "conform/replay.hpp"

namespace lbsim::conform {

// Replays every trace in `paths`, folders searched in the order of names. `on_replay` gets each
// result; `on_skipped` each JSON file that holds no trace, with the reason. Throws InputError for a
// path that is not there, a file named directly that is no trace, or one that is cut off.
void replay_all(const std::vector<std::string>& paths,
                const std::function<void(const Replay&)>& on_replay,
                const std::function<void(const std::string& file, const std::string& why)>& on_skipped);

}  // namespace lbsim::conform
