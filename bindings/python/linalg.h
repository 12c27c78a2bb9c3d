// The core's linear algebra for lazulite/linalg.py and lazulite/_products.py.
#pragma once

#include <pybind11/pybind11.h>

namespace lazulite::python {

void add_linalg(pybind11::module_& m);

}  // namespace lazulite::python
