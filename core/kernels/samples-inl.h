// What laws with parameters are made of, on vectors; von Mises, zeta, bounded integers, and words made of words. The
// rules are random.h's.
//
// A draw is a function of one 64-bit word and the parameters. What it needs beyond the word comes from the word's own
// substream: the words of ARS-7's blocks with the counter (word, k) under a key that is fixed and public. So laws that
// reject stay laws of one element, whatever the length, the window or the lane in which they are drawn.
#if defined(LZ_SAMPLES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_SAMPLES_INL
#undef LZ_SAMPLES_INL
#else
#define LZ_SAMPLES_INL
#endif

#include "core/kernels/math-inl.h"
#include "core/kernels/random-inl.h"
#include "core/kernels/wide-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

using Mask64 = hn::Mask<Tag<double>>;

/// The upper half of the counters of one purpose's blocks: two purposes share no block.
enum class Purpose : uint64_t {
  gamma,
  gamma_boost,
  poisson,
  binomial,
  integer,
  fork,
  uniform,
  vonmises,
  vonmises_normal,
  zipf,
  hypergeometric,
  beta,
  beta_other
};

class Substream {
 public:
  /// From the pair of words number `first` on.
  HWY_INLINE Substream(U64 words, Purpose purpose) : Substream(words, purpose, hn::Zero(Tag<uint64_t>())) {}
  /// From each lane's block number `first` on.
  HWY_INLINE Substream(U64 words, Purpose purpose, U64 first)
      : ars_(kSubstreamKey),
        words_(words),
        next_(hn::Add(first, hn::Set(Tag<uint64_t>(), static_cast<uint64_t>(purpose) << 32))) {}
  /// The next two words of every lane.
  HWY_INLINE void Next(U64& first, U64& second) {
    const Tag<uint64_t> d;
    const U64 even = ars_(hn::InterleaveLower(d, words_, next_)), odd = ars_(hn::InterleaveUpper(d, words_, next_));
    next_ = hn::Add(next_, hn::Set(d, 1));
    first = hn::InterleaveLower(d, even, odd);
    second = hn::InterleaveUpper(d, even, odd);
  }

 private:
  Ars7 ars_;
  U64 words_, next_;
};

/// (w | 1) 2^-64, in (0, 1]: fine near 0.
HWY_INLINE F64 Unit(U64 w) {
  return hn::Mul(hn::ConvertTo(Tag<double>(), hn::Or(w, hn::Set(Tag<uint64_t>(), 1))), hn::Set(Tag<double>(), 0x1p-64));
}
HWY_INLINE F64 Set64(double x) { return hn::Set(Tag<double>(), x); }
HWY_INLINE bool All(Mask64 m) { return hn::AllTrue(Tag<double>(), m); }
HWY_INLINE bool Any(Mask64 m) { return !hn::AllFalse(Tag<double>(), m); }

/// A parameter that is no number, or outside of its domain, gives NaN: no loop waits for it.
struct Pending {
  Mask64 open;  // lanes without a result
  F64 result;
  HWY_INLINE explicit Pending(Mask64 valid) : open(valid), result(hn::NaN(Tag<double>())) {}
  HWY_INLINE void Accept(Mask64 where, F64 value) {
    const Mask64 now = hn::And(open, where);
    result = hn::IfThenElse(now, value, result);
    open = hn::AndNot(now, open);
  }
};

// ------------------------------------------------------------------------------------------- for laws of whole numbers

/// log k! less Stirling's main part (k + 1/2) log(k + 1) - (k + 1) + log(2 pi) / 2, for whole k >= 0.
HWY_INLINE F64 StirlingRest(F64 k) {
  // Exact values for k < 10 (mpmath, 40 digits); from there the series in 1 / (k + 1) is within 1e-12.
  static constexpr double kRest[10] = {
      0.081061466795327258, 0.041340695955409294, 0.027677925684998339, 0.020790672103765093,  0.016644691189821192,
      0.013876128823070748, 0.011896709945891770, 0.010411265261972096, 0.0092554621827127329, 0.0083305634333631276};
  const Tag<double> d;
  const F64 r = hn::Div(Set64(1), hn::Add(k, Set64(1))), rr = hn::Mul(r, r);
  F64 y = hn::NegMulAdd(rr, Set64(1.0 / 1680), Set64(1.0 / 1260));
  y = hn::NegMulAdd(rr, y, Set64(1.0 / 360));
  y = hn::Mul(r, hn::NegMulAdd(rr, y, Set64(1.0 / 12)));
  const Mask64 small = k < Set64(10);
  if (Any(small)) {
    const auto index = hn::ConvertTo(Tag<int64_t>(), hn::IfThenElseZero(small, hn::Max(k, hn::Zero(d))));
    y = hn::IfThenElse(small, hn::GatherIndex(d, kRest, index), y);
  }
  return y;
}

