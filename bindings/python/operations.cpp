// Applying rows of the op table to Python operands, and handing over to NumPy what the table has not.
#include "bindings/python/operations.h"

#include <string>

#include "bindings/python/array_type.h"
#include "bindings/python/convert.h"
#include "bindings/python/errors.h"
#include "core/dispatch/linalg.h"

namespace lazulite::python {

namespace {

PyObject* fallback_function = nullptr;           // fallback(name, operands, reason)
PyObject* fallback_in_place_function = nullptr;  // fallback_in_place(name, target, value, reason)

/// Whether the type asks that arrays leave the operator to it.
bool opts_out(PyObject* o) {
  static PyObject* protocol = PyUnicode_InternFromString("__array_ufunc__");
  PyObject* value = _PyType_Lookup(Py_TYPE(o), protocol);
  return value == Py_None;
}

/// Operands as arguments of the core. Arrays are lent: who calls a type slot holds its operands.
struct Arguments {
  Argument arg[3];
  bool lent[3] = {};

  Conversion take(int i, PyObject* operand) {
    if (!is_array(operand)) return to_argument(operand, arg[i]);
    arg[i] = value_of(operand).lend();
    lent[i] = true;
    return Conversion::done;
  }
  ~Arguments() {
    for (int i = 0; i < 3; ++i)
      if (lent[i]) std::get<Array>(arg[i]).give_back();
  }
};

/// `f` of the operands as arguments of the core; what it cannot take goes to NumPy's function.
template <class F>
PyObject* call(const char* numpy_name, PyObject* const* operands, int n, bool is_operator, F&& f) {
  Arguments arguments;
  Argument* args = arguments.arg;
  bool any_array = false;
  for (int i = 0; i < n; ++i) {
    if (arguments.take(i, operands[i]) == Conversion::foreign) {
      if (is_operator && opts_out(operands[i])) Py_RETURN_NOTIMPLEMENTED;
      return fall_back(numpy_name, operands, n, "an operand of a type that lazulite has not");
    }
    any_array |= args[i].index() == 0;
  }
  if (floating_point_errors_raise()) return fall_back(numpy_name, operands, n, "numpy.errstate raises or calls");
  if (!any_array)
    for (int i = 0; i < n; ++i) args[i] = strong(std::get<Weak>(args[i]));
  try {
    return wrap(f(args, n));
  } catch (const Error& e) {
    // A loop that only NumPy has (float16, complex), or its error with its class.
    if (e.kind() != ErrorKind::type) throw;
    return fall_back(numpy_name, operands, n, "a loop that lazulite has not");
  }
}

/// x[mask] op= value, between the x[mask] that nobody else holds and its way back into x: on all of x, so that both
/// stay lazy. The value is one number, or masked alike.
bool change_masked(Op op, PyObject* target, PyObject* value) {
  if (!masked_of(target) || Py_REFCNT(target) != 1 || floating_point_errors_raise()) return false;
  const Masked& m = *masked_of(target);
  Argument other;
  if (const auto* v = is_array(value) ? masked_of(value).get() : nullptr) {
    if (v->mask.cell()->node.get() != m.mask.cell()->node.get() || v->values.shape() != m.values.shape()) return false;
    other = v->values;
  } else {
    if (to_argument(value, other) == Conversion::foreign) return false;
    if (const Array* a = std::get_if<Array>(&other); a && a->ndim() != 0) return false;
  }
  const Array values = copy(m.values);
  try {
    apply_in_place(op, values, other);
  } catch (const Error& e) {
    if (e.kind() == ErrorKind::type) return false;  // and be told again
    throw;
  }
  set_masked(target, {values, m.mask});
  return true;
}

PyObject* call(Op op, PyObject* const* operands, int n, bool is_operator) {
  const char* numpy_name = info(op).name.data();
  if (is_operator && op == Op::equal) numpy_name = "==";  // unlike the ufunc, the operator compares with anything
  if (is_operator && op == Op::not_equal) numpy_name = "!=";
  return call(numpy_name, operands, n, is_operator,
              [op](const Argument* args, int count) { return apply(op, args, count); });
}

/// target op= value by `f(array, argument)`, or NumPy's function.
template <class F>
PyObject* call_in_place(const char* numpy_name, PyObject* target, PyObject* value, F&& f) {
  Argument arg;
  if (to_argument(value, arg) == Conversion::foreign) {
    if (opts_out(value)) Py_RETURN_NOTIMPLEMENTED;
    return fall_back_in_place(numpy_name, target, value, "an operand of a type that lazulite has not");
  }
  if (floating_point_errors_raise())
    return fall_back_in_place(numpy_name, target, value, "numpy.errstate raises or calls");
  try {
    f(value_of(target), arg);
  } catch (const Error& e) {
    if (e.kind() != ErrorKind::type) throw;
    return fall_back_in_place(numpy_name, target, value, "a loop that lazulite has not");
  }
  return Py_NewRef(target);
}

Array as_array(const Argument& a) { return a.index() == 0 ? std::get<Array>(a) : strong(std::get<Weak>(a)); }

}  // namespace

PyObject* call_op(Op op, PyObject* const* operands, int n) { return call(op, operands, n, false); }
PyObject* call_operator(Op op, PyObject* const* operands, int n) { return call(op, operands, n, true); }

PyObject* call_in_place(Op op, PyObject* target, PyObject* value) {
  if (change_masked(op, target, value)) return Py_NewRef(target);
  return call_in_place(info(op).name.data(), target, value,
                       [op](const Array& a, const Argument& arg) { apply_in_place(op, a, arg); });
}

PyObject* call_function(const char* name, BinaryFunction f, PyObject* a, PyObject* b) {
  PyObject* operands[] = {a, b};
  return call(name, operands, 2, false,
              [f](const Argument* args, int) { return f(as_array(args[0]), as_array(args[1])); });
}

PyObject* call_matmul(PyObject* a, PyObject* b) {
  PyObject* operands[] = {a, b};
  return call("matmul", operands, 2, true,
              [](const Argument* args, int) { return matmul(as_array(args[0]), as_array(args[1])); });
}

PyObject* call_matmul_in_place(PyObject* target, PyObject* value) {
  return call_in_place("matmul", target, value,
                       [](const Array& a, const Argument& arg) { matmul_in_place(a, as_array(arg)); });
}

PyObject* fall_back(const char* name, PyObject* const* operands, int n, const char* reason) {
  py::tuple args(n);
  for (int i = 0; i < n; ++i) args[static_cast<size_t>(i)] = py::handle(operands[i]);
  return py::handle(fallback_function)(name, args, reason).release().ptr();
}

PyObject* fall_back_in_place(const char* name, PyObject* target, PyObject* value, const char* reason) {
  return py::handle(fallback_in_place_function)(name, py::handle(target), py::handle(value), reason).release().ptr();
}

bool floating_point_errors_raise() {
  // NumPy keeps its error modes in a context variable; the answer is kept for the object it held last.
  static PyObject* variable = [] {
    py::object v = py::getattr(py::module_::import("numpy._core._multiarray_umath"), "_extobj_contextvar", py::none());
    return v.release().ptr();
  }();
  static PyObject* geterr = py::object(py::module_::import("numpy").attr("geterr")).release().ptr();
  static PyObject* known = nullptr;
  static bool answer = false;
  PyObject* held = nullptr;
  if (variable != Py_None) {
    if (PyContextVar_Get(variable, nullptr, &held) < 0) throw py::error_already_set();
    if (held == known) {
      Py_XDECREF(held);
      return answer;
    }
  }
  bool raises = false;
  for (auto mode : py::dict(py::handle(geterr)())) {
    const std::string text = py::str(mode.second);
    raises |= text == "raise" || text == "call";
  }
  Py_XDECREF(known);
  known = held;  // kept alive, so that its address stays its own
  answer = raises;
  return raises;
}

void add_fallback(py::module_& m) {
  m.def(
      "set_fallback",
      [](const py::object& function, const py::object& in_place) {
        fallback_function = py::object(function).release().ptr();
        fallback_in_place_function = py::object(in_place).release().ptr();
      },
      "Sets the functions that call NumPy for what the op table has not.");
}

}  // namespace lazulite::python
