// Gamma and beta laws on batches of vectors.
#if defined(LZ_SAMPLES_GAMMA_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_SAMPLES_GAMMA_INL
#undef LZ_SAMPLES_GAMMA_INL
#else
#define LZ_SAMPLES_GAMMA_INL
#endif

#include "core/kernels/normals-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// 1 / x for x >= 0, with an exponential draw times it finite: no NaN comes of 0 and infinity.
HWY_INLINE F64 FiniteReciprocal(F64 x) { return hn::Min(hn::Div(Set64(1), x), Set64(1e300)); }

/// Gamma of a shape of at least 1: Marsaglia and Tsang ("A simple method for generating gamma variables", ACM TOMS 26,
/// 2000). A smaller shape is drawn as the next one's, and then needs Boost.
class GammaLaw {
 public:
  static constexpr Purpose kPurpose = Purpose::gamma;
  HWY_INLINE explicit GammaLaw(F64 shape, F64 = F64()) {
    const F64 at_least_1 = hn::IfThenElse(shape < Set64(1), hn::Add(shape, Set64(1)), shape);
    d_ = hn::Sub(at_least_1, Set64(1.0 / 3));
    c_ = hn::Div(Set64(1.0 / 3), hn::Sqrt(d_));
    squeeze_ = hn::Div(Set64(1.0 / 108), d_);
  }
  static HWY_INLINE Mask64 Serves(F64 shape, F64) { return shape >= Set64(0); }

  static HWY_INLINE void Prepare(uint64_t* first, const uint64_t* second) { PrepareNormals(first, second); }
  HWY_INLINE F64 First(U64 w, U64 a, U64, Mask64& accept) const {
    const Candidate of = Made(hn::BitCast(Tag<double>(), a), w);
    accept = Squeezed(of);
    return hn::Mul(d_, of.v);
  }
  HWY_INLINE F64 Try(U64 w, U64 number, Mask64& accept) const {
    const Tag<double> d;
    const Candidate of = Number(w, number);
    const F64 log_v = Log(d, hn::IfThenElse(of.positive, of.v, Set64(1)));
    const F64 bound = hn::MulAdd(d_, hn::Add(hn::Sub(Set64(1), of.v), log_v), hn::Mul(Set64(0.5), of.xx));
    accept = hn::Or(Squeezed(of), hn::And(of.positive, Log(d, of.u) < bound));
    return hn::Mul(d_, of.v);
  }
  /// -log of u^(1/shape), by which a draw of a small shape is multiplied.
  static HWY_INLINE F64 Boost(U64 w, F64 shape) {
    U64 first, second;
    Substream(w, Purpose::gamma_boost).Next(first, second);
    return hn::Mul(NegLog64(first), FiniteReciprocal(shape));
  }

 private:
  struct Candidate {
    F64 root, v, xx, u;
    Mask64 positive;
  };
  HWY_INLINE Candidate Number(U64 w, U64 number) const {
    U64 a, b, u, rest;
    Substream words(w, Purpose::gamma, hn::Add(number, number));
    words.Next(a, b);
    words.Next(u, rest);
    const auto is_first = hn::Eq(number, hn::Zero(Tag<uint64_t>()));  // its u is the word itself
    return Made(OneNormal64(NegLog64(a), b), hn::IfThenElse(is_first, w, u));
  }
  HWY_INLINE Candidate Made(F64 x, U64 u) const {
    const F64 root = hn::MulAdd(c_, x, Set64(1));
    return {root, hn::Mul(hn::Mul(root, root), root), hn::Mul(x, x), Unit(u), root > Set64(0)};
  }
  /// Accepted for certain? With t = c x, the logarithm h of the probability is d (9 t^2 / 2 + 1 - (1 + t)^3 +
  /// 3 log(1 + t)). By the series of log, h >= -3/4 d t^4 for t >= 0 and h >= -3/4 d t^4 / (1 + t) below; here
  /// 3/4 d t^4 = x^4 / (108 d), and exp(h) >= 1 + h. (Tighter than the paper's 0.0331 x^4, which serves every shape:
  /// about as many lanes pass as would by the exact test.)
  HWY_INLINE Mask64 Squeezed(const Candidate& of) const {
    const F64 least = hn::Mul(hn::Mul(of.xx, of.xx), squeeze_);
    return hn::Mul(hn::Sub(Set64(1), of.u), hn::Min(of.root, Set64(1))) > least;
  }

  F64 d_, c_, squeeze_;
};

/// Gamma draws, those of small shapes without their boost; NaN where the shape is none.
template <bool is_number>
HWY_INLINE void DrawGammas(const Operands<is_number, true>& of, Draws& draws) {
  draws.SetAll(hn::NaN(Tag<double>()));
  DrawByRejection<GammaLaw>(of, draws);
}

/// Their logarithms, with the boost: no -inf where the draw of a small shape underflows.
template <bool is_number>
HWY_INLINE F64 LogOfGamma(const Operands<is_number, true>& of, const Draws& draws, int i) {
  const F64 x = Log(Tag<double>(), draws[i]), shape = of.A(i);
  const Mask64 small = shape < Set64(1);
  return Any(small) ? hn::IfThenElse(small, hn::Sub(x, GammaLaw::Boost(of.Words(i), shape)), x) : x;
}

