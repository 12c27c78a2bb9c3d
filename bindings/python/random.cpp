// Random streams for lazulite/random.py: the bit generator and lazy draws.
#include "bindings/python/random.h"

#include <pybind11/stl.h>

#include <memory>
#include <utility>
#include <vector>

#include "bindings/python/array_type.h"
#include "bindings/python/convert.h"
#include "bindings/python/errors.h"
#include "core/graph/seed.h"

namespace lazulite::python {

namespace {

/// The state as a tuple: entropy, spawn key, children, key, next element.
py::tuple to_tuple(const BitGeneratorState& s) {
  return py::make_tuple(s.entropy, s.spawn_key, s.children, py::make_tuple(s.key.word[0], s.key.word[1]), s.next);
}

BitGeneratorState from_tuple(const py::tuple& t) {
  if (t.size() != 5) raise(PyExc_ValueError, "a bit generator's state has five entries");
  const auto key = t[3].cast<std::pair<uint64_t, uint64_t>>();
  return {t[0].cast<std::vector<uint32_t>>(),
          t[1].cast<std::vector<uint32_t>>(),
          t[2].cast<uint64_t>(),
          {{key.first, key.second}},
          t[4].cast<uint64_t>()};
}

Array draw(BitGenerator& generator, const std::string& law, py::handle dtype, const Dims& shape) {
  for (int i = 0; i < kLaws; ++i) {
    if (name(static_cast<Law>(i)) != law) continue;
    const RandomKey key = generator.key();
    const uint64_t first = generator.reserve(static_cast<uint64_t>(shape.product()));
    return make_random(static_cast<Law>(i), *dtype_argument(dtype), shape, key.word, first);
  }
  raise(PyExc_ValueError, "no random law is called " + law);
}

}  // namespace

void add_random(py::module_& m) {
  py::class_<BitGenerator>(m, "BitGenerator", "ARS-7: counter-based streams keyed by NumPy's SeedSequence.")
      .def(py::init([](std::vector<uint32_t> entropy, std::vector<uint32_t> spawn_key) {
             return std::make_unique<BitGenerator>(SeedSequence(std::move(entropy), std::move(spawn_key)));
           }),
           py::arg("entropy"), py::arg("spawn_key") = std::vector<uint32_t>{})
      .def_static(
          "from_os", [] { return std::make_unique<BitGenerator>(SeedSequence::from_os()); },
          "A stream keyed by 128 bits from the operating system.")
      .def("advance", &BitGenerator::advance, py::arg("delta"), "Moves on by delta elements, modulo 2**64.")
      .def("spawn", &BitGenerator::spawn, py::arg("n"), "The next n children, whose streams are independent.")
      .def_property(
          "state", [](const BitGenerator& g) { return to_tuple(g.state()); },
          [](BitGenerator& g, const py::tuple& t) { g.restore(from_tuple(t)); })
      .def(py::pickle([](const BitGenerator& g) { return to_tuple(g.state()); },
                      [](const py::tuple& t) { return std::make_unique<BitGenerator>(from_tuple(t)); }));
  m.def(
      "draw",
      [](BitGenerator& generator, const std::string& law, py::handle dtype, py::handle shape) {
        return draw(generator, law, dtype, dims_argument(shape));
      },
      "A lazy draw of `shape` elements.");
}

}  // namespace lazulite::python
