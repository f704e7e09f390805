// Exceptions on their way between Python and the simulator.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>

#include "core/error.hpp"

namespace lbsim::python {

// What Python code raised when the simulator called it. An InputError, because those pass through
// the simulator as they are; it becomes the exception that it was, with its traceback.
class Raised : public InputError {
 public:
  explicit Raised(const pybind11::error_already_set& error);

  void restore() const;  // needs the GIL

 private:
  std::shared_ptr<pybind11::error_already_set> error_;
};

}  // namespace lbsim::python
