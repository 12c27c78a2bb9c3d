// Python objects as arguments of the core: operands, dtypes, shapes, axes.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <optional>

#include "core/dispatch/array.h"

namespace lazulite::python {

namespace py = pybind11;

/// What became of an operand.
enum class Conversion {
  done,
  foreign,  // not for us: a dtype that Lazulite has not, a subclass of ndarray, an unknown object
};

/// Arrays, Python numbers (weak), NumPy's scalars (strong), ndarrays, lists and tuples of numbers.
Conversion to_argument(PyObject* o, Argument& out);
/// Any of these as an array; raises TypeError for what has none of our dtypes.
Array array_from(py::handle o, std::optional<DType> dtype = std::nullopt);
/// A Python number as the scalar array that NumPy makes of it.
Array strong(const Weak& w);

/// A `dtype=` argument; nothing for None. Raises TypeError for dtypes that Lazulite has not.
std::optional<DType> dtype_argument(py::handle o);
/// An integer or a sequence of integers.
Dims dims_argument(py::handle o);
/// An `axis=` argument of an array with `ndim` axes as a bit set; None is all axes.
uint64_t axes_argument(PyObject* o, int ndim);
/// One axis, counted from the end if negative; raises AxisError.
int normalize_axis(int64_t axis, int ndim);

/// The value of a 0-d (or one-element) array as a Python bool, int or float.
py::object item_object(const Array& a);
py::object scalar_object(DType t, Scalar value);

}  // namespace lazulite::python
