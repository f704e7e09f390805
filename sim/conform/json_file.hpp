// A file of JSON, plain or compressed with gzip.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace lbsim::conform {

// Throws InputError if the file cannot be read, is cut off, or holds something else.
nlohmann::json read_json_file(const std::string& path);

}  // namespace lbsim::conform
