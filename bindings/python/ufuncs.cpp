// The op table's rows as Python callables: one object a row, called through vectorcall.
#include "bindings/python/ufuncs.h"

#include <structmember.h>

#include <cstring>
#include <string>

#include "bindings/python/array_type.h"
#include "bindings/python/convert.h"
#include "bindings/python/errors.h"
#include "bindings/python/indexing.h"
#include "bindings/python/numpy.h"
#include "bindings/python/operations.h"

namespace lazulite::python {

namespace {

/// A row of the op table. A reduction is also a method: `Array.sum` is the object `lz.sum`.
struct Row {
  PyObject_HEAD vectorcallfunc call;
  Op op;
};

Row* row(PyObject* o) { return reinterpret_cast<Row*>(o); }
const char* name_of(PyObject* o) { return info(row(o)->op).name.data(); }

PyTypeObject* ufunc_type = nullptr;
PyTypeObject* reduction_type = nullptr;
PyObject* call_numpy = nullptr;     // (name, args, kwargs, reason) -> value
PyObject* write_ndarray = nullptr;  // (ndarray, result, name) -> ndarray

/// The whole call, handed to NumPy's function of that name.
PyObject* numpy_call(PyObject* self, PyObject* const* args, Py_ssize_t n, PyObject* names, const char* reason) {
  py::tuple positional(n);
  for (Py_ssize_t i = 0; i < n; ++i) positional[static_cast<size_t>(i)] = py::handle(args[i]);
  py::dict keywords;
  for (Py_ssize_t i = 0; names && i < PyTuple_GET_SIZE(names); ++i)
    keywords[py::handle(PyTuple_GET_ITEM(names, i))] = py::handle(args[n + i]);
  return py::handle(call_numpy)(name_of(self), positional, keywords, reason).release().ptr();
}

/// Writes a result to what the caller gave as `out=`, and returns that. `stretch`: the result may be repeated to fit.
PyObject* deliver(Array result, PyObject* out, const char* name, bool stretch) {
  if (is_array(out)) {
    write_out(value_of(out), result, name, stretch);
    return Py_NewRef(out);
  }
  if (!py::isinstance<py::array>(out)) raise(PyExc_TypeError, "return arrays must be of ArrayType");
  return py::handle(write_ndarray)(py::handle(out), std::move(result), name, stretch).release().ptr();
}

[[noreturn]] void raise_count(PyObject* self, int least, int most, Py_ssize_t given) {
  const std::string range =
      least == most ? std::to_string(least) + " positional argument" + (least == 1 ? "" : "s")
                    : "from " + std::to_string(least) + " to " + std::to_string(most) + " positional arguments";
  raise(PyExc_TypeError, std::string(name_of(self)) + "() takes " + range + " but " + std::to_string(given) +
                             (given == 1 ? " was given" : " were given"));
}

bool is(PyObject* keyword, const char* text) { return PyUnicode_CompareWithASCIIString(keyword, text) == 0; }

// --- Elementwise -------------------------------------------------------------------------------------------------

PyObject* call_ufunc(PyObject* self, PyObject* const* args, size_t flags, PyObject* names) {
  return guarded([&]() -> PyObject* {
    const Op op = row(self)->op;
    const int arity = info(op).arity;
    const Py_ssize_t n = PyVectorcall_NARGS(flags);
    if (n == arity && !names) return call_op(op, args, arity);

    if (op == Op::where && n == 1 && !names) return nonzero_tuple(array_from(args[0])).release().ptr();
    if (op == Op::where && n < arity) return numpy_call(self, args, n, names, "arguments that are missing");
    if (n < arity || n > arity + 1) raise_count(self, arity, arity + 1, n);
    PyObject* out = n > arity ? args[arity] : Py_None;
    PyObject* dtype = Py_None;
    for (Py_ssize_t i = 0; names && i < PyTuple_GET_SIZE(names); ++i) {
      PyObject *keyword = PyTuple_GET_ITEM(names, i), *value = args[n + i];
      if (is(keyword, "out"))
        out = value;
      else if (is(keyword, "dtype"))
        dtype = value;
      else if ((is(keyword, "where") && value == Py_True) || is(keyword, "subok"))
        continue;
      else  // where=, casting=, order=, signature=, or a mistake that NumPy words
        return numpy_call(self, args, n, names, "a keyword that lazulite has not");
    }
    if (PyTuple_Check(out)) {
      if (PyTuple_GET_SIZE(out) != 1)
        raise(PyExc_ValueError, "The 'out' tuple must have exactly one entry per ufunc output");
      out = PyTuple_GET_ITEM(out, 0);
    }
    Argument operands[3];
    bool foreign = floating_point_errors_raise(), any_array = false;
    for (int i = 0; i < arity; ++i) {
      foreign |= to_argument(args[i], operands[i]) == Conversion::foreign;
      any_array |= operands[i].index() == 0;
    }
    if (foreign) return numpy_call(self, args, n, names, "an operand or error mode that lazulite has not");
    if (!any_array)
      for (int i = 0; i < arity; ++i) operands[i] = strong(std::get<Weak>(operands[i]));
    try {
      Array result = apply(op, operands, arity, dtype_argument(dtype));
      return out == Py_None ? wrap(std::move(result)) : deliver(std::move(result), out, name_of(self), true);
    } catch (const Error& e) {
      if (e.kind() != ErrorKind::type) throw;
      return numpy_call(self, args, n, names, "a loop that lazulite has not");
    }
  });
}

// --- Reductions --------------------------------------------------------------------------------------------------

/// NumPy's positional order of a reduction's arguments; `extra` is none of ours.
const char* const* signature(Op op) {
  static constexpr const char* sum[] = {"a", "axis", "dtype", "out", "keepdims", nullptr};
  static constexpr const char* var[] = {"a", "axis", "dtype", "out", "ddof", "keepdims", nullptr};
  static constexpr const char* min[] = {"a", "axis", "out", "keepdims", nullptr};
  switch (op) {
    case Op::reduce_sum:
    case Op::reduce_prod:
    case Op::reduce_mean:
      return sum;
    case Op::reduce_var:
    case Op::reduce_std:
      return var;
    default:
      return min;
  }
}

bool takes_moments(Op op) { return op == Op::reduce_mean || op == Op::reduce_var || op == Op::reduce_std; }
bool is_argument_search(Op op) { return op == Op::reduce_argmin || op == Op::reduce_argmax; }

/// NumPy takes any truth value for argmin and argmax, a Python integer for the others.
bool keepdims_argument(Op op, PyObject* keepdims) {
  const long keep = is_argument_search(op) ? PyObject_IsTrue(keepdims) : PyLong_AsLong(keepdims);
  if (keep == -1 && PyErr_Occurred()) throw py::error_already_set();
  return keep != 0;
}

PyObject* call_reduction(PyObject* self, PyObject* const* args, size_t flags, PyObject* names) {
  return guarded([&]() -> PyObject* {
    const Op op = row(self)->op;
    const Py_ssize_t n = PyVectorcall_NARGS(flags);
    const char* const* order = signature(op);
    PyObject *a = nullptr, *axis = Py_None, *dtype = Py_None, *out = Py_None, *ddof = nullptr, *keepdims = nullptr;
    const auto place = [&](auto matches, PyObject* value) {
      PyObject** target = matches("a")          ? &a
                          : matches("axis")     ? &axis
                          : matches("dtype")    ? &dtype
                          : matches("out")      ? &out
                          : matches("ddof")     ? &ddof
                          : matches("keepdims") ? &keepdims
                                                : nullptr;
      if (target) *target = value;
      return target != nullptr;
    };
    const auto accepts = [&](PyObject* keyword) {
      for (const char* const* p = order; *p; ++p)
        if (is(keyword, *p)) return true;
      return false;
    };
    bool other = false;
    for (Py_ssize_t i = 0; i < n && !other; ++i) {
      if (!order[i]) {
        other = true;  // more than we know: NumPy's initial=, where= or its complaint
        break;
      }
      place([&](const char* s) { return std::strcmp(s, order[i]) == 0; }, args[i]);
    }
    for (Py_ssize_t i = 0; names && i < PyTuple_GET_SIZE(names); ++i) {
      PyObject* keyword = PyTuple_GET_ITEM(names, i);
      if (!accepts(keyword) || !place([&](const char* s) { return is(keyword, s); }, args[n + i])) other = true;
    }
    if (other || !a) return numpy_call(self, args, n, names, "an argument that lazulite has not");

    const auto masked = is_array(a) ? masked_of(a) : nullptr;
    if (masked && !floating_point_errors_raise()) {
      const int ndim = masked->values.ndim() - masked->mask.ndim() + 1;
      const double delta = ddof ? PyFloat_AsDouble(ddof) : 0;
      if (delta == -1 && PyErr_Occurred()) throw py::error_already_set();
      if (axes_argument(axis, ndim) == axes_argument(nullptr, ndim))
        if (auto r = reduce(op, *masked, keepdims && keepdims_argument(op, keepdims), dtype_argument(dtype), delta))
          return out == Py_None ? wrap(std::move(*r)) : deliver(std::move(*r), out, name_of(self), false);
    }

    Argument operand;
    if (to_argument(a, operand) == Conversion::foreign || floating_point_errors_raise())
      return numpy_call(self, args, n, names, "an operand or error mode that lazulite has not");
    const Array x = operand.index() == 0 ? std::get<Array>(operand) : strong(std::get<Weak>(operand));
    if (is_argument_search(op) && axis != Py_None && !PyIndex_Check(axis))
      raise(PyExc_TypeError,
            "'" + std::string(Py_TYPE(axis)->tp_name) + "' object cannot be interpreted as an integer");
    if (takes_moments(op) && x.ndim() == 0 && PyIndex_Check(axis))
      axes_argument(py::make_tuple(py::handle(axis)).ptr(), 0);
    const uint64_t axes = axes_argument(axis, x.ndim());
    const bool keep = keepdims && keepdims_argument(op, keepdims);
    double delta = 0;
    if (ddof) {
      delta = PyFloat_AsDouble(ddof);
      if (delta == -1 && PyErr_Occurred()) throw py::error_already_set();
    }
    try {
      std::optional<DType> loop = dtype_argument(dtype), target;
      if (out != Py_None && PyObject_HasAttrString(out, "dtype"))
        target = dtype_argument(py::handle(out).attr("dtype"));
      if (target && is_argument_search(op) && (is_float(*target) || *target == DType::uint64))
        return numpy_call(self, args, n, names, "an out= that is not for indices");
      // NumPy sums in what it writes to, if that is wider, and writes with any cast (of std, as sqrt does).
      const bool sums = op == Op::reduce_sum || op == Op::reduce_prod || op == Op::reduce_mean;
      if (!loop && sums && x.dtype() == DType::float32 && target == DType::float64) loop = target;
      Array result = reduce(op, x, axes, keep, loop, delta);
      if (target && op != Op::reduce_std) result = astype(result, *target, false);
      return out == Py_None ? wrap(std::move(result)) : deliver(std::move(result), out, name_of(self), false);
    } catch (const Error& e) {
      if (e.kind() != ErrorKind::type) throw;
      return numpy_call(self, args, n, names, "a loop that lazulite has not");
    }
  });
}

/// Reductions are found on arrays as bound methods.
PyObject* bind(PyObject* self, PyObject* instance, PyObject*) {
  return instance && instance != Py_None ? PyMethod_New(self, instance) : Py_NewRef(self);
}

// --- The types ---------------------------------------------------------------------------------------------------

void dealloc(PyObject* o) {
  PyTypeObject* type = Py_TYPE(o);
  type->tp_free(o);
  Py_DECREF(type);
}
PyObject* represent(PyObject* o) {
  return PyUnicode_FromFormat(Py_TYPE(o) == ufunc_type ? "<ufunc 'lazulite.%s'>" : "<reduction 'lazulite.%s'>",
                              name_of(o));
}
PyObject* reduce_to_name(PyObject* o, PyObject*) { return PyUnicode_FromString(name_of(o)); }
PyObject* get_name(PyObject* o, void*) { return PyUnicode_FromString(name_of(o)); }
PyObject* get_module(PyObject*, void*) { return PyUnicode_FromString("lazulite"); }
PyObject* get_doc(PyObject* o, void*) { return PyUnicode_FromString(info(row(o)->op).doc.data()); }
PyObject* get_nin(PyObject* o, void*) { return PyLong_FromLong(info(row(o)->op).arity); }
PyObject* get_nout(PyObject*, void*) { return PyLong_FromLong(1); }
PyObject* get_ulp(PyObject* o, void*) { return PyFloat_FromDouble(static_cast<double>(info(row(o)->op).ulp)); }
PyObject* get_kind(PyObject* o, void*) {
  static constexpr const char* kNames[] = {"unary", "binary", "test", "compare", "where", "composite", "reduce"};
  return PyUnicode_FromString(kNames[static_cast<int>(info(row(o)->op).kind)]);
}

PyGetSetDef attributes[] = {
    {"__name__", get_name, nullptr, nullptr, nullptr},
    {"__qualname__", get_name, nullptr, nullptr, nullptr},
    {"__module__", get_module, nullptr, nullptr, nullptr},
    {"__doc__", get_doc, nullptr, nullptr, nullptr},
    {"nin", get_nin, nullptr, "Number of operands.", nullptr},
    {"nout", get_nout, nullptr, "Number of results.", nullptr},
    {"kind", get_kind, nullptr, "Which part of the op table the row is in.", nullptr},
    {"ulp", get_ulp, nullptr, "Largest error of float loops in units in the last place.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};
PyMethodDef methods[] = {{"__reduce__", reduce_to_name, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
PyMemberDef members[] = {{"__vectorcalloffset__", T_PYSSIZET, offsetof(Row, call), READONLY, nullptr},
                         {nullptr, 0, 0, 0, nullptr}};

/// NumPy's ufuncs have more (reduce, accumulate, at, types, ...): looked up there; they dispatch back to us.
PyObject* get_attribute(PyObject* o, PyObject* attribute) {
  PyObject* found = PyObject_GenericGetAttr(o, attribute);
  if (found || !PyErr_ExceptionMatches(PyExc_AttributeError)) return found;
  PyErr_Clear();
  return guarded([&] {
    return py::getattr(py::module_::import("numpy").attr(name_of(o)), py::handle(attribute)).release().ptr();
  });
}

template <class F>
void* slot(F* f) {
  return reinterpret_cast<void*>(f);
}

PyTypeObject* make_type(const char* type_name, bool is_method) {
  std::vector<PyType_Slot> slots = {
      {Py_tp_dealloc, slot(dealloc)},
      {Py_tp_repr, slot(represent)},
      {Py_tp_getset, attributes},
      {Py_tp_methods, methods},
      {Py_tp_members, members},
      {Py_tp_call, slot(PyVectorcall_Call)},
      {Py_tp_getattro, slot(get_attribute)},
  };
  if (is_method) slots.push_back({Py_tp_descr_get, slot(bind)});
  slots.push_back({0, nullptr});
  unsigned flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_DISALLOW_INSTANTIATION;
  if (is_method) flags |= Py_TPFLAGS_METHOD_DESCRIPTOR;
  PyType_Spec spec = {type_name, sizeof(Row), 0, flags, slots.data()};
  PyObject* type = PyType_FromSpec(&spec);
  if (!type) throw py::error_already_set();
  return reinterpret_cast<PyTypeObject*>(type);
}

py::object make_row(PyTypeObject* type, Op op, vectorcallfunc call) {
  PyObject* o = type->tp_alloc(type, 0);
  if (!o) throw py::error_already_set();
  row(o)->call = call;
  row(o)->op = op;
  return py::reinterpret_steal<py::object>(o);
}

}  // namespace

void add_ufuncs(py::module_& m) {
  ufunc_type = make_type("lazulite.ufunc", false);
  reduction_type = make_type("lazulite.reduction", true);
  py::dict ufuncs, reductions;
  for (int i = 0; i < kOps; ++i) {
    const Op op = static_cast<Op>(i);
    const py::str key(info(op).name.data());
    switch (info(op).kind) {
      case OpKind::reduce:
        reductions[key] = make_row(reduction_type, op, call_reduction);
        break;
      case OpKind::sample:
      case OpKind::cast:
      case OpKind::source:
        break;
      default:
        ufuncs[key] = make_row(ufunc_type, op, call_ufunc);
    }
  }
  m.attr("ufuncs") = ufuncs;
  m.attr("reductions") = reductions;
  m.attr("ufunc") = py::handle(reinterpret_cast<PyObject*>(ufunc_type));
  m.attr("reduction") = py::handle(reinterpret_cast<PyObject*>(reduction_type));
  m.def(
      "set_ufunc_fallback",
      [](const py::object& call, const py::object& write) {
        call_numpy = py::object(call).release().ptr();
        write_ndarray = py::object(write).release().ptr();
      },
      "Sets the functions that call NumPy for a whole call, and that write a result to an ndarray.");
}

}  // namespace lazulite::python