struct GammaDraw {
  using T = double;
  template <bool is_number>
  static HWY_INLINE void Draw(const Operands<is_number, true>& of, Draws& draws) {
    DrawGammas(of, draws);
    for (int i = 0; i < 8; ++i) {
      const F64 shape = of.A(i);
      const Mask64 small = shape < Set64(1);
      if (!Any(small)) continue;
      const F64 factor = Exp(Tag<double>(), hn::Neg(GammaLaw::Boost(of.Words(i), shape)));
      draws.Set(i, hn::IfThenElse(small, hn::Mul(draws[i], factor), draws[i]));
    }
  }
};

struct LogGammaDraw {
  using T = double;
  template <bool is_number>
  static HWY_INLINE void Draw(const Operands<is_number, true>& of, Draws& draws) {
    DrawGammas(of, draws);
    for (int i = 0; i < 8; ++i) draws.Set(i, LogOfGamma(of, draws, i));
  }
};

/// Beta where neither parameter is above 1: Joehnk ("Erzeugung von betaverteilten und gammaverteilten Zufallszahlen",
/// Metrika 8, 1964). X = U^(1/a) and Y = V^(1/b) are accepted if X + Y <= 1; then X / (X + Y) is the draw. (Both may
/// underflow: their ratio does not.)
class SmallBetaLaw {
 public:
  static constexpr Purpose kPurpose = Purpose::beta;
  HWY_INLINE SmallBetaLaw(F64 a, F64 b) : one_over_a_(FiniteReciprocal(a)), one_over_b_(FiniteReciprocal(b)) {}
  static HWY_INLINE Mask64 Serves(F64 a, F64 b) {
    const Tag<double> d;
    return hn::And(hn::And(a > hn::Zero(d), a <= Set64(1)), hn::And(b > hn::Zero(d), b <= Set64(1)));
  }
  HWY_INLINE F64 Try(U64 w, U64 number, Mask64& accept) const {
    U64 u, v;
    Substream(w, kPurpose, number).Next(u, v);
    return First(w, u, v, accept);
  }
  static HWY_INLINE void Prepare(uint64_t*, const uint64_t*) {}
  HWY_INLINE F64 First(U64, U64 u, U64 v, Mask64& accept) const {
    const Tag<double> d;
    const F64 x = hn::Mul(NegLog64(u), one_over_a_), y = hn::Mul(NegLog64(v), one_over_b_);  // -log X, -log Y
    const F64 less = Exp(d, hn::Neg(hn::Abs(hn::Sub(x, y))));  // the smaller over the larger
    const F64 sum = hn::Add(less, Set64(1));
    accept = hn::Mul(Exp(d, hn::Neg(hn::Min(x, y))), sum) <= Set64(1);
    return hn::Div(hn::IfThenElse(x > y, less, Set64(1)), sum);
  }

 private:
  F64 one_over_a_, one_over_b_;
};

/// Beta: by Joehnk's method, else of two gamma draws the first's share.
struct BetaDraw {
  using T = double;
  template <bool a_is_number, bool b_is_number>
  static HWY_INLINE void Draw(const Operands<a_is_number, b_is_number>& of, Draws& draws) {
    const Tag<double> d;
    draws.SetAll(hn::NaN(d));
    if (ServesAny<SmallBetaLaw>(of)) DrawByRejection<SmallBetaLaw>(of, draws);
    if (!ServesAny<Shares>(of)) return;
    HWY_ALIGN uint64_t forked[kBatch];
    for (int i = 0; i < 8; ++i)
      hn::Store(ForkedWord(of.Words(i), hn::Zero(Tag<uint64_t>()), Purpose::beta_other), Tag<uint64_t>(),
                forked + i * kLanes<double>);
    const Operands<a_is_number, true> of_a{of.w, of.a, of.a};
    const Operands<b_is_number, true> of_b{reinterpret_cast<const std::byte*>(forked), of.b, of.b};
    Draws first, second;
    DrawGammas(of_a, first);
    DrawGammas(of_b, second);
    for (int i = 0; i < 8; ++i) {
      const F64 a = of.A(i), b = of.B(i), x = first[i];
      F64 share = hn::Div(x, hn::Add(x, second[i]));
      // Draws of small shapes underflow together; their logarithms do not.
      const Mask64 small = hn::Or(a < Set64(1), b < Set64(1));
      if (Any(small)) {
        const F64 log_ratio = hn::Sub(LogOfGamma(of_b, second, i), LogOfGamma(of_a, first, i));
        share = hn::IfThenElse(small, hn::Div(Set64(1), hn::Add(Set64(1), Exp(d, log_ratio))), share);
      }
      draws.Set(i, hn::IfThenElse(Shares::Serves(a, b), share, draws[i]));
    }
  }

 private:
  struct Shares {
    static HWY_INLINE Mask64 Serves(F64 a, F64 b) {
      const Mask64 valid = hn::And(a > Set64(0), b > Set64(0));
      return hn::AndNot(SmallBetaLaw::Serves(a, b), valid);
    }
  };
};

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_SAMPLES_GAMMA_INL
