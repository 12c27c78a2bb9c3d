// Python objects as arguments of the core: operands, dtypes, shapes, axes.
#include "bindings/python/convert.h"

#include <cmath>
#include <cstring>
#include <string>
#include <type_traits>

#include "bindings/python/array_type.h"
#include "bindings/python/errors.h"
#include "bindings/python/numpy.h"

namespace lazulite::python {

namespace {

Weak weak_integer(PyObject* o) {
  Weak w;
  w.kind = Weak::Kind::integer;
  int overflow = 0;
  const long long value = PyLong_AsLongLongAndOverflow(o, &overflow);
  if (value == -1 && PyErr_Occurred()) throw py::error_already_set();
  if (!overflow) {
    w.integer = value;
    w.real = static_cast<double>(value);
    return w;
  }
  w.fits = false;
  w.text = std::make_shared<const std::string>(py::str(py::handle(o)));
  const unsigned long long bits = overflow > 0 ? PyLong_AsUnsignedLongLong(o) : 0;
  if (overflow > 0 && !PyErr_Occurred()) {
    w.big = true;
    w.integer = static_cast<int64_t>(bits);
  }
  PyErr_Clear();
  w.real = PyLong_AsDouble(o);
  if (PyErr_Occurred()) {  // beyond every double
    PyErr_Clear();
    w.real = overflow > 0 ? HUGE_VAL : -HUGE_VAL;
  }
  return w;
}

bool weak_number(PyObject* o, Argument& out) {
  if (PyFloat_Check(o)) {
    Weak w;
    w.kind = Weak::Kind::floating;
    w.real = PyFloat_AS_DOUBLE(o);
    out = std::move(w);
    return true;
  }
  if (PyBool_Check(o)) {
    Weak w;
    w.kind = Weak::Kind::boolean;
    w.integer = o == Py_True;
    w.real = static_cast<double>(w.integer);
    out = std::move(w);
    return true;
  }
  if (PyLong_Check(o)) {
    out = weak_integer(o);
    return true;
  }
  return false;
}

py::object as_ndarray(py::handle o) {
  static PyObject* asarray = py::object(py::module_::import("numpy").attr("asarray")).release().ptr();
  return py::reinterpret_steal<py::object>(PyObject_CallOneArg(asarray, o.ptr()));
}

/// The value of a 0-d ndarray of one of our dtypes, as a NumPy scalar.
Array scalar_from(const py::array& a, DType t) {
  Scalar value;
  std::memcpy(value.bytes, a.data(), static_cast<size_t>(item_size(t)));
  return Array(make_constant(t, value), true);
}

}  // namespace

Conversion to_argument(PyObject* o, Argument& out) {
  if (is_array(o)) {
    out = value_of(o);
    return Conversion::done;
  }
  if (PyFloat_CheckExact(o) || PyLong_CheckExact(o) || PyBool_Check(o)) {
    weak_number(o, out);
    return Conversion::done;
  }
  if (is_numpy_scalar(o)) {  // before the subclasses of int and float: numpy.float64 is one of them
    const py::object a = as_ndarray(o);
    if (!a) throw py::error_already_set();
    const auto t = dtype_of_descriptor(a.attr("dtype"));
    if (!t) return Conversion::foreign;
    out = scalar_from(py::array(a), *t);
    return Conversion::done;
  }
  if (weak_number(o, out)) return Conversion::done;
  py::object a;
  if (is_plain_ndarray(o)) {
    a = py::reinterpret_borrow<py::object>(o);
  } else if (PyList_Check(o) || PyTuple_Check(o)) {
    a = as_ndarray(o);
    if (!a) throw py::error_already_set();
  } else {
    return Conversion::foreign;
  }
  auto imported = import_array(a);
  if (!imported) return Conversion::foreign;
  out = std::move(*imported);
  return Conversion::done;
}

Array strong(const Weak& w) {
  switch (w.kind) {
    case Weak::Kind::boolean:
      return Array(make_constant(DType::bool_, Scalar::of(w.integer != 0)), true);
    case Weak::Kind::floating:
      return Array(make_constant(DType::float64, Scalar::of(w.real)), true);
    case Weak::Kind::integer:
      break;
  }
  if (w.fits) return Array(make_constant(DType::int64, Scalar::of(w.integer)), true);
  if (w.big) return Array(make_constant(DType::uint64, Scalar::of(static_cast<uint64_t>(w.integer))), true);
  throw Error(ErrorKind::overflow, "Python int too large to convert to C long");
}

Array array_from(py::handle o, std::optional<DType> dtype) {
  if (is_array(o.ptr())) return value_of(o.ptr());
  py::object a;
  if (dtype) {
    a = py::module_::import("numpy").attr("asarray")(o, numpy_dtype(*dtype));
  } else {
    a = as_ndarray(o);
    if (!a) throw py::error_already_set();
  }
  auto imported = import_array(a);
  if (imported) return *imported;
  raise(PyExc_TypeError, "lazulite has no dtype " + std::string(py::str(a.attr("dtype"))) +
                             "; it has bool, the integers, float32 and float64");
}

std::optional<DType> dtype_argument(py::handle o) {
  if (!o || o.is_none()) return std::nullopt;
  static PyObject* make = py::object(py::module_::import("numpy").attr("dtype")).release().ptr();
  const auto descriptor = py::reinterpret_steal<py::object>(PyObject_CallOneArg(make, o.ptr()));
  if (!descriptor) throw py::error_already_set();
  if (const auto t = dtype_of_descriptor(descriptor)) return t;
  raise(PyExc_TypeError, "lazulite has no dtype " + std::string(py::str(descriptor)) +
                             "; it has bool, the integers, float32 and float64");
}

namespace {
int64_t integer(PyObject* o) {
  const Py_ssize_t v = PyNumber_AsSsize_t(o, PyExc_OverflowError);
  if (v == -1 && PyErr_Occurred()) throw py::error_already_set();
  return v;
}
}  // namespace

Dims dims_argument(py::handle o) {
  if (PyIndex_Check(o.ptr())) return Dims{integer(o.ptr())};
  const auto items = py::reinterpret_steal<py::object>(PySequence_Fast(o.ptr(), ""));
  if (!items) {
    PyErr_Clear();
    raise(PyExc_TypeError,
          "expected a sequence of integers or a single integer, got '" + std::string(py::str(o)) + "'");
  }
  const Py_ssize_t n = PySequence_Fast_GET_SIZE(items.ptr());
  if (n > kMaxDims)
    raise(PyExc_ValueError, "maximum supported dimension for an ndarray is currently 64, found " + std::to_string(n));
  Dims d(static_cast<int>(n));
  for (int i = 0; i < d.size(); ++i) d[i] = integer(PySequence_Fast_GET_ITEM(items.ptr(), i));
  return d;
}

int normalize_axis(int64_t axis, int ndim) {
  if (axis < -ndim || axis >= ndim) raise_axis(axis, ndim);
  return static_cast<int>(axis < 0 ? axis + ndim : axis);
}

uint64_t axes_argument(PyObject* o, int ndim) {
  const uint64_t all = ndim >= 64 ? ~uint64_t{0} : (uint64_t{1} << ndim) - 1;
  if (o == nullptr || o == Py_None) return all;
  if (!PyTuple_Check(o)) {
    const int64_t axis = integer(o);
    if (ndim == 0 && (axis == 0 || axis == -1)) return 0;  // NumPy takes a 0-d array for a 1-d one here
    return uint64_t{1} << normalize_axis(axis, ndim);
  }
  uint64_t axes = 0;
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(o); ++i) {
    const uint64_t one = uint64_t{1} << normalize_axis(integer(PyTuple_GET_ITEM(o, i)), ndim);
    if (axes & one) raise(PyExc_ValueError, "duplicate value in 'axis'");
    axes |= one;
  }
  return axes;
}

py::object scalar_object(DType t, Scalar value) {
  return visit(t, [&](auto tag) -> py::object {
    using T = decltype(tag);
    const T v = value.as<T>();
    if constexpr (std::is_same_v<T, bool>)
      return py::bool_(v);
    else if constexpr (std::is_floating_point_v<T>)
      return py::float_(static_cast<double>(v));
    else
      return py::int_(v);
  });
}

py::object item_object(const Array& a) { return scalar_object(a.dtype(), item(a)); }

}  // namespace lazulite::python
