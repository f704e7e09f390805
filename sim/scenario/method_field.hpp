// A balancing method by its own program's name, checked against the catalog of algorithms.
#pragma once

#include <map>
#include <string>

#include "scenario/reader.hpp"

namespace lbsim::scenario {

void read_method(Reader& r, std::string_view name, const std::string& family, std::string& method,
                 TextField field);

// The table `parameters` of the method that `method` names, and whether the method accepts them.
void read_parameters(Reader& r, const std::string& family, const std::string& method,
                     std::map<std::string, std::string>& parameters);

// A method of any family that can balance requests, as FAMILY/NAME, and its parameters.
void read_any_method(Reader& r, std::string_view name, std::string& family, std::string& method,
                     TextField field);
void read_any_parameters(Reader& r, const std::string& family, const std::string& method,
                         std::map<std::string, std::string>& parameters);

}  // namespace lbsim::scenario
