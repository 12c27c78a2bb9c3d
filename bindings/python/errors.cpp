// Exceptions between the core, pybind11 and CPython's slots.
#include "bindings/python/errors.h"

#include <new>
#include <string>

namespace lazulite::python {

namespace py = pybind11;

namespace {

PyObject* axis_error() {
  static PyObject* type = py::object(py::module_::import("numpy.exceptions").attr("AxisError")).release().ptr();
  return type;
}

PyObject* linalg_error() {
  static PyObject* type = py::object(py::module_::import("numpy.linalg").attr("LinAlgError")).release().ptr();
  return type;
}

PyObject* exception_type(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::value:
      return PyExc_ValueError;
    case ErrorKind::type:
      return PyExc_TypeError;
    case ErrorKind::index:
      return PyExc_IndexError;
    case ErrorKind::axis:
      return axis_error();
    case ErrorKind::overflow:
      return PyExc_OverflowError;
    case ErrorKind::memory:
      return PyExc_MemoryError;
    case ErrorKind::zero_division:
      return PyExc_ZeroDivisionError;
    case ErrorKind::linalg:
      return linalg_error();
    case ErrorKind::interrupted:
      return PyExc_KeyboardInterrupt;
  }
  return PyExc_RuntimeError;
}

}  // namespace

void set_error(const Error& e) {
  // A signal handler has already said what it wants raised.
  if (e.kind() == ErrorKind::interrupted && PyErr_Occurred()) return;
  PyErr_SetString(exception_type(e.kind()), e.kind() == ErrorKind::interrupted ? "" : e.what());
}

void set_current_error() {
  try {
    throw;
  } catch (py::error_already_set& e) {
    e.restore();
  } catch (const Error& e) {
    set_error(e);
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  } catch (const py::builtin_exception& e) {
    e.set_error();
  } catch (const std::exception& e) {
    PyErr_SetString(PyExc_RuntimeError, e.what());
  }
}

void raise(PyObject* type, const std::string& text) {
  PyErr_SetString(type, text.c_str());
  throw py::error_already_set();
}

void raise_axis(int64_t axis, int ndim) {
  PyErr_SetObject(axis_error(), py::make_tuple(axis, ndim).ptr());
  throw py::error_already_set();
}

}  // namespace lazulite::python
