// Laws with parameters, on vectors: gamma, Poisson, binomial, bounded integers, and words made of words. Their rules
// are random.h's.
//
// A draw is a function of one 64-bit word and the parameters. What it needs beyond the word comes from the word's own
// substream: the words of ARS-7's blocks with the counter (word, k) under a key that is fixed and public. So laws that
// reject stay laws of one element, whatever the length, the window or the lane in which they are drawn.
#pragma once

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
  hypergeometric
};

class Substream {
 public:
  HWY_INLINE Substream(U64 words, Purpose purpose)
      : ars_(kSubstreamKey), words_(words), next_(static_cast<uint64_t>(purpose) << 32) {}
  /// The next two words of every lane.
  HWY_INLINE void Next(U64& first, U64& second) {
    const Tag<uint64_t> d;
    const U64 number = hn::Set(d, next_++);
    const U64 even = ars_(hn::InterleaveLower(d, words_, number)), odd = ars_(hn::InterleaveUpper(d, words_, number));
    first = hn::InterleaveLower(d, even, odd);
    second = hn::InterleaveUpper(d, even, odd);
  }

 private:
  Ars7 ars_;
  U64 words_;
  uint64_t next_;
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

// ----------------------------------------------------------------------------------------------------------- gamma

/// Marsaglia and Tsang ("A simple method for generating gamma variables", ACM TOMS 26, 2000), for shapes of at least 1;
/// a smaller one takes the next shape's draw times u^(1/shape).
class GammaLaw {
 public:
  HWY_INLINE explicit GammaLaw(F64 shape) : shape_(shape), small_(shape < Set64(1)) {
    d_ = hn::Sub(hn::IfThenElse(small_, hn::Add(shape, Set64(1)), shape), Set64(1.0 / 3));
    c_ = hn::Div(Set64(1.0 / 3), hn::Sqrt(d_));
  }
  HWY_INLINE F64 Draw(U64 w) const {
    F64 x = Large(w);
    if (Any(small_)) {
      const F64 power = hn::Div(Boost(w), shape_);  // of e, negative
      x = hn::IfThenElse(small_, hn::Mul(x, Exp(Tag<double>(), hn::Neg(power))), x);
    }
    return x;
  }
  /// The draw's logarithm, which is no -inf where the draw of a small shape underflows.
  HWY_INLINE F64 DrawLog(U64 w) const {
    const F64 x = Log(Tag<double>(), Large(w));
    return Any(small_) ? hn::IfThenElse(small_, hn::Sub(x, hn::Div(Boost(w), shape_)), x) : x;
  }

 private:
  static HWY_INLINE F64 Boost(U64 w) {
    U64 first, second;
    Substream(w, Purpose::gamma_boost).Next(first, second);
    return NegLog64(first);
  }
  HWY_INLINE F64 Large(U64 w) const {
    Substream words(w, Purpose::gamma);
    Pending draw(shape_ >= Set64(0));
    while (Any(draw.open)) {
      U64 a, b, u, v;
      words.Next(a, b);
      words.Next(u, v);
      F64 x, y;
      NormalPair64(a, b, x, y);
      Try(x, Unit(u), draw);
      if (Any(draw.open)) Try(y, Unit(v), draw);
    }
    return draw.result;
  }
  HWY_INLINE void Try(F64 x, F64 u, Pending& draw) const {
    const Tag<double> d;
    const F64 root = hn::MulAdd(c_, x, Set64(1));
    const Mask64 positive = hn::And(draw.open, root > hn::Zero(d));
    const F64 v = hn::Mul(hn::Mul(root, root), root), xx = hn::Mul(x, x);
    Mask64 accept = hn::And(positive, u < hn::NegMulAdd(Set64(0.0331), hn::Mul(xx, xx), Set64(1)));
    const Mask64 doubtful = hn::AndNot(accept, positive);
    if (Any(doubtful)) {
      const F64 log_v = Log(d, hn::IfThenElse(doubtful, v, Set64(1)));
      const F64 bound = hn::MulAdd(d_, hn::Add(hn::Sub(Set64(1), v), log_v), hn::Mul(Set64(0.5), xx));
      accept = hn::Or(accept, hn::And(doubtful, Log(d, u) < bound));
    }
    draw.Accept(accept, hn::Mul(d_, v));
  }

  F64 shape_, d_, c_;
  Mask64 small_;
};

// ---------------------------------------------------------------------------------------------- Poisson and binomial

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

/// Hoermann's transformed rejection (1993): a candidate is floor((2 a / us + b) u + centre), with u uniform in [-1/2,
/// 1/2) and us = 1/2 - |u|; v is uniform in (0, 1].
struct TransformedRejection {
  F64 a, b, centre, alpha;
  F64 quick;  // v up to here accepts a candidate of us >= 0.07

