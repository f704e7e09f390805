#include <pybind11/stl.h>

#include "planning/check.hpp"
#include "requests.hpp"
#include "scenario/site_reader.hpp"
#include "subjects.hpp"

namespace lbsim::python {
namespace {

// Text, JSON and drawing.
py::tuple check(const scenario::Document& document, const py::dict& given) {
  const auto settings = planning::settings_of(request_of(given));
  const auto loaded = scenario::load_scenario(document.with(settings));
  const auto report = planning::check_site(loaded.site, loaded.day_curve, loaded.window);
  return py::make_tuple(planning::check_text(report), planning::check_json(report),
                        planning::check_dot(report));
}

}  // namespace

void add_checks(py::module_& module) { module.def("check", &check); }

}  // namespace lbsim::python
