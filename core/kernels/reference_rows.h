// The scalar side of the op table: `RefOf<Op::id>::apply<T>(a[, b])` evaluates the row's `ref` column. The
// tests compare the kernels with it.
#pragma once

#include "core/kernels/reference.h"

namespace lazulite {
namespace reference {

template <Op op>
struct RefOf;

#define LZ_REF_OF(id, dtypes, n, mask, ref, ...) \
  template <>                                    \
  struct RefOf<Op::id> {                         \
    static constexpr DTypeSet loops = dtypes;    \
    static constexpr int arity = n;              \
    static constexpr bool is_mask = mask;        \
    template <class T>                           \
    static auto apply(__VA_ARGS__) {             \
      return ref;                                \
    }                                            \
  };
#define LZ_UNARY(id, loops, rule, ulp, vec, ref, doc) LZ_REF_OF(id, loops, 1, false, (ref), T a)
#define LZ_TEST(id, loops, rule, ulp, vec, ref, doc) LZ_REF_OF(id, loops, 1, true, (ref), T a)
#define LZ_BINARY(id, loops, rule, ulp, vec, ref, doc) LZ_REF_OF(id, loops, 2, false, (ref), T a, T b)
#define LZ_TERNARY(id, loops, rule, ulp, vec, ref, doc) LZ_REF_OF(id, loops, 3, false, (ref), T a, T b, T x)
#define LZ_COMPARE(id, loops, rule, ulp, vec, ref, doc) LZ_REF_OF(id, loops, 2, true, (ref), T a, T b)
#include "core/ops.def"
#undef LZ_REF_OF

}  // namespace reference
}  // namespace lazulite