  /// A draw for the lanes `valid`. possible(k, us, v): could candidate k be a draw? log_density(k): of those that are
  /// looked at closely, the logarithm that alpha v / (a / us^2 + b) is measured by.
  template <class Possible, class LogDensity>
  HWY_INLINE F64 Draw(Mask64 valid, Substream words, const Possible& possible, const LogDensity& log_density) const {
    const Tag<double> d;
    Pending draw(valid);
    while (Any(draw.open)) {
      U64 first, second;
      words.Next(first, second);
      const F64 u = hn::Sub(Unit(first), Set64(0.5)), v = Unit(second);
      const F64 us = hn::Sub(Set64(0.5), hn::Abs(u));
      const F64 k = hn::Floor(hn::MulAdd(hn::Add(hn::Div(hn::Add(a, a), us), b), u, centre));
      const Mask64 inside = hn::And(possible(k, us, v), us > hn::Zero(d));
      Mask64 accept = hn::And(inside, hn::And(us >= Set64(0.07), v <= quick));
      const Mask64 doubtful = hn::AndNot(accept, hn::And(inside, draw.open));
      if (Any(doubtful)) {
        const F64 ratio = hn::Div(hn::Mul(v, alpha), hn::MulAdd(hn::Div(a, us), hn::Div(Set64(1), us), b));
        const F64 bound = log_density(hn::IfThenElseZero(doubtful, k));
        accept = hn::Or(accept, hn::And(doubtful, Log(d, ratio) <= bound));
      }
      draw.Accept(accept, k);
    }
    return draw.result;
  }
};

/// By search for means below 10, from there by Hoermann's transformed rejection PTRS ("The transformed rejection method
/// for generating Poisson random variables", Insurance: Mathematics and Economics 12, 1993).
class PoissonLaw {
 public:
  HWY_INLINE explicit PoissonLaw(F64 mean) : mean_(mean) {
    const Tag<double> d;
    small_ = hn::And(mean >= hn::Zero(d), mean < Set64(10));
    large_ = mean >= Set64(10);
    first_ = Any(small_) ? Exp(d, hn::Neg(hn::IfThenElseZero(small_, mean))) : hn::Zero(d);
    if (!Any(large_)) return;
    const F64 m = hn::IfThenElse(large_, mean, Set64(10));
    large_means_.b = hn::MulAdd(Set64(2.53), hn::Sqrt(m), Set64(0.931));
    large_means_.a = hn::MulAdd(Set64(0.02483), large_means_.b, Set64(-0.059));
    large_means_.centre = hn::Add(mean, Set64(0.43));
    large_means_.alpha = hn::Add(Set64(1.1239), hn::Div(Set64(1.1328), hn::Sub(large_means_.b, Set64(3.4))));
    large_means_.quick = hn::Sub(Set64(0.9277), hn::Div(Set64(3.6224), hn::Sub(large_means_.b, Set64(2))));
    log_mean_ = Log(d, m);
  }
  HWY_INLINE F64 Draw(U64 w) const {
    const Tag<double> d;
    F64 k = hn::NaN(d);
    if (Any(small_)) k = SearchUp(small_, first_, w, 64, [&](int i) { return hn::Mul(mean_, Set64(1.0 / (i + 1))); });
    if (Any(large_)) k = hn::IfThenElse(large_, Large(w), k);
    return k;
  }

 private:
  HWY_INLINE F64 Large(U64 w) const {
    const Tag<double> d;
    return large_means_.Draw(
        large_, Substream(w, Purpose::poisson),
        [&](F64 k, F64 us, F64 v) { return hn::AndNot(hn::And(us<Set64(0.013), v> us), k >= hn::Zero(d)); },
        [&](F64 k) {  // k log mean - mean - log k!
          const F64 next = hn::Add(k, Set64(1)), log_next = Log(d, next);
          const F64 main = hn::MulSub(k, hn::Sub(log_mean_, log_next), hn::Sub(mean_, next));
          return hn::Sub(main, hn::MulAdd(Set64(0.5), log_next, hn::Add(StirlingRest(k), Set64(kHalfLog2Pi))));
        });
  }
  static constexpr double kHalfLog2Pi = 0.91893853320467274178;

