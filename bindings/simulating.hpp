// Lets simulations run without the GIL, and keeps the catalog of algorithms still meanwhile.
//
// Who reads the catalog has the GIL or simulates; who changes it has the GIL, and nobody simulates.
// Nobody waits for the other while holding the GIL, so the two cannot wait for each other.
#pragma once

#include <pybind11/pybind11.h>

namespace lbsim::python {

// Of a thread that has the GIL: releases it while it lives.
class Simulating {
 public:
  Simulating();
  ~Simulating();
  Simulating(const Simulating&) = delete;
  Simulating& operator=(const Simulating&) = delete;

  // Whether this thread is in a simulation, called back by it.
  static bool is_under_way();

 private:
  pybind11::gil_scoped_release released_;
};

// Of a thread that has the GIL, and has it again afterwards: waits until nobody simulates. Throws
// pybind11's RuntimeError in a simulation of this thread, which would wait for ever.
class ChangingCatalog {
 public:
  ChangingCatalog();
  ~ChangingCatalog();
  ChangingCatalog(const ChangingCatalog&) = delete;
  ChangingCatalog& operator=(const ChangingCatalog&) = delete;
};

}  // namespace lbsim::python
