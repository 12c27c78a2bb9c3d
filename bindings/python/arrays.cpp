// Functions of arrays that need no fast path: making them, reshaping, converting, computing several at once.
#include "bindings/python/arrays.h"

#include <pybind11/stl.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "bindings/python/array_type.h"
#include "bindings/python/convert.h"
#include "bindings/python/errors.h"
#include "bindings/python/numpy.h"
#include "core/dispatch/accumulate.h"
#include "core/dispatch/select.h"

namespace lazulite::python {

namespace {

Dims shape_argument(py::handle o) {
  Dims d = dims_argument(o);
  for (int64_t n : d)
    if (n < 0) raise(PyExc_ValueError, "negative dimensions are not allowed");
  return d;
}

DType required_dtype(py::handle o) {
  const auto t = dtype_argument(o);
  return t ? *t : DType::float64;
}

Array full(py::handle shape, py::handle value, py::handle dtype) {
  const DType t = required_dtype(dtype);
  const auto one = py::module_::import("numpy").attr("empty")(py::tuple(0), numpy_dtype(t));
  one[py::make_tuple()] = value;  // NumPy's conversion, and its complaints
  Scalar s;
  const auto a = py::array(one);
  std::memcpy(s.bytes, a.data(), static_cast<size_t>(item_size(t)));
  return make_full(t, shape_argument(shape), s);
}

Array transpose(const Array& a, py::handle axes) {
  const Dims given = dims_argument(axes);
  if (given.size() != a.ndim()) raise(PyExc_ValueError, "axes don't match array");
  Dims order(a.ndim());
  uint64_t seen = 0;
  for (int i = 0; i < given.size(); ++i) {
    const int axis = normalize_axis(given[i], a.ndim());
    if (seen & (uint64_t{1} << axis)) raise(PyExc_ValueError, "repeated axis in transpose");
    seen |= uint64_t{1} << axis;
    order[i] = axis;
  }
  View v = view_of(a);
  v.permute(order);
  return make_view(a, std::move(v));
}

Array squeeze(const Array& a, py::handle axis) {
  View v = view_of(a);
  const uint64_t axes = axes_argument(axis.ptr(), a.ndim());
  for (int k = a.ndim() - 1; k >= 0; --k) {
    if (!(axes & (uint64_t{1} << k))) continue;
    if (a.shape()[k] == 1)
      v.drop_axis(k);
    else if (!axis.is_none())
      raise(PyExc_ValueError, "cannot select an axis to squeeze out which has size not equal to one");
  }
  return make_view(a, std::move(v));
}

Array expand_dims(const Array& a, py::handle axis) {
  const Dims given = dims_argument(axis);
  const int ndim = a.ndim() + given.size();
  if (ndim > kMaxDims) raise(PyExc_ValueError, "maximum supported dimension for an ndarray is currently 64");
  uint64_t axes = 0;
  for (int64_t k : given) {
    const uint64_t one = uint64_t{1} << normalize_axis(k, ndim);
    if (axes & one) raise(PyExc_ValueError, "repeated axis");
    axes |= one;
  }
  View v = view_of(a);
  for (int k = 0; k < ndim; ++k)
    if (axes & (uint64_t{1} << k)) v.insert_axis(k);
  return make_view(a, std::move(v));
}

/// `ndarray`'s memory lies in that of `a`'s base: the same elements as a view of it. What NumPy's own view functions
/// (swapaxes, diagonal, ...) return keeps writing through.
py::object view_like(const Array& a, const py::array& ndarray) {
  const auto t = dtype_of_descriptor(ndarray.dtype());
  if (!t || *t != a.dtype() || a.is_scalar()) return py::none();
  const Memory m = expose(a);
  const auto* p = static_cast<const std::byte*>(ndarray.data());
  if (p < m.storage->data || p >= m.storage->data + m.storage->bytes) return py::none();
  View v = view_of(a);
  const int64_t item = item_size(*t);
  v.offset += (p - m.data) / item;
  v.shape = Dims(static_cast<int>(ndarray.ndim()));
  v.strides = Dims(static_cast<int>(ndarray.ndim()));
  for (int k = 0; k < v.shape.size(); ++k) {
    v.shape[k] = ndarray.shape(k);
    v.strides[k] = ndarray.strides(k) / item;
  }
  return py::cast(make_view(a, std::move(v)));
}

/// The row of the op table with NumPy's name for it.
Op op_named(const std::string& row) {
  for (int k = 0; k < kOps; ++k)
    if (info(static_cast<Op>(k)).name == row) return static_cast<Op>(k);
  raise(PyExc_ValueError, "no op " + row);
}

template <class T>
py::object or_none(std::optional<T> v) {
  return v ? py::cast(std::move(*v)) : py::object(py::none());
}

}  // namespace

void add_arrays(py::module_& m) {
  m.def("empty",
        [](py::handle shape, py::handle dtype) { return make_empty(required_dtype(dtype), shape_argument(shape)); });
  m.def(
      "empty_like",
      [](py::handle shape, py::handle dtype, const std::vector<Array>& models) {
        const Dims d = shape_argument(shape);
        for (const Array& a : models)
          if (a.ndim() != d.size()) raise(PyExc_ValueError, "empty_like: the arrays have another number of axes");
        return make_empty_like(required_dtype(dtype), d, models);
      },
      "Uninitialised elements in the memory order of the arrays.");
  m.def("full", full);
  m.def(
      "from_ndarray", [](const py::array& a) { return or_none(import_copy(a)); },
      "A copy of an ndarray's values, or None.");
  m.def(
      "read_ndarray", [](const py::array& a) { return or_none(import_array(a)); },
      "A copy, or the memory itself where nobody can write it; None for dtypes that lazulite has not.");
  m.def("borrow_ndarray", [](const py::array& a, bool lent) { return or_none(borrow_array(a, lent)); });
  m.def(
      "to_ndarray", [](const Array& a) { return export_array(a); }, "The array's own memory.");
  m.def("compute_borrowers", compute_borrowers);
  m.def("copy_borrowed", copy_borrowed);
  m.def(
      "as_scalar", [](const Array& a) { return Array(a.read(), true); }, "A 0-d array's value as NumPy's scalar.");
  m.def(
      "as_array", [](const Array& a) { return Array(a.read(), false); }, "A scalar as a 0-d array.");
  m.def("astype",
        [](const Array& a, py::handle dtype, bool copied) { return astype(a, required_dtype(dtype), copied); });
  m.def("copy", [](const Array& a, bool c_order) { return copy(a, c_order); });
  m.def("reshape", [](const Array& a, py::handle shape) {
    Dims d = dims_argument(shape);
    for (int k = 0; k < d.size(); ++k)
      d[k] = std::max<int64_t>(d[k], -1);  // NumPy takes any negative extent for the unknown one
    return reshape(a, std::move(d));
  });
  m.def("broadcast_to", [](const Array& a, py::handle shape) { return broadcast_to(a, shape_argument(shape)); });
  m.def("transpose", transpose);
  m.def(
      "diagonal",
      [](const Array& a, int64_t offset, int64_t axis1, int64_t axis2, bool writeable) {
        if (a.ndim() < 2) raise(PyExc_ValueError, "diag requires an array of at least two dimensions");
        const int first = normalize_axis(axis1, a.ndim()), second = normalize_axis(axis2, a.ndim());
        if (first == second) raise(PyExc_ValueError, "axis1 and axis2 cannot be the same");
        return diagonal(a, offset, first, second, writeable);
      },
      py::arg("a"), py::arg("offset"), py::arg("axis1"), py::arg("axis2"), py::arg("writeable") = false,
      "A view of a diagonal, as the last axis.");
  m.def("squeeze", squeeze);
  m.def("expand_dims", expand_dims);
  m.def("accumulate", [](const std::string& row, const Array& a, int64_t axis, py::handle dtype) {
    return accumulate(op_named(row), a, normalize_axis(axis, a.ndim()), dtype_argument(dtype));
  });
  m.def("select", [](const Array& a, const Array& k, bool all_nan) { return select(a, k, all_nan); });
  m.def("assign", [](const Array& a, py::handle value) {
    Argument v;
    if (to_argument(value.ptr(), v) == Conversion::foreign) return false;
    assign(a, v);
    return true;
  });
  m.def("write_out",
        [](const Array& out, const Array& source, const std::string& op) { write_out(out, source, op.c_str(), true); });
  m.def("item", [](const Array& a) { return item_object(a); });
  m.def("compute", [](const std::vector<Array>& arrays) { compute(arrays); });
  m.def("explain", [](const std::vector<Array>& arrays) { return explain(arrays); });
  m.def(
      "to_bytes",
      [](const Array& a) -> py::object {
        auto g = to_bytes(a);
        if (!g) return py::none();
        return py::make_tuple(py::bytes(g->nodes), py::cast(std::move(g->leaves)));
      },
      "A pending array as (bytes, the computed arrays that they refer to); None where its value takes no more room.");
  m.def("from_bytes", [](const py::bytes& nodes, const std::vector<Array>& leaves, bool scalar) {
    return from_bytes(std::string_view(nodes), leaves, scalar);
  });
  m.def(
      "same", [](const Array& a, const Array& b) { return a.same(b); }, "Whether both names see every write.");
  m.def("same_base", [](const Array& a, const Array& b) {
    return (a.is_view() ? a.cell()->base.get() : a.cell()) == (b.is_view() ? b.cell()->base.get() : b.cell());
  });
  m.def(
      "offset", [](const Array& a) { return view_of(a).offset * item_size(a.dtype()); },
      "Bytes from the start of the base's memory to the first element.");
  m.def("view_like", view_like);
  m.def("window", [](const Array& base, int64_t byte_offset, py::handle shape, py::handle byte_strides) {
    const int64_t item = item_size(base.dtype());
    Dims strides = dims_argument(byte_strides);
    for (int k = 0; k < strides.size(); ++k) strides[k] /= item;
    View v{dims_argument(shape), strides, view_of(base).offset + byte_offset / item};
    return make_view(base, std::move(v));
  });
}

}  // namespace lazulite::python
