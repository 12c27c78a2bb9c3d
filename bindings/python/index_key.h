// Keys of `x[key]`: from Python objects to a view, and index arrays along its axes.
#pragma once

#include <pybind11/pybind11.h>

#include "core/dispatch/indexing.h"

namespace lazulite::python {

namespace py = pybind11;

/// What a key selects.
struct Key {
  Selector selector;       // without index arrays: a view
  bool element = false;    // integers for every axis: a value rather than a view
  bool copies = false;     // integers that came as 0-d arrays: a copy rather than a view
  bool lone_mask = false;  // nothing but one mask with elements, over the first axes
  bool full_mask = false;  // ... over all axes (there may be none)
  bool advanced() const { return !selector.indices.empty(); }
};

/// Raises NumPy's errors, but for those that depend on the values of index arrays.
Key parse_key(const Array& a, PyObject* key);

/// "only integers, slices, ... are valid indices".
[[noreturn]] void raise_not_an_index();

}  // namespace lazulite::python
