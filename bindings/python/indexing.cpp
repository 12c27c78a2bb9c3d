// Indexing of `lazulite.Array`: NumPy's basic indices become views; index arrays and masks go to NumPy.
#include "bindings/python/indexing.h"

#include <string>
#include <vector>

#include "bindings/python/array_type.h"
#include "bindings/python/convert.h"
#include "bindings/python/errors.h"
#include "bindings/python/numpy.h"

namespace lazulite::python {

namespace {

PyObject* get_with_numpy = nullptr;  // (array, key) -> value
PyObject* set_with_numpy = nullptr;  // (array, key, value)

constexpr char kNotAnIndex[] =
    "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid "
    "indices";

enum class Item { integer, slice, ellipsis, new_axis, advanced };

bool is_numpy_bool(PyObject* o) {
  static PyObject* type = py::object(py::module_::import("numpy").attr("bool")).release().ptr();
  return reinterpret_cast<PyObject*>(Py_TYPE(o)) == type;
}

Item classify(PyObject* o) {
  if (PyLong_CheckExact(o)) return Item::integer;
  if (PySlice_Check(o)) return Item::slice;
  if (o == Py_Ellipsis) return Item::ellipsis;
  if (o == Py_None) return Item::new_axis;
  if (is_array(o)) {
    const Array& a = value_of(o);
    return a.ndim() == 0 && is_integer(a.dtype()) ? Item::integer : Item::advanced;
  }
  if (PyBool_Check(o) || is_numpy_bool(o)) return Item::advanced;
  if (py::isinstance<py::array>(o)) {
    const auto a = py::reinterpret_borrow<py::array>(o);
    const char kind = a.dtype().kind();
    return a.ndim() == 0 && (kind == 'i' || kind == 'u') ? Item::integer : Item::advanced;
  }
  if (PyIndex_Check(o)) return Item::integer;
  if (PyUnicode_Check(o) || PyFloat_Check(o) || PyComplex_Check(o)) raise(PyExc_IndexError, kNotAnIndex);
  return Item::advanced;
}

int64_t index_value(PyObject* o) {
  const Py_ssize_t i = PyNumber_AsSsize_t(o, PyExc_IndexError);
  if (i == -1 && PyErr_Occurred()) throw py::error_already_set();
  return i;
}

int64_t checked_index(int64_t i, int axis, int64_t size) {
  if (i < -size || i >= size)
    raise(PyExc_IndexError, "index " + std::to_string(i) + " is out of bounds for axis " + std::to_string(axis) +
                                " with size " + std::to_string(size));
  return i < 0 ? i + size : i;
}

/// What a key selects.
struct Selection {
  bool advanced = false;  // not a view; the rest is void
  bool element = false;   // integers for every axis: a value rather than a view
  View view;
};

Selection select(const Array& a, PyObject* key) {
  PyObject* const* items = PyTuple_Check(key) ? &PyTuple_GET_ITEM(key, 0) : &key;
  const Py_ssize_t n = PyTuple_Check(key) ? PyTuple_GET_SIZE(key) : 1;
  Selection s;
  int consumed = 0;
  bool ellipsis = false, plain = true;
  for (Py_ssize_t i = 0; i < n; ++i) {
    switch (classify(items[i])) {
      case Item::advanced:
        s.advanced = true;
        return s;
      case Item::ellipsis:
        if (ellipsis) raise(PyExc_IndexError, "an index can only have a single ellipsis ('...')");
        ellipsis = true;
        plain = false;
        break;
      case Item::new_axis:
        plain = false;
        break;
      case Item::slice:
        plain = false;
        ++consumed;
        break;
      case Item::integer:
        ++consumed;
        break;
    }
  }
  const int ndim = a.ndim();
  if (consumed > ndim)
    raise(PyExc_IndexError, "too many indices for array: array is " + std::to_string(ndim) + "-dimensional, but " +
                                std::to_string(consumed) + " were indexed");
  s.element = plain && consumed == ndim;
  s.view = view_of(a);
  int axis = 0, original = 0;  // of the view so far, of the array
  for (Py_ssize_t i = 0; i < n; ++i) {
    PyObject* o = items[i];
    if (o == Py_Ellipsis) {
      axis += ndim - consumed;
      original += ndim - consumed;
    } else if (o == Py_None) {
      if (s.view.shape.size() >= kMaxDims)
        raise(PyExc_IndexError, "number of dimensions must be within [0, 64], indexing result would have 65");
      s.view.insert_axis(axis++);
    } else if (PySlice_Check(o)) {
      Py_ssize_t start, stop, step;
      if (PySlice_Unpack(o, &start, &stop, &step) < 0) throw py::error_already_set();
      const Py_ssize_t count = PySlice_AdjustIndices(s.view.shape[axis], &start, &stop, step);
      s.view.slice(axis++, start, step, count);
      ++original;
    } else {
      s.view.take(axis, checked_index(index_value(o), original, s.view.shape[axis]));
      ++original;
    }
  }
  return s;
}

bool is_empty_tuple(PyObject* key) { return PyTuple_Check(key) && PyTuple_GET_SIZE(key) == 0; }

/// NumPy's scalars know only keys that select everything: (), ... and None.
PyObject* index_scalar(PyObject* o, PyObject* key) {
  if (is_empty_tuple(key)) return Py_NewRef(o);
  PyObject* const* items = PyTuple_Check(key) ? &PyTuple_GET_ITEM(key, 0) : &key;
  const Py_ssize_t n = PyTuple_Check(key) ? PyTuple_GET_SIZE(key) : 1;
  for (Py_ssize_t i = 0; i < n; ++i)
    if (items[i] != Py_Ellipsis && items[i] != Py_None) raise(PyExc_IndexError, "invalid index to scalar variable.");
  const Array a(value_of(o).read(), false);
  return wrap(make_view(a, select(a, key).view));
}

PyObject* subscript(PyObject* o, PyObject* key) {
  return guarded([&]() -> PyObject* {
    const Array& a = value_of(o);
    if (a.is_scalar()) return index_scalar(o, key);
    Selection s = select(a, key);
    if (s.advanced) return py::handle(get_with_numpy)(py::handle(o), py::handle(key)).release().ptr();
    if (s.element) return wrap(take_scalar(a, std::move(s.view)));
    return wrap(make_view(a, std::move(s.view)));
  });
}

/// x[mask] = value for a mask of x's shape and a single value: a `where`, so that it stays lazy.
bool assign_masked(const Array& a, PyObject* key, const Argument& value) {
  if (!is_array(key) && !is_plain_ndarray(key)) return false;
  Argument mask;
  if (const Array* v = std::get_if<Array>(&value); v && v->ndim() != 0) return false;
  if (is_array(key) && (value_of(key).dtype() != DType::bool_ || value_of(key).shape() != a.shape())) return false;
  if (to_argument(key, mask) == Conversion::foreign) return false;
  const Array& m = std::get<Array>(mask);
  if (m.dtype() != DType::bool_ || m.shape() != a.shape() || a.ndim() == 0) return false;
  Array cast = make_empty(a.dtype(), {});
  assign(cast, value);
  const Argument args[] = {m, cast, a};
  assign(a, apply(Op::where, args, 3));
  return true;
}

int assign_subscript(PyObject* o, PyObject* key, PyObject* value) {
  return guarded(
      [&] {
        const Array& a = value_of(o);
        const std::string type = a.is_scalar() ? "numpy." + std::string(name(a.dtype())) : "lazulite.Array";
        if (!value)
          raise(
              a.is_scalar() ? PyExc_TypeError : PyExc_ValueError,
              a.is_scalar() ? "'" + type + "' object does not support item deletion" : "cannot delete array elements");
        if (a.is_scalar()) raise(PyExc_TypeError, "'" + type + "' object does not support item assignment");
        Selection s = select(a, key);
        if (!a.is_writeable()) raise(PyExc_ValueError, "assignment destination is read-only");
        Argument v;
        const bool ours = to_argument(value, v) == Conversion::done;
        if (ours && s.advanced && assign_masked(a, key, v)) return 0;
        const Array* array = std::get_if<Array>(&v);
        const bool sequence_to_element = ours && s.element && array && array->ndim() > 0;
        if (!ours || s.advanced || sequence_to_element) {
          const py::handle set(set_with_numpy);
          set(py::handle(o), py::handle(key), py::handle(value));
          return 0;
        }
        assign(make_view(a, std::move(s.view)), v);
        return 0;
      },
      -1);
}

Py_ssize_t length(PyObject* o) {
  const Array& a = value_of(o);
  if (a.ndim() > 0) return a.shape()[0];
  if (a.is_scalar())
    PyErr_Format(PyExc_TypeError, "object of type 'numpy.%s' has no len()", name(a.dtype()).data());
  else
    PyErr_SetString(PyExc_TypeError, "len() of unsized object");
  return -1;
}

PyObject* sequence_item(PyObject* o, Py_ssize_t i) {
  PyObject* key = PyLong_FromSsize_t(i);
  if (!key) return nullptr;
  PyObject* item = subscript(o, key);
  Py_DECREF(key);
  return item;
}

int contains(PyObject* o, PyObject* value) {
  PyObject* equal = PyObject_RichCompare(o, value, Py_EQ);
  if (!equal) return -1;
  PyObject* any = PyObject_CallMethod(equal, "any", nullptr);
  Py_DECREF(equal);
  if (!any) return -1;
  const int result = PyObject_IsTrue(any);
  Py_DECREF(any);
  return result;
}

template <class F>
void* slot(F* f) {
  return reinterpret_cast<void*>(f);
}

}  // namespace

void Slots::indexing(std::vector<PyType_Slot>& slots) {
  slots.insert(slots.end(), {
                                {Py_mp_length, slot(length)},
                                {Py_mp_subscript, slot(subscript)},
                                {Py_mp_ass_subscript, slot(assign_subscript)},
                                {Py_sq_length, slot(length)},
                                {Py_sq_item, slot(sequence_item)},
                                {Py_sq_contains, slot(contains)},
                            });
}

void add_indexing(py::module_& m) {
  m.def(
      "set_indexing_fallback",
      [](const py::object& get, const py::object& set) {
        get_with_numpy = py::object(get).release().ptr();
        set_with_numpy = py::object(set).release().ptr();
      },
      "Sets the functions that index with arrays and masks.");
}

}  // namespace lazulite::python
