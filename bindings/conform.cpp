#include <pybind11/stl.h>

#include "conform/traces.hpp"
#include "simulating.hpp"
#include "subjects.hpp"

namespace lbsim::python {
namespace {

using Skipped = std::vector<std::pair<std::string, std::string>>;

std::pair<std::vector<conform::Replay>, Skipped> conform_all(
    const std::vector<std::string>& paths) {
  const Simulating simulating;
  std::vector<conform::Replay> replays;
  Skipped skipped;
  conform::replay_all(
      paths, [&](const conform::Replay& replay) { replays.push_back(replay); },
      [&](const std::string& file, const std::string& why) { skipped.emplace_back(file, why); });
  return {replays, skipped};
}

}  // namespace

void add_conform(py::module_& module) {
  py::class_<conform::Replay>(module, "Replay")
      .def_readonly("id", &conform::Replay::id)
      .def_readonly("matched", &conform::Replay::matched)
      .def_readonly("total", &conform::Replay::total)
      .def_readonly("details", &conform::Replay::details)
      .def_property_readonly("passed", &conform::Replay::passed)
      .def("__repr__", [](const conform::Replay& r) {
        return std::string(r.passed() ? "pass " : "fail ") + r.id + ' ' +
               std::to_string(r.matched) + '/' + std::to_string(r.total);
      });
  module.def("conform", &conform_all);
}

}  // namespace lbsim::python
