// Applying rows of the op table to Python operands, and handing over to NumPy what the table has not.
#pragma once

#include <pybind11/pybind11.h>

#include "core/dispatch/array.h"
#include "core/graph/ops.h"

namespace lazulite::python {

namespace py = pybind11;

/// The op applied to `n` operands, lazily; a new reference. What the core has not (dtypes, subclasses, unknown objects)
/// goes to NumPy's function of the same name.
PyObject* call_op(Op op, PyObject* const* operands, int n);
/// As an operator: NotImplemented where the other operand asks for that (`__array_ufunc__ = None`).
PyObject* call_operator(Op op, PyObject* const* operands, int n);
/// target op= value for arrays; a new reference to `target`.
PyObject* call_in_place(Op op, PyObject* target, PyObject* value);
/// A function of two arrays, with NumPy's of that name for what the core has not.
using BinaryFunction = Array (*)(const Array&, const Array&);
PyObject* call_function(const char* name, BinaryFunction f, PyObject* a, PyObject* b);
/// The operators @ and @=.
PyObject* call_matmul(PyObject* a, PyObject* b);
PyObject* call_matmul_in_place(PyObject* target, PyObject* value);

/// NumPy's function `name`, called on the computed values (lazulite/fallback.py keeps the record for lz.explain).
PyObject* fall_back(const char* name, PyObject* const* operands, int n, const char* reason);
/// The same with the result written to `target`.
PyObject* fall_back_in_place(const char* name, PyObject* target, PyObject* value, const char* reason);

/// Whether numpy.geterr() asks for exceptions or calls: then lines are computed at once, by NumPy.
bool floating_point_errors_raise();

void add_fallback(py::module_& m);

}  // namespace lazulite::python
