// Finds traces in files and folders, and tells which schema each has.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "conform/replay.hpp"

namespace lbsim::conform {

// Replays every trace in `paths`; folders are searched (for *.json and *.json.gz) in the order of
// names. `on_replay` gets each result; `on_skipped` each JSON of a folder that is no trace, with
// the reason. Before the first of these, throws InputError for a path that is not there, for a file
// that is cut off, for a trace of an unknown schema or balancer, for a file named directly that is
// no trace, and if there is no trace at all; later, for a trace with a field that is missing or
// wrong.
void replay_all(
    const std::vector<std::string>& paths, const std::function<void(const Replay&)>& on_replay,
    const std::function<void(const std::string& file, const std::string& why)>& on_skipped);

}  // namespace lbsim::conform
