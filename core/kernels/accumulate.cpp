// Loops that change scattered elements one after the other, by the scalar references of the binary rows.
#include "core/kernels/accumulate.h"

#include <array>
#include <utility>

#include "core/kernels/reference_rows.h"

namespace lazulite {

namespace {

template <Op op, class T>
void loop(std::byte* base, const int64_t* places, const std::byte* values, int64_t step, int64_t n) {
  T* const x = reinterpret_cast<T*>(base);
  const T* const v = reinterpret_cast<const T*>(values);
  for (int64_t k = 0; k < n; ++k) {
    T& element = x[places[k]];
    element = static_cast<T>(reference::RefOf<op>::template apply<T>(element, v[k * step]));
  }
}

template <Op op, DType t>
AccumulateLoop loop_of() {
  if constexpr (contains(reference::RefOf<op>::loops, t)) return &loop<op, typename CTypeOf<t>::type>;
  return nullptr;
}

template <Op op, size_t... t>
AccumulateLoop choose(DType dtype, std::index_sequence<t...>) {
  static constexpr auto make = [] {
    return std::array<AccumulateLoop, kDTypes>{loop_of<op, static_cast<DType>(t)>()...};
  };
  static const auto loops = make();
  return loops[static_cast<size_t>(dtype)];
}

}  // namespace

AccumulateLoop accumulate_loop(Op op, DType t) {
  switch (op) {
#define LZ_BINARY(id, ...) \
  case Op::id:             \
    return choose<Op::id>(t, std::make_index_sequence<kDTypes>());
#include "core/ops.def"
    default:
      return nullptr;
  }
}

}  // namespace lazulite
