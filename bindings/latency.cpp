#include <pybind11/numpy.h>

#include "metrics/sketch.hpp"
#include "subjects.hpp"

namespace lbsim::python {
namespace {

// A view; `owner` lives as long as it does.
py::array counts(const py::object& owner) {
  const auto& all = owner.cast<const LatencySketch&>().counts();
  py::array_t<std::uint64_t> view(static_cast<py::ssize_t>(all.size()), all.data(), owner);
  view.attr("flags").attr("writeable") = false;
  return view;
}

py::array buckets_ms(const LatencySketch& sketch) {
  py::array_t<double> values(static_cast<py::ssize_t>(sketch.counts().size()));
  double* out = values.mutable_data();
  for (std::size_t i = 0; i < sketch.counts().size(); ++i) {
    out[i] = LatencySketch::bucket_value_s(i) * 1e3;
  }
  return values;
}

double percentile(const LatencySketch& sketch, double percent) {
  if (!(percent > 0 && percent <= 100)) {
    throw py::value_error("a percentile is above 0 and at most 100");
  }
  return sketch.quantile_s(percent / 100) * 1e3;
}

double share_within(const LatencySketch& sketch, double limit_ms) {
  if (!(limit_ms >= 0 && limit_ms < 1e12)) throw py::value_error("a limit is 0 ms or more");
  return sketch.share_within(from_seconds(limit_ms * 1e-3));
}

LatencySketch merged(const LatencySketch& a, const LatencySketch& b) {
  LatencySketch both = a;
  both.merge(b);
  return both;
}

}  // namespace

void add_latency(py::module_& module) {
  py::class_<LatencySketch>(module, "Latency")
      .def("percentile", &percentile, py::arg("percent"))
      .def("share_within", &share_within, py::arg("limit_ms"))
      .def("__add__", &merged)
      .def("__len__", &LatencySketch::count)
      .def_property_readonly("mean_ms", [](const LatencySketch& s) { return s.mean_s() * 1e3; })
      .def_property_readonly("max_ms",
                             [](const LatencySketch& s) { return to_seconds(s.max()) * 1e3; })
      .def_property_readonly("count", &LatencySketch::count)
      .def_property_readonly("counts", &counts)
      .def_property_readonly("buckets_ms", &buckets_ms)
      .def_property_readonly_static(
          "relative_error", [](const py::object&) { return LatencySketch::kRelativeError; });
}

}  // namespace lbsim::python
