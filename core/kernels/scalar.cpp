// The loops of the op table's scalar rows.
#include "core/kernels/scalar.h"

#include <array>
#include <cstring>
#include <utility>

#include "core/kernels/reference_rows.h"

namespace lazulite {

template <Op op, class T>
void scalar_loop(T* acc, const std::byte* other, ptrdiff_t step, int n, bool reversed) {
  using F = reference::RefOf<op>;
  for (int i = 0; i < n; ++i) {
    T x;
    std::memcpy(&x, other + i * step * static_cast<ptrdiff_t>(sizeof(T)), sizeof(T));
    acc[i] = reversed ? F::template apply<T>(x, acc[i]) : F::template apply<T>(acc[i], x);
  }
}

namespace {

/// The address of a row's loop on one dtype, if it has one.
template <Op op, DType t>
void (*address())() {
  if constexpr (contains(reference::RefOf<op>::loops, t)) {
    return reinterpret_cast<void (*)()>(&scalar_loop<op, typename CTypeOf<t>::type>);
  } else {
    return nullptr;
  }
}

using Addresses = std::array<void (*)(), kDTypes>;
template <Op op, size_t... t>
Addresses addresses(std::index_sequence<t...>) {
  return {address<op, static_cast<DType>(t)>()...};
}

}  // namespace

// Every loop is mentioned here, so that the compiler makes it.
#define LZ_SCALAR(id, ...)                  \
  extern const Addresses scalar_loops_##id; \
  const Addresses scalar_loops_##id = addresses<Op::id>(std::make_index_sequence<kDTypes>());
#include "core/ops/scalar.def"

}  // namespace lazulite
