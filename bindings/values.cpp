#include "values.hpp"

#include <pybind11/stl.h>

#include <algorithm>

#include "core/error.hpp"
#include "subjects.hpp"

namespace lbsim::python {
namespace {

using scenario::List;
using scenario::Place;
using scenario::Table;
using scenario::Value;

[[noreturn]] void reject(const std::string& file, const std::string& field, const std::string& what,
                         const std::string& hint) {
  throw InputError(Diagnostic{file, 0, 0, field, what, hint});
}

std::string joined(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + '.' + key;
}

std::string text_at(const py::handle& object, const std::string& file, const std::string& path) {
  Py_ssize_t size = 0;
  const char* text = PyUnicode_AsUTF8AndSize(object.ptr(), &size);
  if (text != nullptr) return {text, static_cast<std::size_t>(size)};
  PyErr_Clear();
  reject(file, path, "is no text that UTF-8 can write", "leave out lone surrogates");
}

Value value_of(const py::handle& object, const std::string& file, const std::string& path);

Table table_at(const py::dict& dict, const std::string& file, const std::string& path) {
  Table table;
  for (const auto& [key, item] : dict) {
    if (!py::isinstance<py::str>(key)) {
      reject(file, joined(path, py::str(key)), "is no key of a scenario", "keys are texts");
    }
    const std::string name = text_at(key, file, path);
    table[name] = value_of(item, file, joined(path, name));
  }
  return table;
}

std::int64_t integer_of(const py::handle& object, const std::string& file,
                        const std::string& path) {
  const py::object number = py::reinterpret_steal<py::object>(PyNumber_Index(object.ptr()));
  int overflow = 0;
  const std::int64_t integer = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
  if (overflow != 0) reject(file, path, "is too large", "a whole number of 63 bits");
  return integer;
}

// Scenarios have a handful of levels; a dict that holds itself has no end.
constexpr std::ptrdiff_t kLevels = 32;

// Numbers may be numpy's.
Value value_of(const py::handle& object, const std::string& file, const std::string& path) {
  Value value;
  value.place = value.key = Place{.file = file};
  if (std::count(path.begin(), path.end(), '.') >= kLevels) {
    reject(file, path.substr(0, 40) + "...", "is nested too deep", "a scenario has a few levels");
  }
  if (py::isinstance<py::bool_>(object)) {
    value.data = object.cast<bool>();
  } else if (PyIndex_Check(object.ptr()) != 0) {
    value.data = integer_of(object, file, path);
  } else if (py::isinstance<py::float_>(object)) {
    value.data = object.cast<double>();
  } else if (py::isinstance<py::str>(object)) {
    value.data = text_at(object, file, path);
  } else if (py::isinstance<py::dict>(object)) {
    value.data = table_at(py::reinterpret_borrow<py::dict>(object), file, path);
  } else if (py::isinstance<py::list>(object) || py::isinstance<py::tuple>(object)) {
    List list;
    for (const py::handle& item : object) {
      list.push_back(value_of(item, file, joined(path, std::to_string(list.size()))));
    }
    value.data = std::move(list);
  } else {
    reject(file, path,
           std::string("is a ") + Py_TYPE(object.ptr())->tp_name + ", which no scenario holds",
           "a text, a number, True or False, a list or a dict");
  }
  return value;
}

py::object object_of(const Value& value) {
  if (const auto* table = value.as<Table>()) return dict_of(*table);
  if (const auto* list = value.as<List>()) {
    py::list all;
    for (const Value& item : *list) all.append(object_of(item));
    return all;
  }
  if (const auto* flag = value.as<bool>()) return py::bool_(*flag);
  if (const auto* integer = value.as<std::int64_t>()) return py::int_(*integer);
  if (const auto* number = value.as<double>()) return py::float_(*number);
  return py::str(*value.as<std::string>());
}

py::tuple state_of(const Place& place) {
  return py::make_tuple(place.file, place.line, place.column);
}

Place place_from(const py::handle& state) {
  const auto parts = py::reinterpret_borrow<py::tuple>(state);
  return {parts[0].cast<std::string>(), parts[1].cast<int>(), parts[2].cast<int>()};
}

}  // namespace

Table table_of(const py::dict& dict, const std::string& file) { return table_at(dict, file, ""); }

py::dict dict_of(const Table& table) {
  py::dict dict;
  for (const auto& [key, value] : table) dict[py::str(key)] = object_of(value);
  return dict;
}

py::object state_of(const Value& value) {
  py::object data;
  if (const auto* table = value.as<Table>()) {
    py::dict dict;
    for (const auto& [key, item] : *table) dict[py::str(key)] = state_of(item);
    data = std::move(dict);
  } else if (const auto* list = value.as<List>()) {
    py::list all;
    for (const Value& item : *list) all.append(state_of(item));
    data = std::move(all);
  } else {
    data = object_of(value);
  }
  return py::make_tuple(data, state_of(value.place), state_of(value.key));
}

Value value_from(const py::handle& state) {
  const auto parts = py::reinterpret_borrow<py::tuple>(state);
  const py::object data = parts[0];
  Value value;
  if (py::isinstance<py::dict>(data)) {
    Table table;
    for (const auto& [key, item] : py::reinterpret_borrow<py::dict>(data)) {
      table[key.cast<std::string>()] = value_from(item);
    }
    value.data = std::move(table);
  } else if (py::isinstance<py::list>(data)) {
    List list;
    for (const py::handle& item : data) list.push_back(value_from(item));
    value.data = std::move(list);
  } else {
    value = value_of(data, "", "");
  }
  value.place = place_from(parts[1]);
  value.key = place_from(parts[2]);
  return value;
}

}  // namespace lbsim::python
