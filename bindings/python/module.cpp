// The extension module `lazulite._core`.
#include <pybind11/pybind11.h>

#include "bindings/python/array_type.h"
#include "bindings/python/arrays.h"
#include "bindings/python/config.h"
#include "bindings/python/dlpack.h"
#include "bindings/python/errors.h"
#include "bindings/python/indexing.h"
#include "bindings/python/linalg.h"
#include "bindings/python/operations.h"
#include "bindings/python/random.h"
#include "bindings/python/saved.h"
#include "bindings/python/ufuncs.h"

namespace py = pybind11;

PYBIND11_MODULE(_core, m) {
  using namespace lazulite::python;
  m.doc() = "Lazulite's core: arrays, ufuncs, the engine. The package `lazulite` is its face.";
  py::register_exception_translator([](std::exception_ptr p) {
    try {
      if (p) std::rethrow_exception(p);
    } catch (const lazulite::Error& e) {
      set_error(e);
    }
  });
  try {
    add_config(m);  // starts the engine
  } catch (const lazulite::Error& e) {
    throw py::import_error(e.what());
  }
  add_array_type(m);
  add_fallback(m);
  add_indexing(m);
  add_ufuncs(m);
  add_arrays(m);
  add_random(m);
  add_dlpack(m);
  add_linalg(m);
  add_saved(m);
}
