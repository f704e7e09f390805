// Recorded traces, and what a damaged one is refused for.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "conform/replay.hpp"
#include "core/error.hpp"

namespace lbsim::conform {

inline const std::filesystem::path kRecorded =
    std::filesystem::path(LBSIM_TEST_DATA) / "conformance";

inline nlohmann::json read_json(const std::filesystem::path& file) {
  return nlohmann::json::parse(std::ifstream(file));
}

// Names of a folder's files without ".json", sorted: those that begin with `prefix`.
inline std::vector<std::string> trace_names(const std::filesystem::path& folder,
                                            const std::string& prefix = "") {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() == ".json" && name.starts_with(prefix)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

// The first field that the InputError names; "none" if the trace is replayed.
inline std::string field_at_fault(Replay (*replay)(const nlohmann::json&),
                                  const nlohmann::json& trace) {
  try {
    replay(trace);
  } catch (const InputError& error) {
    return error.diagnostics().at(0).field;
  }
  return "none";
}

}  // namespace lbsim::conform
