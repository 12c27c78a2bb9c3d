// Poisson and binomial laws on batches of vectors: search for small means, from there rejection.
#if defined(LZ_SAMPLES_COUNTS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_SAMPLES_COUNTS_INL
#undef LZ_SAMPLES_COUNTS_INL
#else
#define LZ_SAMPLES_COUNTS_INL
#endif

#include "core/kernels/normals-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// The least mean of the laws that reject. Both ways take about as long there with arrays of parameters; with numbers
/// search is faster still, but a draw must not depend on the form of its parameters.
inline constexpr double kLargeMean = 32;

/// Hoermann's transformed rejection (1993): a candidate is floor((2 a / us + b) u + centre), with u uniform in [-1/2,
/// 1/2) and us = 1/2 - |u|; v is uniform in (0, 1].
struct TransformedRejection {
  F64 a, b, centre, alpha;
  F64 quick;  // v up to here accepts a candidate of us >= 0.07

  struct Candidate {
    F64 k, v, us, reciprocal;  // of us
  };
  HWY_INLINE Candidate Number(U64 w, Purpose purpose, U64 number) const {
    U64 first, second;
    Substream(w, purpose, number).Next(first, second);
    return Made(first, second);
  }
  HWY_INLINE Candidate Made(U64 first, U64 second) const {
    const F64 u = hn::Sub(Unit(first), Set64(0.5)), us = hn::Sub(Set64(0.5), hn::Abs(u));
    const F64 reciprocal = hn::Div(Set64(1), us);
    const F64 k = hn::Floor(hn::MulAdd(hn::MulAdd(hn::Add(a, a), reciprocal, b), u, centre));
    return {k, Unit(second), us, reciprocal};
  }
  /// Accepted without a look at the law's density?
  HWY_INLINE Mask64 Quick(const Candidate& of) const { return hn::And(of.us >= Set64(0.07), of.v <= quick); }
  /// What the logarithm of the law's density at k is compared with.
  HWY_INLINE F64 LogBound(const Candidate& of) const {
    const F64 width = hn::MulAdd(hn::Mul(a, of.reciprocal), of.reciprocal, b);
    return Log(Tag<double>(), hn::Div(hn::Mul(of.v, alpha), width));
  }
};

class PoissonSearch {
 public:
  static constexpr int kMost = 128;
  HWY_INLINE PoissonSearch(F64 mean, F64 none)
      : first(Exp(Tag<double>(), hn::Neg(hn::IfThenElseZero(Serves(mean, none), mean)))), mean_(mean) {}
  static HWY_INLINE Mask64 Serves(F64 mean, F64) { return hn::And(mean >= Set64(0), mean < Set64(kLargeMean)); }
  HWY_INLINE F64 Ratio(int k) const { return hn::Mul(mean_, Set64(1.0 / (k + 1))); }
  HWY_INLINE F64 Result(F64 k) const { return k; }

  F64 first;

 private:
  F64 mean_;
};

/// Ahrens and Dieter's PD ("Computer generation of Poisson deviates from modified normal distributions", ACM TOMS 8,
/// 1982), for means of at least 10. Try 0 is a normal draw, rounded down, which is k with a probability f(k) close to
/// the law's p(k). From `certain_` on, f <= p and it is always accepted; below, it is given up in the excess of f.
/// Later tries, of a double exponential law, make up what p has more than f. (Summed up over k, what comes out is
/// within 1e-10 of the law for means from 10 to 1e5.)
class PoissonRejection {
 public:
  static constexpr Purpose kPurpose = Purpose::poisson;
  HWY_INLINE PoissonRejection(F64 mean, F64 none)
      : mean_(hn::IfThenElse(Serves(mean, none), mean, Set64(kLargeMean))),
        sd_(hn::Sqrt(mean_)),
        certain_(hn::Floor(hn::Sub(mean_, Set64(1.1484)))),
        squeeze_(hn::Mul(Set64(6), hn::Mul(mean_, mean_))) {}
  static HWY_INLINE Mask64 Serves(F64 mean, F64) { return mean >= Set64(kLargeMean); }

  static HWY_INLINE void Prepare(uint64_t* first, const uint64_t* second) { PrepareNormals(first, second); }
  HWY_INLINE F64 First(U64 w, U64 normal, U64, Mask64& accept) const {
    const F64 k = At(hn::BitCast(Tag<double>(), normal));
    accept = Squeezed(k, Unit(w));
    return k;
  }
  HWY_INLINE F64 Try(U64 w, U64 number, Mask64& accept) const {
    const Tag<double> d;
    U64 a, b;
    Substream(w, kPurpose, number).Next(a, b);
    const F64 drawn = NegLog64(a), zero = hn::Zero(d), u = Unit(w);
    const Mask64 is_first = hn::RebindMask(d, hn::Eq(number, hn::Zero(Tag<uint64_t>())));
    const F64 sign = hn::MulAdd(Set64(2), Unit(b), Set64(-1)), t = hn::Add(Set64(1.8), hn::CopySign(drawn, sign));
    const F64 k = At(hn::IfThenElse(is_first, OneNormal64(drawn, b), hn::Max(t, Set64(kLeast))));
    const auto [p, f] = Probabilities(hn::Max(k, zero), hn::IfThenZeroElse(is_first, drawn));
    const Mask64 first = hn::Or(Squeezed(k, u), hn::And(k >= zero, hn::Mul(f, hn::Sub(Set64(1), u)) <= p));
    const Mask64 later =
        hn::And(t > Set64(kLeast), hn::Mul(hn::Div(Set64(0.1069), mean_), hn::Abs(sign)) < hn::Sub(p, f));
    accept = hn::Or(hn::And(is_first, first), hn::AndNot(is_first, later));
    return k;
  }

