// Operators of `lazulite.Array`: type slots that go straight to the core.
#include <string>
#include <vector>

#include "bindings/python/array_type.h"
#include "bindings/python/convert.h"
#include "bindings/python/errors.h"
#include "bindings/python/operations.h"

namespace lazulite::python {

namespace {

template <Op op>
PyObject* binary(PyObject* a, PyObject* b) {
  return guarded([&] {
    PyObject* operands[] = {a, b};
    return call_operator(op, operands, 2);
  });
}

template <Op op>
PyObject* unary(PyObject* a) {
  return guarded([&] { return call_operator(op, &a, 1); });
}

/// A scalar is a value, not a place: Python falls back to the binary operator and rebinds the name.
template <Op op>
PyObject* in_place(PyObject* a, PyObject* b) {
  return guarded([&]() -> PyObject* {
    if (is_scalar(a)) Py_RETURN_NOTIMPLEMENTED;
    return call_in_place(op, a, b);
  });
}

PyObject* matmul(PyObject* a, PyObject* b) {
  return guarded([&] { return call_matmul(a, b); });
}

PyObject* matmul_in_place(PyObject* a, PyObject* b) {
  return guarded([&]() -> PyObject* {
    if (is_scalar(a)) Py_RETURN_NOTIMPLEMENTED;
    return call_matmul_in_place(a, b);
  });
}

/// Is it x**2 with a Python int? NumPy's operator squares then, in the array's own dtype. (The core knows the other
/// exponents for which there is a faster op.)
bool is_square(PyObject* exponent) {
  if (!PyLong_CheckExact(exponent)) return false;
  int overflow = 0;
  return PyLong_AsLongAndOverflow(exponent, &overflow) == 2;
}

PyObject* power(PyObject* a, PyObject* b, PyObject* modulus) {
  return guarded([&]() -> PyObject* {
    if (modulus != Py_None) Py_RETURN_NOTIMPLEMENTED;
    if (is_array(a) && is_square(b)) return call_operator(Op::square, &a, 1);
    PyObject* operands[] = {a, b};
    return call_operator(Op::power, operands, 2);
  });
}

PyObject* power_in_place(PyObject* a, PyObject* b, PyObject*) {
  return guarded([&]() -> PyObject* {
    if (is_scalar(a)) Py_RETURN_NOTIMPLEMENTED;
    return call_in_place(Op::power, a, b);
  });
}

PyObject* quotient_and_remainder(PyObject* a, PyObject* b) {
  return guarded([&]() -> PyObject* {
    PyObject* operands[] = {a, b};
    const auto quotient = py::reinterpret_steal<py::object>(call_operator(Op::floor_divide, operands, 2));
    const auto remainder = py::reinterpret_steal<py::object>(call_operator(Op::remainder, operands, 2));
    if (!quotient || !remainder) throw py::error_already_set();
    if (quotient.ptr() == Py_NotImplemented) return Py_NewRef(Py_NotImplemented);
    return PyTuple_Pack(2, quotient.ptr(), remainder.ptr());
  });
}

PyObject* compare(PyObject* a, PyObject* b, int operation) {
  return guarded([&] {
    static constexpr Op kOps6[] = {Op::less, Op::less_equal, Op::equal, Op::not_equal, Op::greater, Op::greater_equal};
    static_assert(Py_LT == 0 && Py_LE == 1 && Py_EQ == 2 && Py_NE == 3 && Py_GT == 4 && Py_GE == 5);
    PyObject* operands[] = {a, b};
    return call_operator(kOps6[operation], operands, 2);
  });
}

// --- Values ------------------------------------------------------------------------------------------------------

int truth(PyObject* o) {
  return guarded(
      [&] {
        const Array& a = value_of(o);
        if (a.size() == 0)
          raise(PyExc_ValueError,
                "The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an array is not "
                "empty.");
        if (a.size() > 1)
          raise(PyExc_ValueError,
                "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()");
        return PyObject_IsTrue(item_object(a).ptr());
      },
      -1);
}

py::object number(PyObject* o) {
  if (value_of(o).ndim() != 0) raise(PyExc_TypeError, "only 0-dimensional arrays can be converted to Python scalars");
  return item_object(value_of(o));
}
PyObject* to_float(PyObject* o) {
  return guarded([&] { return PyNumber_Float(number(o).ptr()); });
}
PyObject* to_int(PyObject* o) {
  return guarded([&] { return PyNumber_Long(number(o).ptr()); });
}
PyObject* to_index(PyObject* o) {
  return guarded([&]() -> PyObject* {
    const Array& a = value_of(o);
    if (a.ndim() != 0 || !is_integer(a.dtype()))
      raise(PyExc_TypeError, "only integer scalar arrays can be converted to a scalar index");
    return item_object(a).release().ptr();
  });
}

template <class F>
void* slot(F* f) {
  return reinterpret_cast<void*>(f);
}

}  // namespace

void Slots::numbers(std::vector<PyType_Slot>& slots) {
  slots.insert(slots.end(), {
                                {Py_nb_add, slot(binary<Op::add>)},
                                {Py_nb_subtract, slot(binary<Op::subtract>)},
                                {Py_nb_multiply, slot(binary<Op::multiply>)},
                                {Py_nb_true_divide, slot(binary<Op::divide>)},
                                {Py_nb_and, slot(binary<Op::bitwise_and>)},
                                {Py_nb_or, slot(binary<Op::bitwise_or>)},
                                {Py_nb_xor, slot(binary<Op::bitwise_xor>)},
                                {Py_nb_negative, slot(unary<Op::negative>)},
                                {Py_nb_positive, slot(unary<Op::positive>)},
                                {Py_nb_absolute, slot(unary<Op::absolute>)},
                                {Py_nb_invert, slot(unary<Op::invert>)},
                                {Py_nb_inplace_add, slot(in_place<Op::add>)},
                                {Py_nb_inplace_subtract, slot(in_place<Op::subtract>)},
                                {Py_nb_inplace_multiply, slot(in_place<Op::multiply>)},
                                {Py_nb_inplace_true_divide, slot(in_place<Op::divide>)},
                                {Py_nb_inplace_and, slot(in_place<Op::bitwise_and>)},
                                {Py_nb_inplace_or, slot(in_place<Op::bitwise_or>)},
                                {Py_nb_inplace_xor, slot(in_place<Op::bitwise_xor>)},
                                {Py_nb_floor_divide, slot(binary<Op::floor_divide>)},
                                {Py_nb_remainder, slot(binary<Op::remainder>)},
                                {Py_nb_divmod, slot(quotient_and_remainder)},
                                {Py_nb_lshift, slot(binary<Op::left_shift>)},
                                {Py_nb_rshift, slot(binary<Op::right_shift>)},
                                {Py_nb_matrix_multiply, slot(matmul)},
                                {Py_nb_inplace_floor_divide, slot(in_place<Op::floor_divide>)},
                                {Py_nb_inplace_remainder, slot(in_place<Op::remainder>)},
                                {Py_nb_inplace_lshift, slot(in_place<Op::left_shift>)},
                                {Py_nb_inplace_rshift, slot(in_place<Op::right_shift>)},
                                {Py_nb_inplace_matrix_multiply, slot(matmul_in_place)},
                                {Py_nb_power, slot(power)},
                                {Py_nb_inplace_power, slot(power_in_place)},
                                {Py_nb_bool, slot(truth)},
                                {Py_nb_float, slot(to_float)},
                                {Py_nb_int, slot(to_int)},
                                {Py_nb_index, slot(to_index)},
                                {Py_tp_richcompare, slot(compare)},
                            });
}

}  // namespace lazulite::python
