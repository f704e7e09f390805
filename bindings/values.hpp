// Python's dicts, lists and scalars as a scenario's values, and back.
#pragma once

#include <pybind11/pybind11.h>

#include <string>

#include "scenario/value.hpp"

namespace lbsim::python {

// Throws InputError naming the field if something in it is none of a scenario's types, or a key is
// no text. `file` is what errors call it.
scenario::Table table_of(const pybind11::dict& dict, const std::string& file);

pybind11::dict dict_of(const scenario::Table& table);

// With all places, as nested tuples, and back: for pickle.
pybind11::object state_of(const scenario::Value& value);
scenario::Value value_from(const pybind11::handle& state);

}  // namespace lbsim::python
