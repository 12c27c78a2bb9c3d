// Exceptions between the core, pybind11 and CPython's slots.
#pragma once

#include <pybind11/pybind11.h>

#include <exception>
#include <utility>

#include "core/graph/error.h"

namespace lazulite::python {

/// Sets the Python exception that NumPy has for this kind of error.
void set_error(const Error& e);
/// Sets a Python exception for the C++ exception that is being handled.
void set_current_error();

/// Runs the body of a slot: a C++ exception becomes a Python one and `failed` is returned.
template <class F, class R = decltype(std::declval<F>()())>
R guarded(F&& body, R failed = R{}) {
  try {
    return body();
  } catch (...) {
    set_current_error();
    return failed;
  }
}

/// Raises a Python exception from C++.
[[noreturn]] void raise(PyObject* type, const std::string& text);
/// NumPy's AxisError of `axis` in an array of `ndim` axes.
[[noreturn]] void raise_axis(int64_t axis, int ndim);

}  // namespace lazulite::python
