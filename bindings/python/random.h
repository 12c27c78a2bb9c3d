// Random streams for lazulite/random.py.
#pragma once

#include <pybind11/pybind11.h>

namespace lazulite::python {

void add_random(pybind11::module_& m);

}  // namespace lazulite::python
