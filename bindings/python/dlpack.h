// DLPack: arrays exchanged with other libraries as capsules (https://dmlc.github.io/dlpack/latest/, version 1.0).
#pragma once

#include <pybind11/pybind11.h>

namespace lazulite::python {

void add_dlpack(pybind11::module_& m);

}  // namespace lazulite::python
