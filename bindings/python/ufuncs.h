// The op table's rows as Python callables.
#pragma once

#include <pybind11/pybind11.h>

namespace lazulite::python {

/// Adds `ufuncs` and `reductions`, dictionaries from NumPy's names to callables, to the module.
void add_ufuncs(pybind11::module_& m);

}  // namespace lazulite::python
