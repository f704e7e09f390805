// Money in yuan: "12000 CNY", "12K CNY"; by the year: "3000 CNY/year", "250 CNY/month".
#pragma once

#include <string_view>

#include "scenario/units.hpp"

namespace lbsim::scenario {

units::Result<double> parse_price(std::string_view text);  // CNY
units::Result<double> parse_rent(std::string_view text);   // CNY a year

}  // namespace lbsim::scenario
