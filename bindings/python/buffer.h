// The buffer protocol of `lazulite.Array`, and the interrupts that numpy.asarray drops in it.
#pragma once

#include <pybind11/pybind11.h>

namespace lazulite::python {

/// Raises the interrupt that the last request for this array's buffer ended with, if nobody has seen it.
void raise_interrupt(PyObject* array);
/// Forgets it.
void drop_interrupt();

}  // namespace lazulite::python
