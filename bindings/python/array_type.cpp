// The type object of `lazulite.Array`: allocation with a free list, attributes, conversions to Python numbers.
#include "bindings/python/array_type.h"

#include <structmember.h>

#include <new>

#include "bindings/python/buffer.h"
#include "bindings/python/convert.h"
#include "bindings/python/errors.h"
#include "bindings/python/numpy.h"

namespace lazulite::python {

PyTypeObject* array_type = nullptr;

namespace {

/// Python objects that died and are waiting to be used again: an expression makes and drops one per op.
struct FreeList {
  static constexpr int kMost = 64;
  PyObject* object[kMost];
  int count = 0;
} free_list;

PyObject* wrap_as(PyTypeObject* type, Array value) {
  PyObject* o;
  if (type == array_type && free_list.count > 0) {
    o = PyObject_Init(free_list.object[--free_list.count], type);
  } else {
    o = type->tp_alloc(type, 0);
    if (!o) throw py::error_already_set();
  }
  auto* a = reinterpret_cast<PyArray*>(o);
  new (&a->value) Array(std::move(value));
  new (&a->masked) std::shared_ptr<const Masked>();
  a->weakrefs = nullptr;
  return o;
}

void dealloc(PyObject* o) {
  PyTypeObject* type = Py_TYPE(o);
  auto* a = reinterpret_cast<PyArray*>(o);
  if (a->weakrefs) PyObject_ClearWeakRefs(o);
  a->value.~Array();
  a->masked.~shared_ptr();
  if (type == array_type && free_list.count < FreeList::kMost)
    free_list.object[free_list.count++] = o;
  else
    type->tp_free(o);
  Py_DECREF(type);
}

/// Array(object): a copy, as numpy.array makes one. Subclasses come here too.
PyObject* make(PyTypeObject* type, PyObject* args, PyObject* kwargs) {
  return guarded([&]() -> PyObject* {
    PyObject *object, *dtype = Py_None;
    static const char* names[] = {"object", "dtype", nullptr};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|O:Array", const_cast<char**>(names), &object, &dtype))
      return nullptr;
    Array a = is_array(object) ? copy(value_of(object)) : array_from(object, dtype_argument(dtype));
    if (auto t = dtype_argument(dtype); t && *t != a.dtype()) a = astype(a, *t);
    return wrap_as(type, std::move(a));
  });
}

// --- Attributes --------------------------------------------------------------------------------------------------

PyObject* dims_tuple(const Dims& d, int64_t unit = 1) {
  PyObject* t = PyTuple_New(d.size());
  if (!t) throw py::error_already_set();
  for (int i = 0; i < d.size(); ++i) PyTuple_SET_ITEM(t, i, PyLong_FromLongLong(d[i] * unit));
  return t;
}

PyObject* get_shape(PyObject* o, void*) {
  return guarded([&] { return dims_tuple(value_of(o).shape()); });
}
PyObject* get_strides(PyObject* o, void*) {
  return guarded([&] { return dims_tuple(value_of(o).strides(), item_size(value_of(o).dtype())); });
}
PyObject* get_ndim(PyObject* o, void*) {
  return guarded([&] { return PyLong_FromLong(value_of(o).ndim()); });
}
PyObject* get_size(PyObject* o, void*) {
  return guarded([&] { return PyLong_FromLongLong(value_of(o).size()); });
}
DType dtype_of(PyObject* o) { return masked_of(o) ? masked_of(o)->values.dtype() : value_of(o).dtype(); }
PyObject* get_itemsize(PyObject* o, void*) { return PyLong_FromLongLong(item_size(dtype_of(o))); }
PyObject* get_nbytes(PyObject* o, void*) {
  return guarded([&] { return PyLong_FromLongLong(value_of(o).size() * item_size(dtype_of(o))); });
}
PyObject* get_dtype(PyObject* o, void*) {
  return guarded([&] { return numpy_dtype(dtype_of(o)).inc_ref().ptr(); });
}
PyObject* get_transposed(PyObject* o, void*) {
  return guarded([&] {
    const Array& a = value_of(o);
    Dims axes(a.ndim());
    for (int i = 0; i < a.ndim(); ++i) axes[i] = a.ndim() - 1 - i;
    View v = view_of(a);
    v.permute(axes);
    return wrap(make_view(a, std::move(v)));
  });
}
// A masked array is pending, an array of its own, and no scalar.
PyObject* get_computed(PyObject* o, void*) { return PyBool_FromLong(!masked_of(o) && value_of(o).is_computed()); }
PyObject* get_scalar(PyObject* o, void*) { return PyBool_FromLong(is_scalar(o)); }
PyObject* get_is_view(PyObject* o, void*) { return PyBool_FromLong(!masked_of(o) && value_of(o).is_view()); }
PyObject* get_writeable(PyObject* o, void*) { return PyBool_FromLong(masked_of(o) || value_of(o).is_writeable()); }

PyGetSetDef attributes[] = {
    {"shape", get_shape, nullptr, "Extent of every axis.", nullptr},
    {"strides", get_strides, nullptr, "Bytes from one element to the next along every axis.", nullptr},
    {"ndim", get_ndim, nullptr, "Number of axes.", nullptr},
    {"size", get_size, nullptr, "Number of elements.", nullptr},
    {"itemsize", get_itemsize, nullptr, "Bytes of one element.", nullptr},
    {"nbytes", get_nbytes, nullptr, "Bytes of all elements.", nullptr},
    {"dtype", get_dtype, nullptr, "The elements' numpy.dtype.", nullptr},
    {"T", get_transposed, nullptr, "View with the axes reversed.", nullptr},
    {"is_computed", get_computed, nullptr, "Whether reading a value costs no pass.", nullptr},
    {"is_scalar", get_scalar, nullptr, "Whether this stands for NumPy's scalar rather than a 0-d array.", nullptr},
    {"is_view", get_is_view, nullptr, "Whether this is a window onto another array's elements.", nullptr},
    {"is_writeable", get_writeable, nullptr, "Whether elements can be assigned.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

// --- Methods -----------------------------------------------------------------------------------------------------

PyObject* compute_method(PyObject* o, PyObject*) {
  return guarded([&]() -> PyObject* {
    compute(value_of(o));
    Py_INCREF(o);
    return o;
  });
}

PyObject* array_method(PyObject* o, PyObject* args, PyObject* kwargs) {
  return guarded([&]() -> PyObject* {
    raise_interrupt(o);
    PyObject *dtype = Py_None, *copy_arg = Py_None;
    static const char* names[] = {"dtype", "copy", nullptr};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|OO:__array__", const_cast<char**>(names), &dtype, &copy_arg))
      return nullptr;
    py::object exported = export_array(value_of(o), copy_arg == Py_True);
    if (dtype == Py_None) return exported.release().ptr();
    py::object wanted = py::module_::import("numpy").attr("dtype")(py::handle(dtype));
    if (py::object(exported.attr("dtype")).equal(wanted)) return exported.release().ptr();
    if (copy_arg == Py_False) raise(PyExc_ValueError, "Unable to avoid copy while creating an array as requested.");
    return exported.attr("astype")(wanted).release().ptr();
  });
}

PyMethodDef methods[] = {{"compute", compute_method, METH_NOARGS, "Compute the array now and return it."},
                         {"__array__", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(array_method)),
                          METH_VARARGS | METH_KEYWORDS, "The array's own memory as a numpy.ndarray."},
                         {nullptr, nullptr, 0, nullptr}};

PyMemberDef members[] = {{"__weaklistoffset__", T_PYSSIZET, offsetof(PyArray, weakrefs), READONLY, nullptr},
                         {nullptr, 0, 0, 0, nullptr}};

// --- Conversions -------------------------------------------------------------------------------------------------

/// Python hashes of NumPy's scalars are those of the Python numbers.
Py_hash_t hash(PyObject* o) {
  return guarded(
      [&]() -> Py_hash_t {
        if (!value_of(o).is_scalar()) raise(PyExc_TypeError, "unhashable type: 'lazulite.Array'");
        return PyObject_Hash(item_object(value_of(o)).ptr());
      },
      Py_hash_t{-1});
}

PyObject* iterate(PyObject* o) {
  return guarded([&]() -> PyObject* {
    const Array& a = value_of(o);
    if (a.is_scalar()) raise(PyExc_TypeError, "'numpy." + std::string(name(a.dtype())) + "' object is not iterable");
    if (a.ndim() == 0) raise(PyExc_TypeError, "iteration over a 0-d array");
    compute(a);  // one pass, rather than one for every element
    return PySeqIter_New(o);
  });
}

}  // namespace

PyObject* wrap(Array value) {
  drain_releases();
  return wrap_as(array_type, std::move(value));
}

PyObject* wrap(Masked value) {
  PyObject* o = wrap(Array());
  set_masked(o, std::move(value));
  return o;
}

void set_masked(PyObject* o, Masked value) {
  reinterpret_cast<PyArray*>(o)->masked = std::make_shared<const Masked>(std::move(value));
}

void settle_masked(PyObject* o) {
  auto* a = reinterpret_cast<PyArray*>(o);
  const std::shared_ptr<const Masked> masked = a->masked;
  Array value = take(*masked);  // other threads may run meanwhile, and settle it first
  if (a->masked != masked) return;
  a->value = std::move(value);
  a->masked.reset();
}

void add_array_type(py::module_& m) {
  std::vector<PyType_Slot> slots = {
      {Py_tp_new, reinterpret_cast<void*>(make)},
      {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
      {Py_tp_getset, attributes},
      {Py_tp_methods, methods},
      {Py_tp_members, members},
      {Py_tp_hash, reinterpret_cast<void*>(hash)},
      {Py_tp_iter, reinterpret_cast<void*>(iterate)},
      {Py_tp_doc, const_cast<char*>("An array whose value is computed when it is needed; otherwise NumPy's ndarray.")},
  };
  Slots::numbers(slots);
  Slots::indexing(slots);
  Slots::buffer(slots);
  slots.push_back({0, nullptr});
  static PyType_Spec spec = {"lazulite.Array", sizeof(PyArray), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, nullptr};
  spec.slots = slots.data();
  array_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
  if (!array_type) throw py::error_already_set();
  m.def("raise_interrupt", [](py::handle o) { raise_interrupt(o.ptr()); });
  m.add_object("Array", py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(array_type)));
}

}  // namespace lazulite::python
