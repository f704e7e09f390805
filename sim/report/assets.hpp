// The files that a page is made of, compiled in (cmake/report_assets.cmake).
#pragma once

#include <string_view>

namespace lbsim::report::assets {

extern const std::string_view kPage;         // page.html
extern const std::string_view kStyle;        // page.css
extern const std::string_view kWords;        // words.js: what the page says, in its languages
extern const std::string_view kParts;        // parts.js: tables, charts, tiles
extern const std::string_view kSiteDrawing;  // site_drawing.js
extern const std::string_view kLayout;       // layout.js: the page from top to bottom
extern const std::string_view kCharts;       // dygraphs (MIT), https://dygraphs.com
extern const std::string_view kChartStyle;   // its style sheet

}  // namespace lbsim::report::assets
