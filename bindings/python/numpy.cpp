// Memory shared with NumPy: dtypes, arrays in (copied or borrowed), arrays out (handed over without a copy).
#include "bindings/python/numpy.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "bindings/python/convert.h"
#include "bindings/python/errors.h"
#include "bindings/python/lease.h"

namespace lazulite::python {

// --- Dtypes ------------------------------------------------------------------------------------------------------

py::handle numpy_dtype(DType t) {
  static PyObject* const* descriptors = [] {
    static PyObject* d[kDTypes];
    for (int i = 0; i < kDTypes; ++i) d[i] = py::dtype(std::string(name(static_cast<DType>(i)))).release().ptr();
    return d;
  }();
  return descriptors[static_cast<int>(t)];
}

std::optional<DType> dtype_of_descriptor(py::handle descriptor) {
  for (int i = 0; i < kDTypes; ++i)
    if (numpy_dtype(static_cast<DType>(i)).ptr() == descriptor.ptr()) return static_cast<DType>(i);
  // Another object for the same type: numpy.longlong, or a native '='-spelt copy.
  const auto d = py::reinterpret_borrow<py::dtype>(descriptor);
  const char order = d.byteorder();
  if (order != '=' && order != '|') return std::nullopt;
  switch (d.kind()) {
    case 'b':
    case 'i':
    case 'u':
    case 'f':
      for (int i = 0; i < kDTypes; ++i) {
        const auto ours = py::reinterpret_borrow<py::dtype>(numpy_dtype(static_cast<DType>(i)));
        if (ours.kind() == d.kind() && ours.itemsize() == d.itemsize()) return static_cast<DType>(i);
      }
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

bool is_plain_ndarray(PyObject* o) {
  static PyTypeObject* ndarray = py::detail::npy_api::get().PyArray_Type_;
  if (Py_TYPE(o) == ndarray) return true;
  if (!PyType_IsSubtype(Py_TYPE(o), ndarray)) return false;
  static PyObject* memmap = py::object(py::module_::import("numpy").attr("memmap")).release().ptr();
  return reinterpret_cast<PyObject*>(Py_TYPE(o)) == memmap;
}

bool is_numpy_scalar(PyObject* o) {
  static auto* generic =
      reinterpret_cast<PyTypeObject*>(py::object(py::module_::import("numpy").attr("generic")).release().ptr());
  return PyType_IsSubtype(Py_TYPE(o), generic);
}

// --- Arrays in ---------------------------------------------------------------------------------------------------

namespace {

/// Objects to release, the latest first. Without a lock: a fork would have to take it.
struct Released {
  PyObject* object;
  Released* next;
};
std::atomic<Released*> released{nullptr};

void release_later(Storage* s) {
  auto* r = new Released{static_cast<PyObject*>(s->owner), released.load(std::memory_order_relaxed)};
  while (!released.compare_exchange_weak(r->next, r, std::memory_order_release, std::memory_order_relaxed)) {
  }
  delete s;
}

/// An ndarray's memory as the core describes it.
struct Foreign {
  DType dtype;
  Dims shape, byte_strides;
  const std::byte* first;
};

bool is_aligned(const py::array& a, DType t) {
  const auto size = static_cast<uintptr_t>(item_size(t));
  if (reinterpret_cast<uintptr_t>(a.data()) % size != 0) return false;
  for (py::ssize_t k = 0; k < a.ndim(); ++k)
    if (a.strides(k) % item_size(t) != 0) return false;
  return true;
}

Dims dims_of(const py::ssize_t* values, py::ssize_t n) {
  Dims d(static_cast<int>(n));
  for (int i = 0; i < d.size(); ++i) d[i] = values[i];
  return d;
}

Foreign describe(const py::array& a, DType t) {
  return {t, dims_of(a.shape(), a.ndim()), dims_of(a.strides(), a.ndim()), static_cast<const std::byte*>(a.data())};
}

/// Whether nobody in this process can write the memory: the chain of bases ends in an object that exports it read-only
/// for good. `flags.writeable` alone does not say so: a read-only view may look at writable memory.
bool is_read_only_memory(py::handle ndarray) {
  auto o = py::reinterpret_borrow<py::object>(ndarray);
  for (;;) {
    if (!py::isinstance<py::array>(o)) break;
    const auto a = py::reinterpret_borrow<py::array>(o);
    if (a.writeable()) return false;
    py::object base = a.base() ? py::object(a.base()) : py::object(py::none());
    if (base.is_none()) return false;  // it owns its memory: setflags(write=True) makes it writable
    o = base;
  }
  if (PyMemoryView_Check(o.ptr())) {
    PyObject* exporter = PyMemoryView_GET_BUFFER(o.ptr())->obj;
    if (!exporter) return false;
    o = py::reinterpret_borrow<py::object>(exporter);
  }
  if (PyBytes_Check(o.ptr())) return true;
  static PyObject* mmap = py::object(py::module_::import("mmap").attr("mmap")).release().ptr();
  if (!PyObject_IsInstance(o.ptr(), mmap)) return false;
  Py_buffer buffer;
  if (PyObject_GetBuffer(o.ptr(), &buffer, PyBUF_SIMPLE) != 0) {
    PyErr_Clear();
    return false;
  }
  const bool read_only = buffer.readonly;
  PyBuffer_Release(&buffer);
  return read_only;
}

std::optional<DType> dtype_of_array(py::handle ndarray) {
  return dtype_of_descriptor(py::reinterpret_borrow<py::array>(ndarray).dtype());
}

/// The same values where every element is aligned.
py::array aligned(py::handle ndarray, DType t) {
  auto a = py::reinterpret_borrow<py::array>(ndarray);
  if (is_aligned(a, t)) return a;
  return py::array(a.attr("copy")());
}

}  // namespace

void drain_releases() {
  if (!released.load(std::memory_order_relaxed)) return;
  Released* r = released.exchange(nullptr, std::memory_order_acquire);
  // The dying objects may run Python code; an exception on its way out of here stays as it is.
  PyObject *type, *value, *trace;
  PyErr_Fetch(&type, &value, &trace);
  while (r) {
    Released* next = r->next;
    Py_DECREF(r->object);
    delete r;
    r = next;
  }
  PyErr_Restore(type, value, trace);
}

Ref<Storage> held_by(py::handle owner) {
  auto* s = new Storage;
  s->release = release_later;
  s->owner = owner.ptr();
  Py_INCREF(owner.ptr());
  return Ref<Storage>::adopt(s);
}

std::optional<Array> import_copy(py::handle ndarray) {
  const auto t = dtype_of_array(ndarray);
  if (!t) {
    const py::object dtype = ndarray.attr("dtype");
    if (dtype.attr("isnative").cast<bool>()) return std::nullopt;
    const py::object native = ndarray.attr("astype")(dtype.attr("newbyteorder")("="));
    return dtype_of_array(native) ? import_copy(native) : std::nullopt;
  }
  const py::array a = aligned(ndarray, *t);
  const Foreign f = describe(a, *t);
  return make_copy(f.dtype, f.shape, f.first, f.byte_strides);
}

std::optional<Array> import_array(py::handle ndarray) {
  constexpr py::ssize_t kWorthBorrowing = 4096;  // elements: below, finding out costs more than the copy
  const auto a = py::reinterpret_borrow<py::array>(ndarray);
  if (a.size() >= kWorthBorrowing && !a.writeable() && is_read_only_memory(ndarray))
    return borrow_array(ndarray, false);
  return import_copy(ndarray);
}

std::optional<Array> borrow_array(py::handle ndarray, bool lent) {
  const auto t = dtype_of_array(ndarray);
  if (!t) return std::nullopt;
  const auto a = py::reinterpret_borrow<py::array>(ndarray);
  if (!is_aligned(a, *t)) return lent ? std::nullopt : import_copy(ndarray);
  const Foreign f = describe(a, *t);
  Ref<Storage> s = held_by(a);
  s->borrowed = lent;
  return borrow(f.dtype, f.shape, std::move(s), f.first, f.byte_strides, a.writeable());
}

// --- Arrays out --------------------------------------------------------------------------------------------------

py::object export_array(const Array& a, bool copied) {
  const auto dtype = py::reinterpret_borrow<py::dtype>(numpy_dtype(a.dtype()));
  if (a.is_scalar()) {
    const Scalar value = item(a);
    return py::array(dtype, std::vector<py::ssize_t>{}, value.bytes);
  }
  auto lease = std::make_unique<Lease>(a);
  const std::vector<py::ssize_t> extents(lease->shape().begin(), lease->shape().end());
  const std::vector<py::ssize_t> strides(lease->byte_strides().begin(), lease->byte_strides().end());
  // Without a base pybind11 copies; numpy orders the copy.
  if (copied) return py::array(dtype, extents, strides, lease->data()).attr("copy")("K");
  const bool read_only = lease->read_only();
  const std::byte* data = lease->data();
  const py::capsule holder(lease.get(), [](void* p) { delete static_cast<Lease*>(p); });
  (void)lease.release();
  py::array out(dtype, extents, strides, data, holder);
  if (read_only) out.attr("setflags")(false);
  return out;
}

}  // namespace lazulite::python
