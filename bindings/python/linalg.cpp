// The core's linear algebra for lazulite/linalg.py and lazulite/_products.py.
#include "bindings/python/linalg.h"

#include <string>

#include "bindings/python/array_type.h"
#include "bindings/python/convert.h"
#include "bindings/python/operations.h"
#include "core/dispatch/gufunc.h"
#include "core/dispatch/linalg.h"

namespace lazulite::python {

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
}

}  // namespace lazulite::python