 private:
  static constexpr double kRootOf2Pi = 2.50662827463100050242;
  static constexpr double kLeast = -0.6744;  // deviations below this lie where f exceeds the law

  HWY_INLINE F64 At(F64 deviation) const { return hn::Floor(hn::MulAdd(sd_, deviation, mean_)); }
  /// Accepted without a look at the probabilities?
  HWY_INLINE Mask64 Squeezed(F64 k, F64 u) const {
    const F64 below = hn::Sub(mean_, k);
    const Mask64 close = hn::Mul(hn::Mul(below, below), below) <= hn::Mul(squeeze_, u);
    return hn::Or(k >= certain_, hn::And(close, k >= hn::Zero(Tag<double>())));
  }
  /// exp(e) times the law's probability of k, and times f(k): the normal density at k + 1/2, corrected for the
  /// rounding.
  struct Pair {
    F64 law, normal;
  };
  HWY_INLINE Pair Probabilities(F64 k, F64 e) const {
    const Tag<double> d;
    // log p = k log mean - mean - log k!
    const F64 next = hn::Add(k, Set64(1)), less = hn::Sub(mean_, next);
    const F64 main = hn::MulSub(k, Log1p(d, hn::Div(less, next)), less);
    const F64 root = hn::Mul(Set64(kRootOf2Pi), hn::Sqrt(next));
    const F64 law = hn::Div(Exp(d, hn::Add(e, hn::Sub(main, StirlingRest(k)))), root);

    const F64 inverse = hn::Div(Set64(1), mean_), inverse_sd = hn::Mul(sd_, inverse);
    const F64 x = hn::Mul(hn::Sub(Set64(0.5), hn::Sub(mean_, k)), inverse_sd), xx = hn::Mul(x, x);
    const F64 b1 = hn::Mul(Set64(1.0 / 24), inverse), b2 = hn::Mul(Set64(0.3), hn::Mul(b1, b1));
    const F64 c3 = hn::Mul(Set64(1.0 / 7), hn::Mul(b1, b2)), c2 = hn::NegMulAdd(Set64(15), c3, b2);
    const F64 c1 = hn::Add(hn::NegMulAdd(Set64(6), b2, b1), hn::Mul(Set64(45), c3));
    const F64 c0 = hn::NegMulAdd(Set64(15), c3, hn::Sub(hn::MulAdd(Set64(3), b2, Set64(1)), b1));
    const F64 correction = hn::MulAdd(hn::MulAdd(hn::MulAdd(c3, xx, c2), xx, c1), xx, c0);
    const F64 density = hn::Mul(hn::Mul(Set64(1 / kRootOf2Pi), inverse_sd), Exp(d, hn::NegMulAdd(Set64(0.5), xx, e)));
    return {law, hn::Mul(correction, density)};
  }

  F64 mean_, sd_, certain_, squeeze_;
};

/// The smaller of p and 1 - p, and which it is.
struct SmallerOutcome {
  Mask64 flip;
  F64 p;
  explicit HWY_INLINE SmallerOutcome(F64 of)
      : flip(of > Set64(0.5)), p(hn::IfThenElse(flip, hn::Sub(Set64(1), of), of)) {}
};
HWY_INLINE Mask64 ValidBinomial(F64 n, F64 p) { return hn::And(n >= Set64(0), hn::And(p >= Set64(0), p <= Set64(1))); }

class BinomialSearch {
 public:
  static constexpr int kMost = 128;
  HWY_INLINE BinomialSearch(F64 n, F64 probability) : n_(n) {
    const Tag<double> d;
    const SmallerOutcome smaller(probability);
    const F64 p = hn::IfThenElseZero(Serves(n, probability), smaller.p);
    flip_ = smaller.flip;
    odds_ = hn::Div(p, hn::Sub(Set64(1), p));
    first = Exp(d, hn::Mul(n, Log1p(d, hn::Neg(p))));
  }
  static HWY_INLINE Mask64 Serves(F64 n, F64 p) {
    return hn::And(ValidBinomial(n, p), hn::Mul(n, SmallerOutcome(p).p) < Set64(kLargeMean));
  }
  HWY_INLINE F64 Ratio(int k) const { return hn::Mul(hn::Mul(hn::Sub(n_, Set64(k)), odds_), Set64(1.0 / (k + 1))); }
  HWY_INLINE F64 Result(F64 k) const {
    k = hn::Min(k, n_);  // where rounding leaves a rest
    return hn::IfThenElse(flip_, hn::Sub(n_, k), k);
  }

