// Expit, Logit, LogExpit and Exprel: the logistic function, its inverse and its logarithm; (e^x - 1) / x.
#if defined(LZ_MATH_EXPIT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_EXPIT_INL
#undef LZ_MATH_EXPIT_INL
#else
#define LZ_MATH_EXPIT_INL
#endif

#include "core/kernels/math_erfc-inl.h"
#include "core/kernels/math_expm1-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

struct ExpitInDoubles {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x) const {
    // By e^-|x|, which does not overflow.
    const V one = Constant(d, 1), e = Exp(d, hn::Neg(hn::Abs(x)));
    return hn::Div(hn::IfThenElse(hn::Lt(x, hn::Zero(d)), e, one), hn::Add(one, e));
  }
};

struct LogExpitInDoubles {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x) const {
    const V one = Constant(d, 1), zero = hn::Zero(d), e = Exp(d, hn::Neg(hn::Abs(x)));
    const V u = hn::Add(one, e);
    const V log = LogOfSum(d, u, SumError(one, e, u), hn::Set(d, kNoShift<double>));
    return hn::Neg(hn::Abs(hn::Sub(hn::IfThenElse(hn::Lt(x, zero), x, zero), log)));  // -0 at infinity
  }
};

struct LogitInDoubles {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x) const {
    using L = std::numeric_limits<double>;
    const V one = Constant(d, 1), zero = hn::Zero(d);
    const auto small = hn::Lt(x, Constant(d, 0x1p-500));
    const V p = hn::Mul(x, hn::IfThenElse(small, Constant(d, 0x1p200), one));
    const V shift = hn::Add(hn::Set(d, kNoShift<double>), hn::IfThenElseZero(small, Constant(d, 200)));
    const V den = hn::Sub(one, x);
    const auto [q, rest, inverse] = Quotient(d, p, zero, den, hn::Sub(hn::Sub(one, den), x));
    V y = LogOfSum(d, q, hn::Mul(rest, inverse), shift);
    const auto inside = hn::And(hn::Lt(zero, x), hn::Lt(x, one));
    if (HWY_UNLIKELY(!hn::AllTrue(d, inside))) {
      y = hn::IfThenElse(inside, y, hn::Set(d, L::quiet_NaN()));
      y = hn::IfThenElse(hn::Eq(x, zero), hn::Set(d, -L::infinity()), y);
      y = hn::IfThenElse(hn::Eq(x, one), hn::Set(d, L::infinity()), y);
    }
    return y;
  }
};

struct ExprelInDoubles {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x) const {
    const auto tiny = hn::Lt(hn::Abs(x), Constant(d, 0x1p-60));
    V y = hn::IfThenElse(tiny, Constant(d, 1), hn::Div(Expm1(d, x), x));
    const auto large = hn::Gt(x, Constant(d, 700));
    if (HWY_UNLIKELY(!hn::AllFalse(d, large))) {
      // Where e^x overflows before the quotient does: e^(x/2) twice.
      const V z = hn::IfThenElse(large, hn::Min(x, Constant(d, 1000)), Constant(d, 1));
      const V e = Exp(d, hn::Mul(z, Constant(d, 0.5)));
      y = hn::IfThenElse(large, hn::Mul(hn::Div(e, z), e), y);
    }
    return y;
  }
};

/// 1 / (1 + e^-x).
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Expit(D d, V x) {
  return InDoubles<ExpitInDoubles>(d, x);
}

/// The logarithm of that.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V LogExpit(D d, V x) {
  return InDoubles<LogExpitInDoubles>(d, x);
}

/// log(x / (1 - x)); NaN outside [0, 1].
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Logit(D d, V x) {
  return InDoubles<LogitInDoubles>(d, x);
}

/// (e^x - 1) / x, and 1 at 0.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Exprel(D d, V x) {
  return InDoubles<ExprelInDoubles>(d, x);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_EXPIT_INL
