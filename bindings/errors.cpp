#include "errors.hpp"

#include <algorithm>

#include "subjects.hpp"

namespace lbsim::python {
namespace {

// Names of flags as Python knows them: --slo-window is `slo_window`, "--set a.b" is `set["a.b"]`.
Diagnostic in_python(Diagnostic d) {
  for (const std::string flag : {"set", "vary"}) {
    const std::string before = "--" + flag + ' ';
    if (d.file.starts_with(before)) d.file = flag + "[\"" + d.file.substr(before.size()) + "\"]";
  }
  if (d.field.starts_with("--")) {
    d.field.erase(0, 2);
    if (!d.field.starts_with("plugin ")) std::replace(d.field.begin(), d.field.end(), '-', '_');
  }
  return d;
}

void set_scenario_error(const InputError& error) {
  const py::module_ errors = py::module_::import("lbsim._errors");
  py::list mistakes;
  for (const Diagnostic& diagnostic : error.diagnostics()) {
    const Diagnostic d = in_python(diagnostic);
    mistakes.append(
        errors.attr("Mistake")(d.file, d.line, d.column, d.field, d.message, d.hint, d.text()));
  }
  const py::object type = errors.attr("ScenarioError");
  PyErr_SetObject(type.ptr(), type(mistakes).ptr());
}

void translate(std::exception_ptr thrown) {
  try {
    if (thrown) std::rethrow_exception(thrown);
  } catch (const Raised& error) {
    error.restore();
  } catch (const InputError& error) {
    set_scenario_error(error);
  }
}

std::string told(const py::error_already_set& error) {
  const py::gil_scoped_acquire gil;
  return error.what();
}

}  // namespace

Raised::Raised(const py::error_already_set& error)
    : InputError(Diagnostic{{}, 0, 0, "Python", told(error), {}}),
      error_(std::make_shared<py::error_already_set>(error)) {}

void Raised::restore() const { error_->restore(); }

void add_errors(py::module_&) { py::register_exception_translator(translate); }

}  // namespace lbsim::python
