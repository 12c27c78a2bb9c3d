// The core's linear algebra for lazulite/linalg.py and lazulite/_products.py.
#include "bindings/python/linalg.h"

#include <pybind11/stl.h>

#include <string>

#include "bindings/python/array_type.h"
#include "bindings/python/convert.h"
#include "bindings/python/operations.h"
#include "core/dispatch/gufunc.h"
#include "core/dispatch/linalg.h"

namespace lazulite::python {

namespace {

QrMode qr_mode(const std::string& name) {
  return name == "reduced"    ? QrMode::reduced
         : name == "complete" ? QrMode::complete
         : name == "r"        ? QrMode::r
                              : QrMode::raw;
}

}  // namespace

void add_linalg(py::module_& m) {
  const auto product = [&m](const char* name, BinaryFunction f) {
    m.def(name, [name, f](py::handle a, py::handle b) {
      return py::reinterpret_steal<py::object>(call_function(name, f, a.ptr(), b.ptr()));
    });
  };
  product("matmul", matmul);
  product("vecdot", vecdot);
  product("matvec", matvec);
  product("vecmat", vecmat);
  m.def(
      "check_core_out",
      [](const std::string& name, const std::string& signature, py::handle out, py::handle result, int core) {
        check_core_out(name.c_str(), signature.c_str(), dims_argument(out), dims_argument(result), core);
      },
      "Checks shapes for `out=` of a function of matrices.");
  m.def(
      "match_core",
      [](const std::string& name, const std::string& signature, const Array& a, const Array& b) {
        match_core(name.c_str(), signature.c_str(), {&a, &b});
      },
      "Checks the shapes of two operands of a function of matrices.");
  m.def("solve", solve);
  m.def("inv", inv);
  m.def("det", det);
  m.def("slogdet", slogdet);
  m.def("cholesky", cholesky);
  m.def("qr", [](const Array& a, const std::string& mode) { return qr(a, qr_mode(mode)); });
  m.def("svd", svd);
  m.def("eigh", eigh);
}

}  // namespace lazulite::python
