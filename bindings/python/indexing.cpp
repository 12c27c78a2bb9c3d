// Indexing of `lazulite.Array`: basic keys become views, index arrays and masks gathered reads and scattered writes.
#include "bindings/python/indexing.h"

#include <pybind11/stl.h>

#include <string>
#include <vector>

#include "bindings/python/array_type.h"
#include "bindings/python/convert.h"
#include "bindings/python/errors.h"
#include "bindings/python/index_key.h"
#include "bindings/python/numpy.h"

namespace lazulite::python {

namespace {

PyObject* set_with_numpy = nullptr;  // (array, key, value)

bool is_empty_tuple(PyObject* key) { return PyTuple_Check(key) && PyTuple_GET_SIZE(key) == 0; }

PyObject* select(const Array& a, PyObject* key_object) {
  Key key = parse_key(a, key_object);
  if (key.lone_mask) {
    check_masks(key.selector);
    Masked m{Array(a.read()), Array(key.selector.indices[0].values.read())};
    return is_small(m) ? wrap(take(m)) : wrap(std::move(m));
  }
  if (key.advanced()) return wrap(take(a, find_places(key.selector)));
  if (key.element) return wrap(take_scalar(a, std::move(key.selector.view)));
  const Array view = make_view(a, std::move(key.selector.view));
  return wrap(key.copies ? copy(view) : view);
}

/// NumPy's scalars know only keys that select everything or nothing: (), ..., None and truth values.
PyObject* index_scalar(PyObject* o, PyObject* key) {
  if (is_empty_tuple(key)) return Py_NewRef(o);
  try {
    return select(Array(value_of(o).read(), false), key);
  } catch (py::error_already_set& e) {
    if (!e.matches(PyExc_IndexError)) throw;
  }
  raise(PyExc_IndexError, "invalid index to scalar variable.");
}

PyObject* subscript(PyObject* o, PyObject* key) {
  return guarded([&]() -> PyObject* {
    const Array& a = value_of(o);
    return a.is_scalar() ? index_scalar(o, key) : select(a, key);
  });
}

/// x[mask] = value for a single value, or x[mask] = y[mask]: without a look at the mask's values.
bool assign_masked(const Array& a, const Array& mask, PyObject* value) {
  if (const auto masked = is_array(value) ? masked_of(value) : nullptr) {
    if (masked->values.shape() != a.shape() || masked->mask.cell()->node.get() != mask.read().get()) return false;
    put_where(a, mask, masked->values);
    return true;
  }
  Argument v;
  if (to_argument(value, v) == Conversion::foreign) return false;
  if (const Array* array = std::get_if<Array>(&v); array && array->ndim() != 0) return false;
  put_where(a, mask, v);
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
        Key k = parse_key(a, key);
        if (!a.is_writeable()) raise(PyExc_ValueError, "assignment destination is read-only");
        if (k.full_mask) {
          check_masks(k.selector);
          if (assign_masked(a, k.selector.indices[0].values, value)) return 0;
        }
        Argument v;
        const bool ours = to_argument(value, v) == Conversion::done;
        const Array* array = std::get_if<Array>(&v);
        const bool sequence_to_element = ours && k.element && array && array->ndim() > 0;
        if (!ours || sequence_to_element) {
          const py::handle set(set_with_numpy);
          set(py::handle(o), py::handle(key), py::handle(value));
        } else if (!k.advanced()) {
          assign(make_view(a, std::move(k.selector.view)), v);
        } else {
          put(a, k.selector, v, k.full_mask);
        }
        return 0;
      },
      -1);
}

Py_ssize_t length(PyObject* o) {
  return guarded(
      [&]() -> Py_ssize_t {
        const Array& a = value_of(o);
        if (a.ndim() > 0) return a.shape()[0];
        raise(PyExc_TypeError, a.is_scalar()
                                   ? "object of type 'numpy." + std::string(name(a.dtype())) + "' has no len()"
                                   : "len() of unsized object");
      },
      Py_ssize_t{-1});
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

// --- Functions ---------------------------------------------------------------------------------------------------

OutOfRange mode_argument(const std::string& mode) {
  if (mode == "wrap") return OutOfRange::wrap;
  return mode == "clip" ? OutOfRange::clip : OutOfRange::raise;
}

/// numpy.take along an axis; `indices` has at least one axis.
Array take_along(const Array& a, const Array& indices, int axis, const std::string& mode) {
  Places p = find_places({view_of(a), {{indices, axis, axis}}, axis, mode_argument(mode)});
  p.order = 0;
  return take(a, p);
}

/// numpy.put to a 1-d array, of as many values as indices or of one.
void put_along(const Array& a, const Array& indices, py::handle value, const std::string& mode) {
  Argument v;
  if (to_argument(value.ptr(), v) == Conversion::foreign) raise(PyExc_TypeError, "put: values that lazulite has not");
  put(a, {view_of(a), {{indices, 0, 0}}, 0, mode_argument(mode)}, v);
}

}  // namespace

py::tuple nonzero_tuple(const Array& a) {
  if (a.ndim() == 0)
    raise(PyExc_ValueError,
          "Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() instead. If the context of "
          "this error is of the form `arr[nonzero(cond)]`, just use `arr[cond]`.");
  return py::cast(nonzero(a));
}

namespace {

/// ufunc.at: a[key] = op(a[key], value), one after the other. False where that is NumPy's.
bool accumulate_at(const std::string& ufunc, const Array& a, py::handle key, py::handle value) {
  Op op = Op::leaf;
  for (int i = 0; i < kOps; ++i)
    if (info(static_cast<Op>(i)).kind == OpKind::binary && info(static_cast<Op>(i)).name == ufunc)
      op = static_cast<Op>(i);
  Argument v;
  if (op == Op::leaf || a.is_scalar() || to_argument(value.ptr(), v) == Conversion::foreign) return false;
  if (op == Op::power && is_integer(a.dtype())) return false;  // it looks at exponents one by one, as it writes
  if (const Weak* w = std::get_if<Weak>(&v)) v = strong(*w);   // as NumPy takes it here
  const Key k = parse_key(a, key.ptr());
  const Array view = make_view(a, k.selector.view);
  try {
    if (k.advanced()) {
      accumulate(op, a, find_places(k.selector), v);
    } else {
      const Argument args[] = {view, v};
      const Array r = apply(op, args, 2);
      if (r.ndim() > view.ndim()) raise(PyExc_ValueError, "array is not broadcastable to correct shape");
      assign(view, r);
    }
  } catch (const Error& e) {
    if (e.kind() == ErrorKind::type) return false;
    throw;
  }
  return true;
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
      "set_indexing_fallback", [](const py::object& set) { set_with_numpy = py::object(set).release().ptr(); },
      "Sets the function that writes values that the core has not.");
  m.def("take", take_along);
  m.def("put", put_along);
  m.def("accumulate_at", accumulate_at);
  m.def("nonzero", nonzero_tuple);
}

}  // namespace lazulite::python
