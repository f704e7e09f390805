# SimGrid's headers cost seconds to read and stay in this one translation unit.
find_library(SIMGRID_LIBRARY simgrid REQUIRED)
if(EXISTS ${PROJECT_SOURCE_DIR}/sim/kernel/simgrid.cpp)
  target_sources(lbsim_sim PRIVATE ${PROJECT_SOURCE_DIR}/sim/kernel/simgrid.cpp)
  target_link_libraries(lbsim_sim PUBLIC ${SIMGRID_LIBRARY})
endif()
