// Reading of a trace's fields: what is missing or of the wrong type is an InputError that names it.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace lbsim::conform::trace_json {

// `where` is the object's own path, for error texts.
const nlohmann::json& field(const nlohmann::json& object, const std::string& where,
                            const std::string& name);
std::string read_text(const nlohmann::json& object, const std::string& where,
                      const std::string& name);
std::int64_t read_integer(const nlohmann::json& object, const std::string& where,
                          const std::string& name);
std::string read_text_or(const nlohmann::json& object, const std::string& where,
                         const std::string& name, const std::string& fallback);
// From 0 to a million, so that it can be a simulated time.
double read_seconds(const nlohmann::json& object, const std::string& where,
                    const std::string& name);
double read_real(const nlohmann::json& object, const std::string& where, const std::string& name);
std::vector<std::string> read_texts(const nlohmann::json& object, const std::string& where,
                                    const std::string& name);
bool read_boolean(const nlohmann::json& object, const std::string& where, const std::string& name);
[[noreturn]] void reject_field(const std::string& field_name, const std::string& message);

}  // namespace lbsim::conform::trace_json
