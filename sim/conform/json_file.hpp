// A file of JSON, plain or compressed with gzip.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace lbsim::conform {

// Throws InputError if the file cannot be read or is cut off.
std::string read_text_file(const std::string& path);

// Throws InputError as above, and if the file holds something else.
nlohmann::json read_json_file(const std::string& path);

// Throws InputError about the whole file, or about one trace in it.
[[noreturn]] void refuse_file(const std::string& path, std::string message, std::string hint);

}  // namespace lbsim::conform
