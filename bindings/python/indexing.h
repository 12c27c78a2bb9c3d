// Indexing of `lazulite.Array`: registration of what goes to NumPy.
#pragma once

#include <pybind11/pybind11.h>

#include "core/dispatch/array.h"

namespace lazulite::python {

/// numpy.nonzero: the indices of the elements that are not zero, an array for each axis.
pybind11::tuple nonzero_tuple(const Array& a);

void add_indexing(pybind11::module_& m);

}  // namespace lazulite::python