  F64 mean_, first_, log_mean_;
  TransformedRejection large_means_;
  Mask64 small_, large_;
};

/// By search where n min(p, 1 - p) < 10, from there by Hoermann's BTRS ("The generation of binomial random variates",
/// Journal of Statistical Computation and Simulation 46, 1993).
class BinomialLaw {
 public:
  HWY_INLINE BinomialLaw(F64 n, F64 p) : n_(n) {
    const Tag<double> d;
    flip_ = p > Set64(0.5);
    p_ = hn::IfThenElse(flip_, hn::Sub(Set64(1), p), p);
    const Mask64 valid = hn::And(n >= hn::Zero(d), hn::And(p >= hn::Zero(d), p <= Set64(1)));
    const F64 q = hn::Sub(Set64(1), p_), mean = hn::Mul(n, p_);
    odds_ = hn::Div(p_, q);
    small_ = hn::And(valid, mean < Set64(10));
    large_ = hn::And(valid, mean >= Set64(10));
    first_ = Any(small_) ? Exp(d, hn::Mul(n, Log1p(d, hn::Neg(p_)))) : hn::Zero(d);
    if (!Any(large_)) return;
    const F64 s = hn::Sqrt(hn::Mul(hn::IfThenElse(large_, mean, Set64(10)), q));
    large_means_.b = hn::MulAdd(Set64(2.53), s, Set64(1.15));
    large_means_.a = hn::MulAdd(Set64(0.0248), large_means_.b, hn::MulAdd(Set64(0.01), p_, Set64(-0.0873)));
    large_means_.centre = hn::Add(mean, Set64(0.5));
    large_means_.alpha = hn::Mul(hn::Add(Set64(2.83), hn::Div(Set64(5.1), large_means_.b)), s);
    large_means_.quick = hn::Sub(Set64(0.92), hn::Div(Set64(4.2), large_means_.b));
    const F64 mode = hn::IfThenElseZero(large_, hn::Floor(hn::Mul(hn::Add(n, Set64(1)), p_)));
    others_ = hn::IfThenElse(large_, hn::Add(hn::Sub(n, mode), Set64(1)), Set64(1));
    const F64 ratio = hn::Div(hn::Add(mode, Set64(1)), hn::Mul(odds_, others_));
    top_ = hn::MulAdd(hn::Add(mode, Set64(0.5)), Log(d, ratio),
                      hn::Add(StirlingRest(mode), StirlingRest(hn::Sub(others_, Set64(1)))));
  }
  HWY_INLINE F64 Draw(U64 w) const {
    const Tag<double> d;
    F64 k = hn::NaN(d);
    if (Any(small_)) {
      k = SearchUp(small_, first_, w, 96,
                   [&](int i) { return hn::Mul(hn::Mul(hn::Sub(n_, Set64(i)), odds_), Set64(1.0 / (i + 1))); });
      k = hn::Min(k, n_);  // where rounding leaves a rest
    }
    if (Any(large_)) k = hn::IfThenElse(large_, Large(w), k);
    return hn::IfThenElse(flip_, hn::Sub(n_, k), k);
  }

 private:
  HWY_INLINE F64 Large(U64 w) const {
    const Tag<double> d;
    return large_means_.Draw(
        large_, Substream(w, Purpose::binomial), [&](F64 k, F64, F64) { return hn::And(k >= hn::Zero(d), k <= n_); },
        [&](F64 k) {  // of P(k) / P(mode)
          const F64 rest = hn::Sub(n_, k), above = hn::Add(rest, Set64(1)), next = hn::Add(k, Set64(1));
          F64 y = hn::MulAdd(hn::Add(n_, Set64(1)), Log(d, hn::Div(others_, above)), top_);
          y = hn::MulAdd(hn::Add(k, Set64(0.5)), Log(d, hn::Div(hn::Mul(odds_, above), next)), y);
          return hn::Sub(y, hn::Add(StirlingRest(k), StirlingRest(rest)));
        });
  }

  F64 n_, p_, odds_, first_, others_, top_;
  TransformedRejection large_means_;
  Mask64 flip_, small_, large_;
};

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
  HWY_INLINE explicit IntegerLaw(U64 last) : count_(hn::Add(last, hn::Set(Tag<uint64_t>(), 1))) {}
  HWY_INLINE U64 Draw(U64 w) const {
    const Tag<uint64_t> d;
    U64 result, low;
    MulWide(w, count_, result, low);
    const auto full = hn::Eq(count_, hn::Zero(d));
    result = hn::IfThenElse(full, w, result);
    auto doubtful = hn::AndNot(full, low < count_);
    if (HWY_LIKELY(hn::AllFalse(d, doubtful))) return result;
    // A product whose low half is below 2^64 mod count is drawn again.
    HWY_ALIGN uint64_t least[kLanes<uint64_t>];
    hn::Store(hn::IfThenElse(full, hn::Set(d, 1), count_), d, least);
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
};

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
