// Memory shared with NumPy: dtypes, arrays in (copied or borrowed), arrays out (handed over without a copy).
#pragma once

#include <pybind11/numpy.h>

#include <optional>

#include "core/dispatch/array.h"

namespace lazulite::python {

namespace py = pybind11;

/// NumPy's descriptor of a dtype; a borrowed reference that lives as long as the process.
py::handle numpy_dtype(DType t);
/// The dtype that a descriptor stands for; nothing where Lazulite has none (complex, object, another byte order, ...).
std::optional<DType> dtype_of_descriptor(py::handle descriptor);

/// Exactly numpy.ndarray (a subclass may redefine what its operators mean), or a memory map.
bool is_plain_ndarray(PyObject* o);
/// A NumPy scalar (numpy.generic).
bool is_numpy_scalar(PyObject* o);

/// The values of an ndarray: read in place from memory that nobody in this process can write, copied from any other.
/// Nothing where its dtype is none of ours.
std::optional<Array> import_array(py::handle ndarray);
/// A copy, whatever the memory.
std::optional<Array> import_copy(py::handle ndarray);
/// The ndarray's memory, used in place. `lent`: it goes back when `settle_borrowed` has run (the end of lz.fuse).
std::optional<Array> borrow_array(py::handle ndarray, bool lent);

/// The array's own memory (or a copy of it). While the ndarray lives the memory counts as writable by others.
py::object export_array(const Array& a, bool copied = false);

/// A storage that keeps `owner` alive; where its memory is, `borrow` says.
Ref<Storage> held_by(py::handle owner);

/// Python objects whose memory the core has let go of. The core may do so on any thread and under its locks, where no
/// reference count may be touched: they wait here until a thread that holds the GIL comes by.
void drain_releases();

}  // namespace lazulite::python
