#include <pybind11/stl.h>

#include "scenario/site_reader.hpp"
#include "subjects.hpp"
#include "values.hpp"

namespace lbsim::python {
namespace {

using scenario::Document;

py::tuple facts(const Document& document) {
  const scenario::LoadedScenario loaded = scenario::load_scenario(document);
  return py::make_tuple(loaded.site.name, loaded.sha256, loaded.site.seed,
                        loaded.site.workload.page_views_per_day);
}

py::tuple state(const Document& document) {
  return py::make_tuple(state_of(scenario::Value{.data = document.root()}), document.place().file);
}

Document from_state(const py::tuple& state) {
  scenario::Value root = value_from(state[0]);
  return Document::of(std::move(*root.as<scenario::Table>()), state[1].cast<std::string>());
}

}  // namespace

void add_documents(py::module_& module) {
  py::class_<Document>(module, "Document")
      .def_static("load", [](const std::string& file) { return Document::load(file); })
      .def_static("of",
                  [](const py::dict& dict, const std::string& name, const std::string& folder) {
                    return Document::of(table_of(dict, name), name, {}, folder);
                  })
      .def("changed", &Document::with, py::arg("settings"))
      .def("facts", &facts)
      .def("text", &Document::text)
      .def("to_dict", [](const Document& d) { return dict_of(d.root()); })
      .def_property_readonly("name", [](const Document& d) { return d.place().file; })
      .def(py::pickle(&state, &from_state));
  module.def("schema", &scenario::scenario_schema);
}

}  // namespace lbsim::python