/// The smallest k whose distribution function is at least u, by adding up: first = P(0), and P(k + 1) = P(k) times
/// ratio(k). `most` ends it where rounding leaves a rest: beyond, the probability is below 2^-64.
template <class Ratio>
HWY_INLINE F64 SearchUp(Mask64 valid, F64 first, U64 w, int most, const Ratio& ratio) {
  const Tag<double> d;
  F64 u = Unit(w), p = first, k = hn::IfThenElse(valid, hn::Zero(d), hn::NaN(d));
  for (int i = 0; i < most; ++i) {
    const Mask64 more = hn::And(valid, u > p);
    if (!Any(more)) break;
    u = hn::Sub(u, p);
    valid = more;
    k = hn::IfThenElse(more, Set64(i + 1), k);
    p = hn::Mul(p, ratio(i));
  }
  return k;
}

// ---------------------------------------------------------------------------------------- von Mises, zeta, words

/// The angle from the mean direction, in [-pi, pi]: Best and Fisher ("Efficient simulation of the von Mises
/// distribution", Applied Statistics 28, 1979); the normal's angle where the concentration is above 1e6, any angle
/// where it is below 1e-8.
class VonMisesLaw {
 public:
  HWY_INLINE explicit VonMisesLaw(F64 kappa) : kappa_(kappa) {
    const Tag<double> d;
    valid_ = kappa >= hn::Zero(d);
    flat_ = kappa < Set64(1e-8);
    narrow_ = kappa > Set64(1e6);
    const F64 k = hn::IfThenElse(hn::Or(flat_, narrow_), Set64(1), kappa);
    // s = (1 + rho^2) / (2 rho), rho = (r - sqrt(2 r)) / (2 k), r = 1 + sqrt(1 + 4 k^2); for small k, 1 / k + k.
    const F64 r = hn::Add(Set64(1), hn::Sqrt(hn::MulAdd(hn::Mul(Set64(4), k), k, Set64(1))));
    const F64 rho = hn::Div(hn::Sub(r, hn::Sqrt(hn::Add(r, r))), hn::Add(k, k));
    s_ = hn::Div(hn::MulAdd(rho, rho, Set64(1)), hn::Add(rho, rho));
    s_ = hn::IfThenElse(k < Set64(1e-5), hn::Add(hn::Div(Set64(1), k), k), s_);
  }
  HWY_INLINE F64 Draw(U64 w) const {
    const Tag<double> d;
    constexpr double kPi = 3.14159265358979323846;
    Substream words(w, Purpose::vonmises);
    U64 first, second;
    words.Next(first, second);
    const F64 sign = hn::Sub(UniformOf(first), Set64(0.5));
    Pending draw(valid_);
    draw.Accept(flat_, hn::Mul(Set64(kPi), UniformOf(second)));
    if (Any(hn::And(draw.open, narrow_))) {
      F64 x, y;
      U64 a, b;
      // Of a substream of its own: whether other lanes are narrow must not show.
      Substream(w, Purpose::vonmises_normal).Next(a, b);
      NormalPair64(a, b, x, y);
      draw.Accept(narrow_, hn::Min(hn::Abs(hn::Div(x, hn::Sqrt(kappa_))), Set64(kPi)));
    }
    while (Any(draw.open)) {
      words.Next(first, second);
      const F64 z = Cos(d, hn::Mul(Set64(kPi), UniformOf(first))), v = Unit(second);
      const F64 c = hn::Div(hn::MulAdd(s_, z, Set64(1)), hn::Add(s_, z));
      const F64 y = hn::Mul(kappa_, hn::Sub(s_, c));
      Mask64 accept = hn::Mul(y, hn::Sub(Set64(2), y)) >= v;
      const Mask64 doubtful = hn::AndNot(accept, draw.open);
      if (Any(doubtful)) {
        const F64 ratio = hn::IfThenElse(doubtful, hn::Div(y, v), Set64(1));
        accept = hn::Or(accept, hn::And(doubtful, hn::Sub(hn::Add(Log(d, ratio), Set64(1)), y) >= hn::Zero(d)));
      }
      draw.Accept(accept, Acos(d, hn::Max(hn::Min(c, Set64(1)), Set64(-1))));
    }
    return hn::CopySign(draw.result, sign);
  }

 private:
  F64 kappa_, s_;
  Mask64 valid_, flat_, narrow_;
};

