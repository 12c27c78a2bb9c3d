// Saved expressions: the core's functions, with Python's errors for files.
#include "bindings/python/saved.h"

#include <pybind11/stl.h>

#include <cerrno>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "bindings/python/array_type.h"
#include "bindings/python/convert.h"
#include "bindings/python/numpy.h"
#include "core/dispatch/saved.h"

namespace lazulite::python {

namespace {

/// Runs f; what the system says becomes an OSError of the path.
template <class F>
auto with_path(const std::string& path, F&& f) {
  try {
    return f();
  } catch (const std::system_error& e) {
    errno = e.code().value();
    PyErr_SetFromErrnoWithFilename(PyExc_OSError, path.c_str());
    throw py::error_already_set();
  }
}

py::tuple shape_of(const Dims& d) {
  py::tuple t(static_cast<size_t>(d.size()));
  for (int k = 0; k < d.size(); ++k) t[static_cast<size_t>(k)] = d[k];
  return t;
}

py::list inputs_of(const Saved& s) {
  py::list all;
  for (const SavedLeaf& leaf : s.expression().leaves)
    if (!leaf.name.empty())
      all.append(py::make_tuple(leaf.name, numpy_dtype(leaf.dtype), shape_of(leaf.form.shape), leaf.stored));
  return all;
}

py::list outputs_of(const Saved& s) {
  py::list all;
  for (size_t k = 0; k < s.outputs().size(); ++k)
    all.append(py::make_tuple(s.expression().outputs[k].name, numpy_dtype(s.outputs()[k].first),
                              shape_of(s.outputs()[k].second)));
  return all;
}

}  // namespace

void add_saved(py::module_& m) {
  using Named = std::vector<NamedArray>;
  m.def("save", [](const std::string& path, const Named& outputs, const Named& inputs, bool keep_inputs) {
    with_path(path, [&] { save(path, outputs, inputs, keep_inputs); });
  });
  py::class_<Saved>(m, "Saved")
      .def(py::init(
          [](const std::string& path) { return with_path(path, [&] { return std::make_unique<Saved>(path); }); }))
      .def("inputs", inputs_of)
      .def("outputs", outputs_of)
      .def("save", [](const Saved& s, const std::string& path,
                      const Named& inputs) { with_path(path, [&] { s.save(path, inputs); }); })
      .def("__call__", [](const Saved& s, const Named& inputs) { return s(inputs); });
}

}  // namespace lazulite::python
