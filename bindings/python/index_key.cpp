// Keys of `x[key]`: NumPy's rules of which objects index what.
#include "bindings/python/index_key.h"

#include <string>
#include <vector>

#include "bindings/python/array_type.h"
#include "bindings/python/convert.h"
#include "bindings/python/errors.h"
#include "bindings/python/numpy.h"

namespace lazulite::python {

namespace {

enum class Kind { integer, slice, ellipsis, new_axis, array, mask };

struct Item {
  Kind kind;
  PyObject* object;
  bool zero_d_array = false;  // an integer that came as an array
  Array array = {};           // index array or mask
};

bool is_numpy_bool(PyObject* o) {
  static PyObject* type = py::object(py::module_::import("numpy").attr("bool")).release().ptr();
  return reinterpret_cast<PyObject*>(Py_TYPE(o)) == type;
}

Item item_of_array(PyObject* o, Array a) {
  if (a.dtype() == DType::bool_) return {Kind::mask, o, false, std::move(a)};
  if (!is_integer(a.dtype())) raise(PyExc_IndexError, "arrays used as indices must be of integer (or boolean) type");
  if (a.ndim() == 0) return {Kind::integer, o, !a.is_scalar()};
  return {Kind::array, o, false, std::move(a)};
}

Item item_of_ndarray(PyObject* o) {
  const auto a = py::reinterpret_borrow<py::array>(o);
  const char kind = a.dtype().kind();
  if (kind != 'b' && kind != 'i' && kind != 'u')
    raise(PyExc_IndexError, "arrays used as indices must be of integer (or boolean) type");
  if (a.ndim() == 0 && kind != 'b') return {Kind::integer, o, true};
  return item_of_array(o, *import_array(a));
}

/// A list, a range, anything that NumPy makes an array of.
Item item_of_sequence(PyObject* o) {
  if (PyUnicode_Check(o) || PyBytes_Check(o) || PyFloat_Check(o) || PyComplex_Check(o)) raise_not_an_index();
  auto a = py::array(py::module_::import("numpy").attr("asarray")(py::handle(o)));
  if (a.size() == 0) a = py::array(a.attr("astype")("int64"));  // an empty list has no numbers to say what it is
  const char kind = a.dtype().kind();
  if (kind != 'b' && kind != 'i' && kind != 'u') raise_not_an_index();
  return item_of_array(o, *import_array(a));
}

Item classify(PyObject* o) {
  if (PyLong_CheckExact(o)) return {Kind::integer, o};
  if (PySlice_Check(o)) return {Kind::slice, o};
  if (o == Py_Ellipsis) return {Kind::ellipsis, o};
  if (o == Py_None) return {Kind::new_axis, o};
  if (is_array(o)) return item_of_array(o, value_of(o));
  if (PyBool_Check(o) || is_numpy_bool(o))
    return {Kind::mask, o, false, Array(make_constant(DType::bool_, Scalar::of(PyObject_IsTrue(o) == 1)))};
  if (py::isinstance<py::array>(o)) return item_of_ndarray(o);
  if (PyIndex_Check(o)) return {Kind::integer, o};
  return item_of_sequence(o);
}

int64_t index_value(PyObject* o) {
  const Py_ssize_t i = PyNumber_AsSsize_t(o, PyExc_IndexError);
  if (i == -1 && PyErr_Occurred()) {
    if (PyErr_ExceptionMatches(PyExc_IndexError)) {  // beyond 64 bits
      PyErr_Clear();
      raise_not_an_index();
    }
    throw py::error_already_set();
  }
  return i;
}

int64_t checked_index(int64_t i, int axis, int64_t size) {
  if (i < -size || i >= size)
    raise(PyExc_IndexError, "index " + std::to_string(i) + " is out of bounds for axis " + std::to_string(axis) +
                                " with size " + std::to_string(size));
  return i < 0 ? i + size : i;
}

/// How many axes of the array an item takes.
int axes_of(const Item& i) {
  switch (i.kind) {
    case Kind::ellipsis:
    case Kind::new_axis:
      return 0;
    case Kind::mask:
      return i.array.ndim();
    default:
      return 1;
  }
}

/// Builds the view of a key, item after item.
class Builder {
 public:
  explicit Builder(const Array& a) : ndim_(a.ndim()) { key_.selector.view = view_of(a); }