  F64 first;

 private:
  F64 n_, odds_;
  Mask64 flip_;
};

/// BTRS ("The generation of binomial random variates", Journal of Statistical Computation and Simulation 46, 1993).
class BinomialRejection {
 public:
  static constexpr Purpose kPurpose = Purpose::binomial;
  HWY_INLINE BinomialRejection(F64 n, F64 probability) {
    const Tag<double> d;
    const SmallerOutcome smaller(probability);
    const Mask64 serves = Serves(n, probability);
    n_ = hn::IfThenElse(serves, n, Set64(2 * kLargeMean));
    flip_ = smaller.flip;
    const F64 p = hn::IfThenElse(serves, smaller.p, Set64(0.5)), q = hn::Sub(Set64(1), p), mean = hn::Mul(n_, p);
    odds_ = hn::Div(p, q);
    const F64 s = hn::Sqrt(hn::Mul(mean, q));
    hat_.b = hn::MulAdd(Set64(2.53), s, Set64(1.15));
    hat_.a = hn::MulAdd(Set64(0.0248), hat_.b, hn::MulAdd(Set64(0.01), p, Set64(-0.0873)));
    hat_.centre = hn::Add(mean, Set64(0.5));
    hat_.alpha = hn::Mul(hn::Add(Set64(2.83), hn::Div(Set64(5.1), hat_.b)), s);
    hat_.quick = hn::Sub(Set64(0.92), hn::Div(Set64(4.2), hat_.b));
    const F64 mode = hn::Floor(hn::Mul(hn::Add(n_, Set64(1)), p));
    others_ = hn::Add(hn::Sub(n_, mode), Set64(1));
    const F64 ratio = hn::Div(hn::Add(mode, Set64(1)), hn::Mul(odds_, others_));
    top_ = hn::MulAdd(hn::Add(mode, Set64(0.5)), Log(d, ratio),
                      hn::Add(StirlingRest(mode), StirlingRest(hn::Sub(others_, Set64(1)))));
  }
  static HWY_INLINE Mask64 Serves(F64 n, F64 p) {
    return hn::And(ValidBinomial(n, p), hn::Mul(n, SmallerOutcome(p).p) >= Set64(kLargeMean));
  }

  static HWY_INLINE void Prepare(uint64_t*, const uint64_t*) {}
  HWY_INLINE F64 First(U64, U64 a, U64 b, Mask64& accept) const {
    const auto of = hat_.Made(a, b);
    accept = hn::And(hat_.Quick(of), Possible(of.k));
    return Result(of.k);
  }
  HWY_INLINE F64 Try(U64 w, U64 number, Mask64& accept) const {
    const Tag<double> d;
    const auto of = hat_.Number(w, kPurpose, number);
    const Mask64 possible = Possible(of.k);
    // The logarithm of P(k) / P(mode).
    const F64 k = hn::IfThenElseZero(possible, of.k);
    const F64 rest = hn::Sub(n_, k), above = hn::Add(rest, Set64(1)), next = hn::Add(k, Set64(1));
    F64 y = hn::MulAdd(hn::Add(n_, Set64(1)), Log(d, hn::Div(others_, above)), top_);
    y = hn::MulAdd(hn::Add(k, Set64(0.5)), Log(d, hn::Div(hn::Mul(odds_, above), next)), y);
    const F64 density = hn::Sub(y, hn::Add(StirlingRest(k), StirlingRest(rest)));
    accept = hn::And(possible, hn::Or(hat_.Quick(of), hat_.LogBound(of) <= density));
    return Result(of.k);
  }

 private:
  HWY_INLINE Mask64 Possible(F64 k) const { return hn::And(k >= Set64(0), k <= n_); }
  HWY_INLINE F64 Result(F64 k) const { return hn::IfThenElse(flip_, hn::Sub(n_, k), k); }

  F64 n_, odds_, others_, top_;
  TransformedRejection hat_;
  Mask64 flip_;
};

template <class Search, class Rejection>
struct CountDraw {
  using T = double;
  template <bool a_is_number, bool b_is_number>
  static HWY_INLINE void Draw(const Operands<a_is_number, b_is_number>& of, Draws& draws) {
    draws.SetAll(hn::NaN(Tag<double>()));
    if (ServesAny<Search>(of)) DrawBySearch<Search>(of, draws);
    if (ServesAny<Rejection>(of)) DrawByRejection<Rejection>(of, draws);
  }
};
using PoissonDraw = CountDraw<PoissonSearch, PoissonRejection>;
using BinomialDraw = CountDraw<BinomialSearch, BinomialRejection>;

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_SAMPLES_COUNTS_INL
