// Poisson and binomial laws on batches of vectors: search for small means, from there Hoermann's transformed rejection.
#if defined(LZ_SAMPLES_COUNTS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_SAMPLES_COUNTS_INL
#undef LZ_SAMPLES_COUNTS_INL
#else
#define LZ_SAMPLES_COUNTS_INL
#endif

#include "core/kernels/batch-inl.h"

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
  HWY_INLINE Candidate Number(U64 w, Purpose purpose, uint64_t number) const {
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

/// PTRS ("The transformed rejection method for generating Poisson random variables", Insurance: Mathematics and
/// Economics 12, 1993).
class PoissonRejection {
 public:
  static constexpr Purpose kPurpose = Purpose::poisson;
  static constexpr bool kSeldomRejects = false;
  HWY_INLINE PoissonRejection(F64 mean, F64 none) : mean_(hn::IfThenElse(Serves(mean, none), mean, Set64(kLargeMean))) {
    log_mean_ = Log(Tag<double>(), mean_);
    hat_.b = hn::MulAdd(Set64(2.53), hn::Sqrt(mean_), Set64(0.931));
    hat_.a = hn::MulAdd(Set64(0.02483), hat_.b, Set64(-0.059));
    hat_.centre = hn::Add(mean_, Set64(0.43));
    hat_.alpha = hn::Add(Set64(1.1239), hn::Div(Set64(1.1328), hn::Sub(hat_.b, Set64(3.4))));
    hat_.quick = hn::Sub(Set64(0.9277), hn::Div(Set64(3.6224), hn::Sub(hat_.b, Set64(2))));
  }
  static HWY_INLINE Mask64 Serves(F64 mean, F64) { return mean >= Set64(kLargeMean); }

  static HWY_INLINE void Prepare(uint64_t*, const uint64_t*) {}
  HWY_INLINE F64 First(U64, U64 a, U64 b, Mask64& accept) const {
    const auto of = hat_.Made(a, b);
    accept = hn::And(hat_.Quick(of), of.k >= Set64(0));
    return of.k;
  }
  HWY_INLINE F64 Try(U64 w, uint64_t number, Mask64& accept) const {
    const Tag<double> d;
    const auto of = hat_.Number(w, kPurpose, number);
    const Mask64 possible = hn::AndNot(hn::And(of.us<Set64(0.013), of.v> of.us), of.k >= Set64(0));
    const F64 k = hn::IfThenElseZero(possible, of.k), next = hn::Add(k, Set64(1)), log_next = Log(d, next);
    // k log mean - mean - log k!
    const F64 main = hn::MulSub(k, hn::Sub(log_mean_, log_next), hn::Sub(mean_, next));
    const F64 density = hn::Sub(main, hn::MulAdd(Set64(0.5), log_next, hn::Add(StirlingRest(k), Set64(kHalfLog2Pi))));
    accept = hn::And(possible, hn::Or(hat_.Quick(of), hat_.LogBound(of) <= density));
    return of.k;
  }

 private:
  static constexpr double kHalfLog2Pi = 0.91893853320467274178;

  F64 mean_, log_mean_;
  TransformedRejection hat_;
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
  static constexpr bool kSeldomRejects = false;
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
  HWY_INLINE F64 Try(U64 w, uint64_t number, Mask64& accept) const {
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
