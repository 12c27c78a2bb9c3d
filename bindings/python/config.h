// The engine's settings and counters, for lazulite/config.py.
#pragma once

#include <pybind11/pybind11.h>

namespace lazulite::python {

void add_config(pybind11::module_& m);

}  // namespace lazulite::python
