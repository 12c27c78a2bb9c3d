// The Python type `lazulite.Array`: a heap type of our own around lazulite::Array, and its pybind11 caster.
//
// Operators, indexing and calls of ufuncs go from a type slot straight to the core (pybind11 would cost 100 ns more an
// op); everything else is bound through pybind11 or attached to the type by lazulite/methods.py.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <utility>

#include "core/dispatch/array.h"
#include "core/dispatch/indexing.h"

namespace lazulite::python {

namespace py = pybind11;

struct PyArray {
  PyObject_HEAD Array value;  // null while `masked` stands for it
  std::shared_ptr<const Masked> masked;
  PyObject* weakrefs;
};

extern PyTypeObject* array_type;

inline bool is_array(PyObject* o) { return Py_TYPE(o) == array_type || PyType_IsSubtype(Py_TYPE(o), array_type); }
/// What `x[mask]` stands for as long as nobody has asked for its shape or its values; else null. Only full reductions,
/// and writes through the same mask, ask for this; everything else for value_of.
inline const std::shared_ptr<const Masked>& masked_of(PyObject* o) { return reinterpret_cast<PyArray*>(o)->masked; }
/// Makes the array of a masked one, and so computes the mask.
void settle_masked(PyObject* o);
/// The array. Throws where a mask has to be computed for it, and that fails.
inline Array& value_of(PyObject* o) {
  if (masked_of(o)) settle_masked(o);
  return reinterpret_cast<PyArray*>(o)->value;
}

inline bool is_scalar(PyObject* o) { return !masked_of(o) && value_of(o).is_scalar(); }

/// A new reference to a new Python object.
PyObject* wrap(Array value);
PyObject* wrap(Masked value);
/// Lets a masked object stand for another one.
void set_masked(PyObject* o, Masked value);

/// Makes the type and adds it to the module.
void add_array_type(py::module_& m);

// Slots, by file.
struct Slots {
  static void numbers(std::vector<PyType_Slot>& slots);   // number.cpp
  static void indexing(std::vector<PyType_Slot>& slots);  // indexing.cpp
  static void buffer(std::vector<PyType_Slot>& slots);    // buffer.cpp
};

}  // namespace lazulite::python

namespace pybind11::detail {

template <>
struct type_caster<lazulite::Array> {
  PYBIND11_TYPE_CASTER(lazulite::Array, const_name("lazulite.Array"));
  bool load(handle src, bool) {
    if (!lazulite::python::is_array(src.ptr())) return false;
    value = lazulite::python::value_of(src.ptr());
    return true;
  }
  static handle cast(lazulite::Array a, return_value_policy, handle) { return lazulite::python::wrap(std::move(a)); }
};

}  // namespace pybind11::detail
