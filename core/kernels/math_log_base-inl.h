// Log2, Log10 and Log1p: logarithms that take one more step than Log.
//
// x = 2^k (1 + f) and log(1 + f) by Log's polynomials. For another base it is kept as a sum of two, which is multiplied
// by 1 / log(base) in two parts and added to k log(2) / log(base). Of a sum x + rest the logarithm has rest / x more.
#if defined(LZ_MATH_LOG_BASE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_LOG_BASE_INL
#undef LZ_MATH_LOG_BASE_INL
#else
#define LZ_MATH_LOG_BASE_INL
#endif

#include "core/kernels/math_log-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

template <class T>
struct TwoParts {
  T hi, lo;
};

// For each function the logarithm of 2, whose first part times k is exact, and the factor of the natural logarithm; of
// floats also (log(1 + f) - factor f) / f^2 in f, minimax, error 2^-27.7 of the logarithm (tools/coefficients.py logf).
template <class T>
struct BinaryLog {
  static constexpr TwoParts<T> two = {1, 0};
  static constexpr TwoParts<T> factor = sizeof(T) == 8 ? TwoParts<T>{T(0x1.71547652b82fep0), T(0x1.777d0ffda0d24p-56)}
                                                       : TwoParts<T>{T(0x1.715476p0), T(0x1.4ae0cp-26)};
  static constexpr float p[] = {-0x1.71547p-1f, 0x1.ec7094p-2f,  -0x1.715afep-2f, 0x1.277f44p-2f, -0x1.eaa24ap-3f,
                                0x1.a2c9dep-3f, -0x1.87f7f0p-3f, 0x1.7f27fap-3f,  -0x1.c39b06p-4f};
};
template <class T>
struct DecimalLog {
  static constexpr TwoParts<T> two = sizeof(T) == 8 ? TwoParts<T>{T(0x1.34413509f7800p-2), T(0x1.fef311f12b358p-46)}
                                                    : TwoParts<T>{T(0x1.344p-2), T(0x1.3509f8p-18)};
  static constexpr TwoParts<T> factor = sizeof(T) == 8 ? TwoParts<T>{T(0x1.bcb7b1526e50ep-2), T(0x1.95355baaafad3p-57)}
                                                       : TwoParts<T>{T(0x1.bcb7b2p-2), T(-0x1.5b235ep-27)};
  static constexpr float p[] = {-0x1.bcb7aap-3f, 0x1.287a7p-3f,   -0x1.bcbf52p-4f, 0x1.63d06ep-4f, -0x1.276a4ap-4f,
                                0x1.f84aa8p-5f,  -0x1.d791e2p-5f, 0x1.cd12c8p-5f,  -0x1.1094a4p-5f};
};
template <class T>
struct NaturalLogParts {
  static constexpr TwoParts<T> two = {LogConstants<T>::ln2_hi, LogConstants<T>::ln2_lo};
  static constexpr TwoParts<T> factor = {1, 0};
};

/// rest / x of x = 2^k (1 + f), as first (1/4 + factor): what log(x + rest) has more than log x. `rest` is at most some
/// ulps of x, and x well above the least normal number.
template <class V>
struct RestOverSum {
  V first, factor;
};
template <class D, class V, class VI>
HWY_INLINE RestOverSum<V> OverSum(D d, VI i, V f, V rest) {
  using T = hn::TFromD<D>;
  using B = BitsOf<T>;
  // 4 times rest 2^-k: 2^-k alone is no normal number for the largest x.
  const hn::Rebind<B, D> du;
  constexpr B top = B(2 * std::numeric_limits<T>::max_exponent) << kFractionBits<T>;
  constexpr B field = ~((B(1) << kFractionBits<T>)-1);
  const V scale = hn::BitCast(d, hn::Sub(hn::Set(du, top), hn::And(i, hn::Set(du, field))));
  // A quarter of 1 / (1 + f) - 1, but for an error of f 2^-8.6 (tools/coefficients.py inverse).
  static constexpr double p[] = {-0x1.00763cp-2, 0x1.16af3p-2, -0x1.f0f30cp-3};
  const V inverse = hn::MulAdd(hn::MulAdd(f, Constant(d, p[2]), Constant(d, p[1])), f, Constant(d, p[0]));
  return {hn::Mul(rest, scale), hn::Mul(f, inverse)};
}

