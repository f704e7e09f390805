#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <memory>

#include "metrics/result_bytes.hpp"
#include "metrics/result_csv.hpp"
#include "planning/summary.hpp"
#include "planning/verdict.hpp"
#include "subjects.hpp"

namespace lbsim::python {
namespace {

using Result = std::shared_ptr<RunResult>;

// A node's minutes as a view; `owner` lives as long as it does.
py::array minutes(const py::object& owner, std::size_t node) {
  const auto& nodes = owner.cast<const RunResult&>().recorder.nodes();
  if (node >= nodes.size()) throw py::index_error("there is no such node");
  const std::vector<NodeMinute>& all = nodes[node].minutes;
  py::array_t<NodeMinute> view(static_cast<py::ssize_t>(all.size()), all.data(), owner);
  view.attr("flags").attr("writeable") = false;
  return view;
}

py::dict outcomes(const RunResult& result) {
  py::dict counts;
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    counts[py::str(std::string(kOutcomeNames[i]))] = result.recorder.outcomes()[i];
  }
  return counts;
}

std::vector<std::string> node_names(const RunResult& result) {
  std::vector<std::string> names;
  for (const NodeStats& node : result.recorder.nodes()) names.push_back(node.name);
  return names;
}

py::tuple verdict(const RunResult& result) {
  const Verdict verdict = verdict_of(result);
  return py::make_tuple(verdict.holds(), verdict.why, verdict.decides);
}

}  // namespace

void add_results(py::module_& module) {
  PYBIND11_NUMPY_DTYPE(NodeMinute, requests, bytes_in, bytes_out, work_s, queue_max,
                       connections_max);
  py::class_<RunResult, Result>(module, "RunResult")
      .def_readonly("scenario", &RunResult::scenario)
      .def_readonly("sha256", &RunResult::sha256)
      .def_readonly("seed", &RunResult::seed)
      .def_readonly("kernel", &RunResult::kernel)
      .def_readonly("simulated_s", &RunResult::simulated_s)
      .def_readonly("partial", &RunResult::partial)
      .def_readonly("window", &RunResult::window)
      .def_readonly("notes", &RunResult::notes)
      .def_readonly("wall_s", &RunResult::wall_s)
      .def_readonly("cpu_s", &RunResult::cpu_s)
      .def_property_readonly("generated",
                             [](const RunResult& r) { return r.recorder.generated_count(); })
      .def_property_readonly("outcomes", &outcomes)
      .def_property_readonly("error_share", &error_share)
      .def_property_readonly("node_names", &node_names)
      .def_property_readonly("verdict", &verdict)
      .def_property_readonly("precise", &is_precise)
      .def_property_readonly(
          "latency",
          [](const RunResult& r) -> const LatencySketch& { return r.recorder.latency(); },
          py::return_value_policy::reference_internal)
      .def("minutes", &minutes, py::arg("node"))
      .def("to_json", [](const RunResult& r) { return to_json(r); })
      .def("summary", &summary_text)
      .def("nodes_csv", &nodes_csv)
      .def("events_csv", &events_csv)
      .def("windows_csv", [](const RunResult& r) { return windows_csv(r.recorder); })
      .def(py::pickle([](const RunResult& r) { return py::bytes(to_bytes(r)); },
                      [](const py::bytes& state) {
                        return std::make_shared<RunResult>(
                            result_from_bytes(std::string_view(state)));
                      }));
}

}  // namespace lbsim::python
