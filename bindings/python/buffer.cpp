// The buffer protocol (PEP 3118) of `lazulite.Array`: memoryview(x), struct, hashlib, numpy.frombuffer, file.write.
#include "bindings/python/buffer.h"

#include <memory>
#include <vector>

#include "bindings/python/array_type.h"
#include "bindings/python/errors.h"
#include "bindings/python/lease.h"

namespace lazulite::python {

namespace {

/// What a Py_buffer points into: the lease, and the extents and strides in Python's type.
struct Export {
  explicit Export(const Array& a)
      : lease(a),
        shape(lease.shape().begin(), lease.shape().end()),
        strides(lease.byte_strides().begin(), lease.byte_strides().end()) {}
  Lease lease;
  std::vector<Py_ssize_t> shape, strides;
};

/// NumPy's format codes: those of `struct`, in native sizes and alignment.
const char* format_of(DType t) {
  static constexpr const char* kFormats[] = {"?", "b", "B", "h", "H", "i", "I", "l", "L", "f", "d"};
  static_assert(sizeof(long) == 8, "int64 is 'l' where NumPy's is");
  static_assert(std::size(kFormats) == static_cast<size_t>(kDTypes), "a format for every dtype");
  return kFormats[static_cast<int>(t)];
}

bool asks(int flags, int what) { return (flags & what) == what; }

/// The strides of elements without gaps, in C order or in Fortran's.
std::vector<Py_ssize_t> dense_strides(const std::vector<Py_ssize_t>& shape, int64_t item, bool fortran) {
  std::vector<Py_ssize_t> strides(shape.size());
  for (size_t k = 0; k < shape.size(); ++k) {
    const size_t axis = fortran ? k : shape.size() - 1 - k;
    strides[axis] = item;
    item *= shape[axis];
  }
  return strides;
}

bool is_dense(const Export& e, const std::vector<Py_ssize_t>& dense) {
  bool same = true;
  for (size_t k = 0; k < dense.size(); ++k) {
    if (e.shape[k] == 0) return true;
    same &= e.shape[k] == 1 || e.strides[k] == dense[k];
  }
  return same;
}

/// Raises where a reader asks for a layout that this is not. Axes of extent 1 get the strides of the layout, as
/// NumPy's.
void settle_layout(Export& e, int64_t item, int flags) {
  const std::vector<Py_ssize_t> c_strides = dense_strides(e.shape, item, false);
  const std::vector<Py_ssize_t> fortran_strides = dense_strides(e.shape, item, true);
  const bool c = is_dense(e, c_strides), fortran = is_dense(e, fortran_strides);
  if (!c && (asks(flags, PyBUF_C_CONTIGUOUS) || !asks(flags, PyBUF_STRIDES)))
    raise(PyExc_ValueError, "ndarray is not C-contiguous");
  if (!fortran && asks(flags, PyBUF_F_CONTIGUOUS)) raise(PyExc_ValueError, "ndarray is not Fortran contiguous");
  if (!c && !fortran && asks(flags, PyBUF_ANY_CONTIGUOUS)) raise(PyExc_ValueError, "ndarray is not contiguous");
  if (c || fortran) e.strides = c && !asks(flags, PyBUF_F_CONTIGUOUS) ? c_strides : fortran_strides;
}

/// numpy.asarray asks for the buffer first, drops whatever exception that raises, and goes on to the array interface:
/// an interrupt (Ctrl-C) would be lost and the computation started again. The interrupt of the last request waits here
/// for the next question to the same array.
struct Interrupt {
  const void* array = nullptr;  // compared, never followed
  py::object error;
};
Interrupt& last_interrupt() {
  static auto* i = new Interrupt;
  return *i;
}

void keep_interrupt(PyObject* o) {
  if (!PyErr_Occurred() || !PyErr_ExceptionMatches(PyExc_KeyboardInterrupt)) return;
  PyObject *type, *value, *trace;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_NormalizeException(&type, &value, &trace);
  last_interrupt().array = o;
  last_interrupt().error = py::reinterpret_borrow<py::object>(value);
  PyErr_Restore(type, value, trace);
}

int get_buffer(PyObject* o, Py_buffer* view, int flags) {
  view->obj = nullptr;
  drop_interrupt();
  const int failed = guarded(
      [&] {
        const Array& a = value_of(o);
        // A scalar's buffer is a copy of its own. NumPy's is read-only; but numpy.asarray(scalar) comes here too, and
        // is writable there.
        if (asks(flags, PyBUF_WRITABLE) && a.is_scalar()) raise(PyExc_BufferError, "scalar buffer is readonly");
        if (asks(flags, PyBUF_WRITABLE) && !a.is_writeable())
          raise(PyExc_ValueError, "buffer source array is read-only");
        auto e = std::make_unique<Export>(a);
        const int64_t item = item_size(a.dtype());
        if (asks(flags, PyBUF_WRITABLE) && e->lease.read_only())
          raise(PyExc_ValueError, "buffer source array is read-only");
        settle_layout(*e, item, flags);
        view->buf = e->lease.data();
        view->len = a.size() * item;
        view->itemsize = item;
        view->readonly = e->lease.read_only();
        view->ndim = static_cast<int>(e->shape.size());
        view->format = asks(flags, PyBUF_FORMAT) ? const_cast<char*>(format_of(a.dtype())) : nullptr;
        view->shape = asks(flags, PyBUF_ND) ? e->shape.data() : nullptr;
        view->strides = asks(flags, PyBUF_STRIDES) ? e->strides.data() : nullptr;
        view->suboffsets = nullptr;
        view->internal = e.release();
        Py_INCREF(o);
        view->obj = o;
        return 0;
      },
      -1);
  if (failed) keep_interrupt(o);
  return failed;
}

void release_buffer(PyObject*, Py_buffer* view) {
  delete static_cast<Export*>(view->internal);
  view->internal = nullptr;
}

}  // namespace

void raise_interrupt(PyObject* o) {
  Interrupt& i = last_interrupt();
  if (i.array != o) return;
  const py::object error = std::move(i.error);
  i.array = nullptr;
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(error.ptr())), error.ptr());
  throw py::error_already_set();
}

void drop_interrupt() {
  Interrupt& i = last_interrupt();
  if (!i.array) return;
  i.array = nullptr;
  i.error = py::object();
}

void Slots::buffer(std::vector<PyType_Slot>& slots) {
  slots.push_back({Py_bf_getbuffer, reinterpret_cast<void*>(get_buffer)});
  slots.push_back({Py_bf_releasebuffer, reinterpret_cast<void*>(release_buffer)});
}

}  // namespace lazulite::python
