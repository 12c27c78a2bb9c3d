// Indexing of `lazulite.Array`: registration of what goes to NumPy.
#pragma once

#include <pybind11/pybind11.h>

namespace lazulite::python {

void add_indexing(pybind11::module_& m);

}  // namespace lazulite::python
