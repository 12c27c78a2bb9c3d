// What the elementary functions share: polynomials, exact sums and products, and clamping that lets NaN through.
//
// Every target with FMA computes the same operations in the same order, so the results agree to the last bit. Targets
// without it (SSE4) round the product of a MulAdd; the error bounds hold there too, the bits differ.
#if defined(LZ_MATH_COMMON_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_COMMON_INL
#undef LZ_MATH_COMMON_INL
#else
#define LZ_MATH_COMMON_INL
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace lazulite {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// The unsigned lane type as wide as T, and the width of T's fraction field.
template <class T>
using BitsOf = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;
template <class T>
inline constexpr int kFractionBits = std::numeric_limits<T>::digits - 1;

/// x in every lane, whatever type the constant is written in.
template <class D>
HWY_INLINE hn::Vec<D> Constant(D d, double x) {
  return hn::Set(d, static_cast<hn::TFromD<D>>(x));
}

/// c[0] + x (c[1] + x (c[2] + ...)), lowest power first.
template <class D, class V, class T, size_t n>
HWY_INLINE V Polynomial(D d, V x, const T (&c)[n]) {
  V y = hn::Set(d, c[n - 1]);
#pragma GCC unroll 32
  for (size_t i = n - 1; i > 0; --i) y = hn::MulAdd(y, x, hn::Set(d, c[i - 1]));
  return y;
}

/// 1.5 * 2^(digits - 1): adding it rounds to the nearest integer and leaves that integer in the low bits.
template <class T>
inline constexpr T kRoundMagic = T(1.5) * static_cast<T>(int64_t{1} << kFractionBits<T>);

/// The lesser of x and hi; NaN stays NaN.
template <class D, class V>
HWY_INLINE V LimitKeepNaN(D d, V x, double hi) {
#if HWY_ARCH_X86
  return hn::Min(Constant(d, hi), x);  // minps and maxps return their second operand where either is NaN
#else
  return hn::IfThenElse(hn::Gt(x, Constant(d, hi)), Constant(d, hi), x);
#endif
}

/// x limited to [lo, hi]; NaN stays NaN.
template <class D, class V>
HWY_INLINE V ClampKeepNaN(D d, V x, double lo, double hi) {
  x = LimitKeepNaN(d, x, hi);
#if HWY_ARCH_X86
  return hn::Max(Constant(d, lo), x);
#else
  return hn::IfThenElse(hn::Lt(x, Constant(d, lo)), Constant(d, lo), x);
#endif
}

/// Where the sign bit is set, be it of zero or NaN.
template <class D, class V>
HWY_INLINE hn::Mask<D> HasSignBit(D d, V x) {
  const hn::RebindToSigned<D> di;
  return hn::RebindMask(d, hn::Lt(hn::BitCast(di, x), hn::Zero(di)));
}

/// The rounding error of the product p = fl(a * b): a * b - p, exactly.
template <class D, class V>
HWY_INLINE V ProductError(D d, V a, V b, V p) {
#if HWY_NATIVE_FMA
  (void)d;
  return hn::MulSub(a, b, p);
#else
  // Dekker (1971): halves that multiply exactly.
  using T = hn::TFromD<D>;
  const V split = hn::Set(d, static_cast<T>((int64_t{1} << ((std::numeric_limits<T>::digits + 1) / 2)) + 1));
  const V ta = hn::Mul(a, split), tb = hn::Mul(b, split);
  const V ah = hn::Sub(ta, hn::Sub(ta, a)), bh = hn::Sub(tb, hn::Sub(tb, b));
  const V al = hn::Sub(a, ah), bl = hn::Sub(b, bh);
  const V e = hn::Add(hn::Sub(hn::Mul(ah, bh), p), hn::Add(hn::Mul(ah, bl), hn::Mul(al, bh)));
  return hn::Add(e, hn::Mul(al, bl));
#endif
}

/// The rounding error of the sum s = fl(a + b): a + b - s, exactly where |a| >= |b| or a = 0 (Dekker 1971).
template <class V>
HWY_INLINE V SumError(V a, V b, V s) {
  return hn::Add(hn::Sub(a, s), b);
}

/// 1 / x for positive, normal x, but for 6%: the exponent negated, the mantissa along a straight line.
template <class D, class V>
HWY_INLINE V RoughInverse(D d, V x) {
  using T = hn::TFromD<D>;
  const hn::Rebind<BitsOf<T>, D> du;
  constexpr T least_off = T(1.9138);  // (2 - 0.0862): its fraction counts from the exponent
  constexpr BitsOf<T> two_biases = BitsOf<T>(2 * std::numeric_limits<T>::max_exponent - 2) << kFractionBits<T>;
  constexpr auto down = static_cast<BitsOf<T>>((2 - double(least_off)) * double(int64_t{1} << kFractionBits<T>));
  return hn::BitCast(d, hn::Sub(hn::Set(du, two_biases - down), hn::BitCast(du, x)));
}

/// A quotient as q + rest * inverse, where q is its value but for rounding and the second term is the small correction.
template <class V>
struct CorrectedQuotient {
  V q, rest, inverse;
};

/// (num + num_lo) / (den + den_lo), to twice the precision of a division but for the last bits.
template <class D, class V>
HWY_INLINE CorrectedQuotient<V> Quotient(D d, V num, V num_lo, V den, V den_lo) {
  const V inverse = hn::Div(Constant(d, 1), den);
  const V q = hn::Mul(num, inverse);
#if HWY_NATIVE_FMA
  const V rest = hn::NegMulAdd(q, den, num);
#else
  const V product = hn::Mul(q, den);
  const V rest = hn::Sub(hn::Sub(num, product), ProductError(d, q, den, product));
#endif
  return {q, hn::Add(rest, hn::NegMulAdd(q, den_lo, num_lo)), inverse};
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_COMMON_INL