/// log(x + rest) + log 2^-shift, as LogShifted and OverSum.
template <class D, class V>
HWY_INLINE V LogOfSum(D d, V x, V rest, V shift) {
  using C = LogConstants<hn::TFromD<D>>;
  const auto [k, m, i] = SplitAt<C::sqrt_half>(d, x, shift);
  const V f = hn::Sub(m, Constant(d, 1));
  const auto [first, factor] = OverSum(d, i, f, rest);
  // `first` is taken last: beside a small f its last bits are those of the result.
  const V u = FLessLog(d, f, hn::MulAdd(first, factor, hn::Mul(k, hn::Set(d, C::ln2_lo))));
  return hn::MulAdd(k, hn::Set(d, C::ln2_hi), hn::Sub(f, hn::NegMulAdd(first, Constant(d, 0.25), u)));
}
/// The same for LogOfAny.
template <class V>
struct SumLog {
  V rest;

  template <class D>
  HWY_INLINE V operator()(D d, V x, V shift) const {
    return LogOfSum(d, x, rest, shift);
  }
};

/// A logarithm as whole + p + p_lo: a multiple of the logarithm of 2, and two parts less than half of that.
template <class V>
struct PartsOfLog {
  V whole, p, p_lo;
};

/// Another logarithm of x 2^-shift, as LogShifted. `of_sum`: of x + rest, as OverSum.
template <template <class> class Log, bool of_sum, class D, class V>
HWY_INLINE PartsOfLog<V> LogInParts(D d, V x, V shift, [[maybe_unused]] V rest) {
  using T = hn::TFromD<D>;
  using C = LogConstants<T>;
  constexpr TwoParts<T> two = Log<T>::two, factor = Log<T>::factor;
  const auto [k, m, i] = SplitAt<C::sqrt_half>(d, x, shift);
  const V f = hn::Sub(m, Constant(d, 1));

  V p, p_lo;
  if constexpr (sizeof(T) == 4 && factor.hi != 1) {
    // The first coefficient times f as a sum of two; the others make the rest.
    static_assert(!of_sum);
    const V hi = hn::Set(d, factor.hi), q = Polynomial(d, f, Log<T>::p);
    p = hn::Mul(f, hi);
    p_lo = hn::MulAdd(f, hn::MulAdd(f, q, hn::Set(d, factor.lo)), ProductError(d, f, hi, p));
  } else {
    // log(1 + f) = a + b, with a = f - f^2/2 rounded.
    const V square = hn::Mul(f, f), half = Constant(d, 0.5);
    const V half_square = hn::Mul(square, half);
    const V a = hn::Sub(f, half_square);
    V b = hn::NegMulAdd(ProductError(d, f, f, square), half, hn::Sub(hn::Sub(f, a), half_square));
    if constexpr (sizeof(T) == 8) {
      const V s = hn::Div(f, hn::Add(f, Constant(d, 2)));
      const V z = hn::Mul(s, s);
      b = hn::MulAdd(s, hn::MulAdd(z, Polynomial(d, z, C::p), half_square), b);
    } else {
      b = hn::MulAdd(hn::Mul(square, f), Polynomial(d, f, C::p), b);
    }
    if constexpr (of_sum) {
      const RestOverSum<V> more = OverSum(d, i, f, rest);
      b = hn::MulAdd(more.first, Constant(d, 0.25), hn::MulAdd(more.first, more.factor, b));
    }
    p = a;
    p_lo = b;
    if constexpr (factor.hi != 1) {
      const V hi = hn::Set(d, factor.hi);
      p = hn::Mul(a, hi);
      p_lo = hn::MulAdd(b, hi, hn::MulAdd(a, hn::Set(d, factor.lo), ProductError(d, a, hi, p)));
    }
  }
  if constexpr (two.lo != 0) p_lo = hn::MulAdd(k, hn::Set(d, two.lo), p_lo);
  return {hn::Mul(k, hn::Set(d, two.hi)), p, p_lo};
}

/// LogInParts, added up.
template <template <class> class Log>
struct ShiftedLog {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x, V shift) const {
    const auto [whole, p, p_lo] = LogInParts<Log, false>(d, x, shift, x);
    const V y = hn::Add(whole, p);
    return hn::Add(y, hn::Add(SumError(whole, p, y), p_lo));
  }
};

/// The logarithm to base 2, at most 1 ulp from the exact value.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Log2(D d, V x) {
  return LogOfAny(d, x, ShiftedLog<BinaryLog>());
}

/// The logarithm to base 10, at most 1 ulp from the exact value.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Log10(D d, V x) {
  return LogOfAny(d, x, ShiftedLog<DecimalLog>());
}

/// log(1 + x), at most 1 ulp from the exact value.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Log1p(D d, V x) {
  const V one = Constant(d, 1);
  const V u = hn::Add(one, x);
  const V rest = hn::Sub(x, hn::Sub(u, one));
  // The sign is that of x also where x is -0.
  return hn::CopySign(LogOfAny(d, u, SumLog<V>{rest}), x);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_LOG_BASE_INL
