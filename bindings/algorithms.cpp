#include <arpa/inet.h>
#include <dlfcn.h>
#include <pybind11/stl.h>

#include <map>

#include "algorithms/guarded.hpp"
#include "planning/plugin_files.hpp"
#include "rule.hpp"
#include "simulating.hpp"
#include "subjects.hpp"

namespace lbsim::python {
namespace {

using algorithms::ParameterSpec;
using algorithms::pool::Setting;

// The classes by their algorithms' names. Python's objects that outlive the interpreter must not be
// destroyed, so this is never.
std::map<std::string, py::object>& classes() {
  static auto* all = new std::map<std::string, py::object>;
  return *all;
}

std::vector<ParameterSpec> parameters_of(const py::dict& defaults) {
  std::vector<ParameterSpec> all;
  for (const auto& [name, fallback] : defaults) {
    all.push_back(
        {name.cast<std::string>(), fallback.cast<std::string>(), "text", "of a Python class"});
  }
  return all;
}

// A class of a name that another class had takes its place: cells of notebooks run again.
void define(const std::string& family, const std::string& name, const std::string& summary,
            const py::dict& defaults, const py::object& type) {
  const ChangingCatalog changing;
  const std::string both = family + '/' + name;
  const auto known = classes().find(both);
  if (known != classes().end()) {
    algorithms::remove_algorithm(family, name);
    classes().erase(known);
  }
  const std::vector<ParameterSpec> own = parameters_of(defaults);
  const auto make = [both, own](const Setting& setting) -> std::unique_ptr<algorithms::pool::Rule> {
    return std::make_unique<PythonRule>(setting, classes().at(both), own);
  };
  algorithms::add_algorithm(algorithms::guarded(
      algorithms::pool::pool_spec({family, name, summary, "a Python class", own, {}, make})));
  classes()[both] = type;
}

// A plugin finds the algorithm library in what loads it, which Python has opened for itself alone.
void show_symbols() {
  Dl_info own{};
  if (dladdr(reinterpret_cast<void*>(&show_symbols), &own) == 0) return;
  dlopen(own.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_GLOBAL);
}

void load_plugin(const std::string& file) {
  const ChangingCatalog changing;
  show_symbols();
  planning::load_plugin(file);
}

std::string address_text(const algorithms::Address& address) {
  char text[INET6_ADDRSTRLEN] = {};
  const std::uint8_t* bytes = address.v6 ? address.bytes : address.bytes + 12;
  inet_ntop(address.v6 ? AF_INET6 : AF_INET, bytes, text, sizeof text);
  return text;
}

// None where the request does not have it.
py::object text_or_none(std::string_view text) {
  if (text.data() == nullptr) return py::none();
  return py::reinterpret_steal<py::object>(
      PyUnicode_DecodeLatin1(text.data(), static_cast<py::ssize_t>(text.size()), nullptr));
}

py::list catalog_names() {
  py::list names;
  for (const auto& spec : algorithms::catalog()) names.append(spec.family + '/' + spec.name);
  return names;
}

}  // namespace

void add_algorithms(py::module_& module) {
  py::class_<Asked>(module, "Request")
      .def_property_readonly("candidates", [](const Asked& a) { return a.query().candidates(); })
      .def("takes", [](const Asked& a, std::uint32_t server) { return a.query().takes(server); })
      .def_property_readonly("now_s", [](const Asked& a) { return to_seconds(a.query().now); })
      .def_property_readonly("client",
                             [](const Asked& a) { return address_text(a.query().request.client); })
      .def_property_readonly("client_port",
                             [](const Asked& a) { return a.query().request.client_port; })
      .def_property_readonly("target",
                             [](const Asked& a) { return text_or_none(a.query().request.target); })
      .def_property_readonly("host",
                             [](const Asked& a) { return text_or_none(a.query().request.host); })
      .def_property_readonly("cookie",
                             [](const Asked& a) { return text_or_none(a.query().request.cookie); });
  module.def("define", &define);
  module.def("load_plugin", &load_plugin);
  module.def("algorithms", &catalog_names);
}

}  // namespace lbsim::python
