// The engine's answers, for the tests of the header library.
#include "tests/cpp/header/engine.h"

#include <cstring>

#include "core/dispatch/accumulate.h"
#include "core/dispatch/array.h"

namespace lazulite::engine {

namespace {

Dims dims(const std::vector<int64_t>& v) { return Dims(v.data(), static_cast<int>(v.size())); }

Array array_of(const Operand& o) {
  Dims bytes = dims(o.strides);
  for (int k = 0; k < bytes.size(); ++k) bytes[k] *= item_size(o.t);
  return make_copy(o.t, dims(o.shape), o.data, bytes);
}

Result result_of(const Array& a) {
  const Array c = copy(a, true);
  const Memory m = expose(c);
  Result r;
  r.t = c.dtype();
  r.shape.assign(c.shape().begin(), c.shape().end());
  r.bytes.resize(static_cast<size_t>(c.size() * item_size(c.dtype())));
  if (!r.bytes.empty()) std::memcpy(r.bytes.data(), m.data, r.bytes.size());
  return r;
}

}  // namespace

Result apply(Op op, const std::vector<Operand>& operands) {
  std::vector<Argument> args;
  for (const Operand& o : operands) args.emplace_back(array_of(o));
  return result_of(lazulite::apply(op, args.data(), static_cast<int>(args.size())));
}

Result astype(const Operand& operand, DType t) { return result_of(lazulite::astype(array_of(operand), t)); }

Result reduce_of(Op reduction, Op op, const Operand& a, const Operand& b, uint64_t axes, double ddof) {
  const Argument args[] = {array_of(a), array_of(b)};
  return result_of(lazulite::reduce(reduction, lazulite::apply(op, args, 2), axes, false, std::nullopt, ddof));
}

Result reduce(Op reduction, const Operand& a, uint64_t axes, double ddof) {
  return result_of(lazulite::reduce(reduction, array_of(a), axes, false, std::nullopt, ddof));
}

Result accumulate(Op op, const Operand& a, int axis) { return result_of(lazulite::accumulate(op, array_of(a), axis)); }

Result draw(Law law, DType t, Stream stream, const uint64_t key[2], uint64_t first, int64_t n) {
  RandomParams p;
  p.law = law;
  p.stream = stream;
  p.key[0] = key[0];
  p.key[1] = key[1];
  p.first = first;
  return result_of(make_draw(t, Dims{n}, p));
}

}  // namespace lazulite::engine
