// Functions of arrays that need no fast path.
#pragma once

#include <pybind11/pybind11.h>

namespace lazulite::python {

void add_arrays(pybind11::module_& m);

}  // namespace lazulite::python
