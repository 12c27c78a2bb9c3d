// Compiled once per target with its flags: loops over the elementary functions, as constant data without initialiser.
#include "tests/cpp/math_probe.h"

#include "core/kernels/large-inl.h"
#include "core/kernels/math-inl.h"
#include "core/kernels/targets.h"
#include "core/kernels/ternary-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {
namespace {

#define LZ_ELEMENTARY(id, loops, rule, ulp, vec, ref)       \
  struct id##Of {                                           \
    template <class D>                                      \
    static HWY_INLINE hn::Vec<D> Apply(D d, hn::Vec<D> a) { \
      return vec;                                           \
    }                                                       \
  };
#include "core/ops/elementary.def"

template <class F, class T>
void Loop(const T* x, T* y, int64_t n) {
  const hn::ScalableTag<T> d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(F::Apply(d, hn::LoadU(d, x + i)), d, y + i);
  if (i == n) return;
  T tail[hn::MaxLanes(d)] = {};
  for (int64_t k = i; k < n; ++k) tail[k - i] = x[k];
  hn::StoreU(F::Apply(d, hn::LoadU(d, tail)), d, tail);
  for (int64_t k = i; k < n; ++k) y[k] = tail[k - i];
}

template <class F>
constexpr MathFunctions Functions(const char* name) {
  return {name, Loop<F, double>, Loop<F, float>};
}

template <class F, class T>
void PairsLoop(const T* a, const T* b, T* y, int64_t n) {
  const hn::ScalableTag<T> d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(F::apply(d, hn::LoadU(d, a + i), hn::LoadU(d, b + i)), d, y + i);
  if (i == n) return;
  T x[2][hn::MaxLanes(d)] = {};
  for (int64_t k = i; k < n; ++k) x[0][k - i] = a[k], x[1][k - i] = b[k];
  hn::StoreU(F::apply(d, hn::LoadU(d, x[0]), hn::LoadU(d, x[1])), d, x[0]);
  for (int64_t k = i; k < n; ++k) y[k] = x[0][k - i];
}

template <class F, class T>
void TriplesLoop(const T* a, const T* b, const T* x, T* y, int64_t n) {
  const hn::ScalableTag<T> d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto vector = [&](const T* p, const T* q, const T* r, T* out) HWY_ATTR {
    hn::StoreU(F::apply(d, hn::LoadU(d, p), hn::LoadU(d, q), hn::LoadU(d, r)), d, out);
  };
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) vector(a + i, b + i, x + i, y + i);
  if (i == n) return;
  T rest[4][hn::MaxLanes(d)] = {};
  for (int64_t k = i; k < n; ++k) rest[0][k - i] = a[k], rest[1][k - i] = b[k], rest[2][k - i] = x[k];
  vector(rest[0], rest[1], rest[2], rest[3]);
  for (int64_t k = i; k < n; ++k) y[k] = rest[3][k - i];
}

using AllPairs = std::array<PairFunctions, kPairFunctions>;
template <Op op, DTypeSet loops>
constexpr void AddPair(AllPairs& all, size_t& n, const char* name) {
  if constexpr (contains(loops, DType::float64))
    all[n++] = {name, PairsLoop<VecOf<op>, double>, PairsLoop<VecOf<op>, float>};
}
constexpr AllPairs MakePairs() {
  AllPairs all{};
  size_t n = 0;
#define LZ_LARGE(id, loops, ...) AddPair<Op::id, loops>(all, n, #id);
#include "core/ops/large.def"
  return all;
}

}  // namespace

extern const MathProbe kMathProbe;
#define LZ_NAME(target, name) HWY_TARGET == HWY_##target ? name:
constexpr MathProbe kMathProbe = {LZ_SIMD_TARGETS(LZ_NAME) "other",
                                  HWY_NATIVE_FMA != 0,
                                  {
#define LZ_ELEMENTARY(id, ...) Functions<id##Of>(#id),
#include "core/ops/elementary.def"
                                  },
                                  MakePairs(),
                                  {
#define LZ_TERNARY(id, ...) {#id, TriplesLoop<VecOf<Op::id>, double>, TriplesLoop<VecOf<Op::id>, float>},
#include "core/ops/ternary.def"
                                  }};

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
