// Saved expressions: lz.save and lz.load.
#pragma once

#include <pybind11/pybind11.h>

namespace lazulite::python {

void add_saved(pybind11::module_& m);

}  // namespace lazulite::python