/// The zeta law k^-a, by Devroye's rejection ("Non-Uniform Random Variate Generation", 1986, X.6.1); numbers beyond the
/// largest int64 are drawn again.
class ZipfLaw {
 public:
  HWY_INLINE explicit ZipfLaw(F64 a) : power_(hn::Sub(a, Set64(1))) {
    const Tag<double> d;
    valid_ = a > Set64(1);
    steep_ = a >= Set64(1025);  // 2^-a underflows: always 1
    const F64 p = hn::IfThenElse(hn::AndNot(steep_, valid_), power_, Set64(1));
    power_ = p;
    b_ = Exp2(d, p);
  }
  HWY_INLINE F64 Draw(U64 w) const {
    const Tag<double> d;
    Substream words(w, Purpose::zipf);
    Pending draw(valid_);
    draw.Accept(steep_, Set64(1));
    while (Any(draw.open)) {
      U64 first, second;
      words.Next(first, second);
      const F64 v = Unit(second), x = hn::Floor(Pow(d, Unit(first), hn::Div(Set64(-1), power_)));
      const Mask64 inside = hn::And(x >= Set64(1), x < Set64(0x1p63));
      const F64 safe = hn::IfThenElse(inside, x, Set64(1));
      // t = (1 + 1/x)^(a - 1), and t - 1 without cancellation.
      const F64 t1 = Expm1(d, hn::Mul(power_, Log1p(d, hn::Div(Set64(1), safe))));
      const F64 left = hn::Div(hn::Mul(hn::Mul(v, safe), t1), hn::Sub(b_, Set64(1)));
      draw.Accept(hn::And(inside, left <= hn::Div(hn::Add(t1, Set64(1)), b_)), safe);
    }
    return draw.result;
  }

 private:
  F64 power_, b_;
  Mask64 valid_, steep_;
};

/// Another word for every word; `number`, below 2^32, tells apart the words that one is the source of for a purpose.
HWY_INLINE U64 ForkedWord(U64 w, U64 number, Purpose purpose) {
  const Tag<uint64_t> d;
  const U64 block = hn::OrAnd(hn::Set(d, static_cast<uint64_t>(purpose) << 32), number, hn::Set(d, 0xFFFFFFFF));
  const Ars7 ars(kSubstreamKey);
  const U64 even = ars(hn::InterleaveLower(d, w, block)), odd = ars(hn::InterleaveUpper(d, w, block));
  return hn::InterleaveLower(d, even, odd);
}
/// The same for a number that is a float.
HWY_INLINE U64 ForkedWord(U64 w, F64 number, Purpose purpose) {
  const U64 mantissa = hn::BitCast(Tag<uint64_t>(), hn::Add(number, Set64(0x1p52)));
  return ForkedWord(w, mantissa, purpose);
}

// --------------------------------------------------------------------------------------------------------- integers

/// Uniform in 0, ..., `last`: Lemire's method ("Fast random integer generation in an interval", ACM TOMACS 29, 2019).
class IntegerLaw {
 public:
  HWY_INLINE explicit IntegerLaw(U64 last) : count_(hn::Add(last, hn::Set(Tag<uint64_t>(), 1))) {
    const Tag<uint64_t> d;
    full_ = hn::Eq(count_, hn::Zero(d));
    narrow_ = hn::AllTrue(d, hn::AndNot(full_, count_ < hn::Set(d, uint64_t{1} << 32)));
  }
  HWY_INLINE U64 Draw(U64 w) const {
    const Tag<uint64_t> d;
    U64 result, low;
    if (narrow_) {
      MulNarrow(w, count_, result, low);
    } else {
      MulWide(w, count_, result, low);
      result = hn::IfThenElse(full_, w, result);
    }
    auto doubtful = hn::AndNot(full_, low < count_);
    if (HWY_LIKELY(hn::AllFalse(d, doubtful))) return result;
    // A product whose low half is below 2^64 mod count is drawn again.
    HWY_ALIGN uint64_t least[kLanes<uint64_t>];
    hn::Store(hn::IfThenElse(full_, hn::Set(d, 1), count_), d, least);
    for (uint64_t& n : least) n = (0 - n) % n;
    const U64 threshold = hn::Load(d, least);
    Substream words(w, Purpose::integer);
    for (auto again = hn::And(doubtful, low < threshold); !hn::AllFalse(d, again);) {
      U64 first, second, other;
      words.Next(first, second);
      MulWide(first, count_, other, low);
      result = hn::IfThenElse(again, other, result);
      again = hn::And(again, low < threshold);
    }
    return result;
  }

 private:
  U64 count_;
  hn::Mask<Tag<uint64_t>> full_;  // 2^64 numbers
  bool narrow_;
};

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_SAMPLES_INL
