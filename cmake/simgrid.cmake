# SimGrid's headers cost seconds to read and stay in this one translation unit.
find_library(SIMGRID_LIBRARY simgrid REQUIRED)
target_sources(lbsim_sim PRIVATE ${PROJECT_SOURCE_DIR}/sim/kernel/simgrid.cpp)
target_link_libraries(lbsim_sim PUBLIC ${SIMGRID_LIBRARY})
# Whoever names SimgridKernel asks for this.
target_compile_definitions(lbsim_sim PUBLIC LBSIM_SIMGRID)
