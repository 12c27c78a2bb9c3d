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

Law law_named(const std::string& law) {
  for (int i = 0; i < kLaws; ++i)
    if (name(static_cast<Law>(i)) == law) return static_cast<Law>(i);
  raise(PyExc_ValueError, "no random law is called " + law);
}

/// Draws of several laws, made of the same elements of the stream.
std::vector<Array> draws(BitGenerator& generator, const std::vector<std::string>& laws, py::handle dtype,
                         const Dims& shape) {
  const RandomKey key = generator.key();
  const uint64_t first = generator.reserve(static_cast<uint64_t>(shape.product()));
  std::vector<Array> result;
  for (const std::string& law : laws)
    result.push_back(make_random(law_named(law), *dtype_argument(dtype), shape, key.word, first));
  return result;
}

Op sample_named(const std::string& law) {
  for (int i = 0; i < kOps; ++i) {
    const Op op = static_cast<Op>(i);
    if (info(op).kind == OpKind::sample && info(op).name == "sample_" + law) return op;
  }
  raise(PyExc_ValueError, "no random law with parameters is called " + law);
}

/// Draws of a law with parameters: the words, then the parameters, which broadcast to the words' shape.
Array sample(const std::string& law, const py::args& operands) {
  const Op op = sample_named(law);
  Argument args[3];
  if (static_cast<int>(operands.size()) != info(op).arity) raise(PyExc_TypeError, law + ": wrong number of parameters");
  for (size_t i = 0; i < operands.size(); ++i)
    if (to_argument(operands[i].ptr(), args[i]) == Conversion::foreign)
      raise(PyExc_TypeError, law + ": a parameter is neither an array of lazulite's nor a number");
  return apply(op, args, info(op).arity);
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
      "draws",
      [](BitGenerator& generator, const std::vector<std::string>& laws, py::handle dtype, py::handle shape) {
        return draws(generator, laws, dtype, dims_argument(shape));
      },
      "Lazy draws of `shape` elements, one for each law, of the same part of the stream.");
  m.def("sample", &sample, "Lazy draws of a law with parameters: its name, words, parameters.");
}

}  // namespace lazulite::python
