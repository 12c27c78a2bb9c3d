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

template <class E>
E named(const std::string& wanted, int count, const char* what) {
  for (int i = 0; i < count; ++i)
    if (name(static_cast<E>(i)) == wanted) return static_cast<E>(i);
  raise(PyExc_ValueError, "no random " + std::string(what) + " is called " + wanted);
}
Law law_named(const std::string& law) { return named<Law>(law, kLaws, "law"); }
Stream stream_named(const std::string& stream) { return named<Stream>(stream, kStreams, "stream"); }

/// The state as a tuple: entropy, spawn key, children, key, next element, stream.
py::tuple to_tuple(const BitGeneratorState& s) {
  return py::make_tuple(s.entropy, s.spawn_key, s.children, py::make_tuple(s.key.word[0], s.key.word[1]), s.next,
                        std::string(name(s.stream)));
}

/// One of the streams that a BitGenerator hands out ranges of.
Stream own_stream(const std::string& stream) {
  const Stream s = stream_named(stream);
  if (s != Stream::ars && s != Stream::philox) raise(PyExc_ValueError, stream + " is no stream of a BitGenerator");
  return s;
}

BitGeneratorState from_tuple(const py::tuple& t) {
  if (t.size() != 6) raise(PyExc_ValueError, "a bit generator's state has six entries");
  const auto key = t[3].cast<std::pair<uint64_t, uint64_t>>();
  return {t[0].cast<std::vector<uint32_t>>(),
          t[1].cast<std::vector<uint32_t>>(),
          t[2].cast<uint64_t>(),
          {{key.first, key.second}},
          t[4].cast<uint64_t>(),
          own_stream(t[5].cast<std::string>())};
}

/// Draws of several laws, made of the same elements of the stream.
std::vector<Array> draws(BitGenerator& generator, const std::vector<std::string>& laws, py::handle dtype,
                         const Dims& shape) {
  const RandomKey key = generator.key();
  const uint64_t first = generator.reserve(static_cast<uint64_t>(shape.product()));
  std::vector<Array> result;
  for (const std::string& law : laws)
    result.push_back(make_draw(*dtype_argument(dtype), shape,
                               {law_named(law), generator.stream(), {key.word[0], key.word[1]}, first}));
  return result;
}

/// A draw from any stream: the words of its key, and the number of its first element.
Array draw(const std::string& stream, const std::vector<uint64_t>& key, const std::string& law, py::handle dtype,
           const Dims& shape, uint64_t first) {
  RandomParams p{law_named(law), stream_named(stream), {}, first};
  if (key.size() > kKeyWords) raise(PyExc_ValueError, "a stream's key has six words at most");
  for (size_t i = 0; i < key.size(); ++i) p.key[i] = key[i];
  if (p.stream == Stream::sobol && (p.key[2] == 0 || p.key[2] > kSobolPoints || p.key[3] > kSobolPoints - p.key[2]))
    raise(PyExc_ValueError, "sobol: there are 2**32 points");
  return make_draw(*dtype_argument(dtype), shape, p);
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
  py::class_<BitGenerator>(m, "BitGenerator", "Counter-based streams keyed by NumPy's SeedSequence.")
      .def(py::init([](const std::string& stream, std::vector<uint32_t> entropy, std::vector<uint32_t> spawn_key) {
             return std::make_unique<BitGenerator>(SeedSequence(std::move(entropy), std::move(spawn_key)),
                                                   own_stream(stream));
           }),
           py::arg("stream"), py::arg("entropy"), py::arg("spawn_key") = std::vector<uint32_t>{})
      .def_static(
          "from_os",
          [](const std::string& stream) {
            return std::make_unique<BitGenerator>(SeedSequence::from_os(), own_stream(stream));
          },
          "A stream keyed by 128 bits from the operating system.")
      .def("jumped", &BitGenerator::jumped, py::arg("jumps"),
           "A generator of the same stream, 2**48 elements on a jump.")
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
  m.def(
      "draw",
      [](const std::string& stream, const std::vector<uint64_t>& key, const std::string& law, py::handle dtype,
         py::handle shape, uint64_t first) { return draw(stream, key, law, dtype, dims_argument(shape), first); },
      "A lazy draw of `shape` elements from any stream: its name, key, law, dtype, shape, first element.");
  m.attr("SOBOL_DIMENSIONS") = kSobolDimensions;
  m.def("sample", &sample, "Lazy draws of a law with parameters: its name, words, parameters.");
}

}  // namespace lazulite::python
