# Makes one source of the files that a report is made of, so that the program stands alone.
find_path(LBSIM_DYGRAPHS dygraph.min.js PATHS /usr/share/javascript/dygraphs NO_DEFAULT_PATH
          REQUIRED)

set(assets_source ${CMAKE_CURRENT_BINARY_DIR}/report_assets.cpp)
set(assets_text "#include \"report/assets.hpp\"\n\nnamespace lbsim::report::assets {\n\n")
foreach(asset IN ITEMS
        kPage=sim/report/page.html kStyle=sim/report/page.css kWords=sim/report/words.js
        kParts=sim/report/parts.js kSiteDrawing=sim/report/site_drawing.js
        kLayout=sim/report/layout.js kCharts=${LBSIM_DYGRAPHS}/dygraph.min.js
        kChartStyle=${LBSIM_DYGRAPHS}/dygraph.min.css)
  string(REGEX MATCH "^([^=]*)=(.*)$" _ ${asset})
  set(name ${CMAKE_MATCH_1})
  cmake_path(ABSOLUTE_PATH CMAKE_MATCH_2 BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} content)
  string(REGEX REPLACE "\n?//# sourceMappingURL=[^\n]*\n?" "" content "${content}")
  string(REGEX REPLACE "\n?/[*]# sourceMappingURL=[^\n]*\n?" "" content "${content}")
  string(APPEND assets_text "const std::string_view ${name} = R\"lbsim(${content})lbsim\";\n\n")
endforeach()
string(APPEND assets_text "}  // namespace lbsim::report::assets\n")
file(WRITE ${assets_source}.new "${assets_text}")
file(COPY_FILE ${assets_source}.new ${assets_source} ONLY_IF_DIFFERENT)
target_sources(lbsim_sim PRIVATE ${assets_source})
# Compilers need not take texts as long as these; those we support do.
set_source_files_properties(${assets_source} PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
