#include "rule.hpp"

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include "errors.hpp"

namespace lbsim::python {
namespace {

namespace py = pybind11;
using algorithms::kNoServer;
using algorithms::ServerId;

// Names as in the contract's JSON.
constexpr const char* kResults[] = {"ok",    "refused",      "timeout",
                                    "reset", "server_error", "cancelled"};

// What `call` returns; with the GIL.
template <class Call>
auto calling_python(Call call) {
  const py::gil_scoped_acquire gil;
  try {
    return call();
  } catch (const py::error_already_set& error) {
    throw Raised(error);
  } catch (const py::cast_error&) {
    PyErr_SetString(PyExc_TypeError, "pick() returns the number of a server, or None");
    throw Raised(py::error_already_set());
  }
}

// Is the function another than that of lbsim.Algorithm, which does nothing?
bool is_overridden(const py::object& type, const char* function) {
  const py::object base = py::module_::import("lbsim._algorithm").attr("Algorithm");
  return !type.attr(function).is(base.attr(function));
}

[[noreturn]] void refuse(ServerId server) {
  const std::string text =
      "pick() returned " + std::to_string(server) + ", which is none of request.candidates";
  PyErr_SetString(PyExc_ValueError, text.c_str());
  throw py::error_already_set();
}

}  // namespace

const algorithms::pool::Query& Asked::query() const {
  if (query_) return *query_;
  throw std::runtime_error("a request can be looked at only during the pick it is for");
}

struct PythonRule::Objects {
  py::object self;
  py::object pick;
  py::object arrays;
  py::object asked = py::cast(Asked{});
};

void PythonRule::Drop::operator()(Objects* objects) const {
  const py::gil_scoped_acquire gil;
  delete objects;
}

PythonRule::PythonRule(const algorithms::pool::Setting& setting, const py::object& type,
                       const std::vector<algorithms::ParameterSpec>& own)
    : Rule(setting.members) {
  calling_python([&] { make(setting, type, own); });
}

void PythonRule::make(const algorithms::pool::Setting& setting, const py::object& type,
                      const std::vector<algorithms::ParameterSpec>& own) {
  python_.reset(new Objects);
  asked_ = python_->asked.cast<Asked*>();
  const auto size = static_cast<py::ssize_t>(members_.size());
  py::array_t<std::uint32_t> in_flight(size);
  py::array_t<std::uint32_t> weight(size);
  py::array_t<bool> serving(size);
  in_flight_ = in_flight.mutable_data();
  weight_ = weight.mutable_data();
  serving_ = serving.mutable_data();
  copy_members();
  py::list names;
  for (ServerId s = 0; s < members_.size(); ++s) names.append(members_[s].name);
  py::dict parameters;
  for (const auto& parameter : own) {
    parameters[py::str(parameter.name)] = setting.parameters.text(parameter.name);
  }
  py::object& self = python_->self;
  self = type.attr("__new__")(type);
  // Kept apart from what the class may do to its attributes: the memory must stay.
  python_->arrays = py::make_tuple(in_flight, weight, serving);
  self.attr("_prepare")(names, in_flight, weight, serving, parameters, setting.seed);
  self.attr("__init__")();
  python_->pick = self.attr("pick");
  hears_started_ = is_overridden(type, "started");
  hears_finished_ = is_overridden(type, "finished");
  hears_changed_ = is_overridden(type, "changed");
}

void PythonRule::copy_members() {
  for (ServerId s = 0; s < members_.size(); ++s) {
    in_flight_[s] = members_[s].conns;
    weight_[s] = members_[s].weight;
    serving_[s] = members_[s].serving;
  }
}

ServerId PythonRule::pick(const algorithms::pool::Query& query) {
  return calling_python([&] {
    asked_->set(&query);
    const struct Over {
      Asked* asked;
      ~Over() { asked->set(nullptr); }
    } over{asked_};
    const py::object picked = python_->pick(python_->asked);
    if (picked.is_none()) return kNoServer;
    const auto server = picked.cast<ServerId>();
    if (server >= members_.size() || !query.takes(server)) refuse(server);
    return server;
  });
}

void PythonRule::started(ServerId server, Time now) {
  in_flight_[server] = members_[server].conns;
  if (!hears_started_) return;
  calling_python([&] { python_->self.attr("started")(server, to_seconds(now)); });
}

void PythonRule::finished(ServerId server, algorithms::Result result, Duration took, Time now) {
  in_flight_[server] = members_[server].conns;
  if (!hears_finished_) return;
  calling_python([&] {
    const char* how = kResults[static_cast<std::size_t>(result)];
    python_->self.attr("finished")(server, how, to_seconds(took), to_seconds(now));
  });
}

void PythonRule::changed() {
  calling_python([&] {
    copy_members();
    if (hears_changed_) python_->self.attr("changed")();
  });
}

}  // namespace lbsim::python
