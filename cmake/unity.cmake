# Most of a first build is reading headers again for each source; here a folder reads them once.
# Two sources of a folder therefore may not give different things one name, unnamed namespaces
# included. The presets dev, sanitize and ci compile each source alone, so that none leans on what
# another includes.
# Devices and SimGrid stay alone: who works on the hot path waits for one file, not for a folder.
# The native kernel is one source, so that its parts are inlined in each other.
foreach(target IN ITEMS lbsim_algorithms lbsim_sim lbsim)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    cmake_path(GET source PARENT_PATH folder)
    cmake_path(RELATIVE_PATH folder BASE_DIRECTORY ${PROJECT_SOURCE_DIR}/sim)
    if(NOT folder MATCHES "^(devices|control)$" AND NOT source MATCHES "simgrid")
      string(MAKE_C_IDENTIFIER ${folder} group)
      set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${group})
    endif()
  endforeach()
endforeach()
