# What `cmake --install` copies: the program, the scenarios, and the package lbsim with the library
# lbsim::algorithms, so that a program of one's own can pick servers as lbsim does.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/lbsim)
set_target_properties(lbsim_algorithms PROPERTIES EXPORT_NAME algorithms)
target_compile_features(lbsim_algorithms PUBLIC cxx_std_20)

install(TARGETS lbsim RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS lbsim_algorithms EXPORT lbsim ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY sim/core sim/algorithms DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/lbsim
        FILES_MATCHING PATTERN "*.hpp")
install(DIRECTORY scenarios DESTINATION ${CMAKE_INSTALL_DATADIR}/lbsim OPTIONAL)
install(FILES bindings/lbsim/dask_sweep.py DESTINATION ${CMAKE_INSTALL_DATADIR}/lbsim)
install(EXPORT lbsim NAMESPACE lbsim:: DESTINATION ${package_dir} FILE lbsim-config.cmake)

write_basic_package_version_file(lbsim-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/lbsim-config-version.cmake DESTINATION ${package_dir})
