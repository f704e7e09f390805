# The Python module, if what it needs is there; the program needs none of it.
# Debian's own interpreter unless another is named: the packages of packages.txt are for that one.
set(Python3_EXECUTABLE /usr/bin/python3 CACHE FILEPATH "The Python that the module is for")
find_package(Python3 3.11 QUIET COMPONENTS Interpreter Development.Module)
if(Python3_FOUND)
  find_package(pybind11 2.10 QUIET)
endif()
if(pybind11_FOUND)
  set(LBSIM_PYTHON_DIR lib/python${Python3_VERSION_MAJOR}.${Python3_VERSION_MINOR}/dist-packages
      CACHE STRING "Where below its prefix `cmake --install` puts the package lbsim")
  add_subdirectory(bindings)
endif()
