// A rule of a pool that is written in Python.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <vector>

#include "algorithms/pool/spec.hpp"

namespace lbsim::python {

// What Python sees of one pick; only during the pick.
class Asked {
 public:
  const algorithms::pool::Query& query() const;
  void set(const algorithms::pool::Query* query) { query_ = query; }

 private:
  const algorithms::pool::Query* query_ = nullptr;
};

// Calls an object of a class derived from lbsim.Algorithm. Its arrays `in_flight`, `weight` and
// `serving` are Python's; this writes into them what the pool counts. All that Python raises
// becomes Raised.
class PythonRule final : public algorithms::pool::Rule {
 public:
  PythonRule(const algorithms::pool::Setting& setting, const pybind11::object& type,
             const std::vector<algorithms::ParameterSpec>& own);

  algorithms::ServerId pick(const algorithms::pool::Query& query) override;
  void started(algorithms::ServerId server, Time now) override;
  void finished(algorithms::ServerId server, algorithms::Result result, Duration took,
                Time now) override;
  void changed() override;
  bool timed() const override { return hears_finished_; }

 private:
  // All that belongs to Python: made, used and dropped with the GIL.
  struct Objects;
  struct Drop {
    void operator()(Objects* objects) const;
  };

  void make(const algorithms::pool::Setting& setting, const pybind11::object& type,
            const std::vector<algorithms::ParameterSpec>& own);
  void copy_members();

  std::unique_ptr<Objects, Drop> python_;
  Asked* asked_ = nullptr;
  std::uint32_t* in_flight_ = nullptr;  // the arrays' memory
  std::uint32_t* weight_ = nullptr;
  bool* serving_ = nullptr;
  bool hears_started_ = false;
  bool hears_finished_ = false;
  bool hears_changed_ = false;
};

}  // namespace lbsim::python
