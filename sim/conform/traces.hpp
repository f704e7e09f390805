// Finds traces in files and folders, and tells which schema each has.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "conform/replay.hpp"

namespace lbsim::conform {

// Replays every trace in `paths`, folders searched in the order of names. `on_replay` gets each
// result; `on_skipped` each JSON file of a folder that holds no trace or is cut off, with the
// reason. Throws InputError for a path that is not there, for a file named directly that would be
// skipped in a folder, and for a trace with a field that is missing or wrong.
void replay_all(
    const std::vector<std::string>& paths, const std::function<void(const Replay&)>& on_replay,
    const std::function<void(const std::string& file, const std::string& why)>& on_skipped);

}  // namespace lbsim::conform