  Key build(const std::vector<Item>& items) {
    bool ellipsis = false, plain = true, arrays = false;
    for (const Item& i : items) {
      if (i.kind == Kind::ellipsis && ellipsis)
        raise(PyExc_IndexError, "an index can only have a single ellipsis ('...')");
      ellipsis |= i.kind == Kind::ellipsis;
      plain &= i.kind == Kind::integer;
      arrays |= i.kind == Kind::array || i.kind == Kind::mask;
      key_.copies |= i.zero_d_array;
      consumed_ += axes_of(i);
    }
    if (consumed_ > ndim_)
      raise(PyExc_IndexError, "too many indices for array: array is " + std::to_string(ndim_) + "-dimensional, but " +
                                  std::to_string(consumed_) + " were indexed");
    key_.element = plain && consumed_ == ndim_;
    const bool lone = items.size() == 1 && items[0].kind == Kind::mask && items[0].array.size() > 0;
    key_.lone_mask = lone && consumed_ > 0;
    key_.full_mask = lone && consumed_ == ndim_;
    for (const Item& i : items) {
      // Where the axes of index arrays go: in place of these, if they stand next to each other (integers count as
      // arrays here), else first.
      const bool indexes = i.kind == Kind::array || i.kind == Kind::mask || i.kind == Kind::integer;
      if (indexes && run_ == Run::none) {
        key_.selector.place = kept_;
        run_ = Run::inside;
      } else if (indexes && run_ == Run::over) {
        key_.selector.place = 0;
      } else if (!indexes && run_ == Run::inside) {
        run_ = Run::over;
      }
      add(i);
    }
    if (!arrays) key_.selector.place = 0;
    return std::move(key_);
  }

 private:
  void add(const Item& i) {
    View& view = key_.selector.view;
    const int axes = i.kind == Kind::ellipsis ? ndim_ - consumed_ : axes_of(i);
    switch (i.kind) {
      case Kind::ellipsis:
        axis_ += axes;
        kept_ += axes;
        break;
      case Kind::new_axis:
        if (view.shape.size() >= kMaxDims)
          raise(PyExc_IndexError, "number of dimensions must be within [0, 64], indexing result would have 65");
        view.insert_axis(axis_++);
        ++kept_;
        break;
      case Kind::slice: {
        Py_ssize_t start, stop, step;
        if (PySlice_Unpack(i.object, &start, &stop, &step) < 0) throw py::error_already_set();
        const Py_ssize_t count = PySlice_AdjustIndices(view.shape[axis_], &start, &stop, step);
        view.slice(axis_++, start, step, count);
        ++kept_;
        break;
      }
      case Kind::integer:
        view.take(axis_, checked_index(index_value(i.object), original_, view.shape[axis_]));
        break;
      case Kind::array:
      case Kind::mask:
        key_.selector.indices.push_back({i.array, axis_, original_});
        axis_ += axes;
        break;
    }
    original_ += axes;
  }

  enum class Run { none, inside, over };
  Key key_;
  int ndim_, consumed_ = 0;
  int axis_ = 0, original_ = 0, kept_ = 0;  // of the view, of the array, of the result without the arrays' axes
  Run run_ = Run::none;
};

}  // namespace

void raise_not_an_index() {
  raise(PyExc_IndexError,
        "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid "
        "indices");
}

Key parse_key(const Array& a, PyObject* key) {
  PyObject* const* objects = PyTuple_Check(key) ? &PyTuple_GET_ITEM(key, 0) : &key;
  const Py_ssize_t n = PyTuple_Check(key) ? PyTuple_GET_SIZE(key) : 1;
  std::vector<Item> items;
  items.reserve(static_cast<size_t>(n));
  for (Py_ssize_t i = 0; i < n; ++i) items.push_back(classify(objects[i]));
  return Builder(a).build(items);
}

}  // namespace lazulite::python
