// Erf: the error function, by polynomials in eight regions.
//
// Region 0, |x| < edge: erf x = x + x Q(x^2). The others: erf x = erf(a) + h P(h), h = |x| - a, with a chosen so that
// erf(a) is very nearly a floating-point number. Each lane picks its region's coefficients from rows of eight.
#if defined(LZ_MATH_ERF_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_ERF_INL
#undef LZ_MATH_ERF_INL
#else
#define LZ_MATH_ERF_INL
#endif

#include <cstddef>

#include "core/kernels/math_lookup-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

template <class T>
struct ErfConstants;

// The rows: a, erf(a), then the coefficients of Q or P, lowest power first (tools/coefficients.py erf, whose regions
// these are). Errors relative to erf x: float64 2^-55.0, float32 2^-26.9.
template <>
struct ErfConstants<double> {
  static constexpr double edge = 0.9, near_width = 0.595, near_count = 5, far_width = 1.0315, top = 5.93;
  static constexpr double rows[][8] = {
      {0, 0x1.3294a428f5c29p0, 0x1.cae037ae147aep0, 0x1.31982d999999ap1, 0x1.7dc09b5c28f5cp1, 0x1.c9e9211eb851fp1,
       0x1.19011249ba5e3p2, 0x1.5b06f4dd2f1aap2},
      {0, 0x1.d1bfa5d1c8673p-1, 0x1.fa3df0c940efp-1, 0x1.ff9fbae54ce75p-1, 0x1.fffcc43fab9adp-1, 0x1.fffff1e057c1bp-1,
       0x1.fffffffb6e348p-1, 0x1.fffffffffff63p-1},
      {0x1.06eba8214db69p-3, 0x1.135a6df92e96bp-2, 0x1.73ed4c6864332p-5, 0x1.eee3ce84f5a59p-9, 0x1.4461d509ffd92p-13,
       0x1.a2f55ff10db24p-19, 0x1.48f447d41402cp-28, 0x1.b0a9c89aa1ff9p-43},
      {-0x1.812746b0379e7p-2, -0x1.49c1f84d6ab6ap-2, -0x1.4d56259d41569p-4, -0x1.2761cc3b01dfdp-7,
       -0x1.e3b9a84ba3425p-12, -0x1.76b2c7e6f4074p-17, -0x1.69157a139d8b4p-26, -0x1.253dafa8462f9p-40},
      {0x1.ce2f21a042bcdp-4, 0x1.56facf3608161p-3, 0x1.5058800c377cfp-4, 0x1.ace67d763cc0fp-7, 0x1.c5dcae6e10989p-11,
       0x1.ad5cb15ea4276p-16, 0x1.0161a80d91833p-24, 0x1.04808ca386315p-38},
      {-0x1.b82ce312882bep-6, 0x1.cee5a741e8caep-8, -0x1.7cab7d451f798p-5, -0x1.9d87a1fb21a27p-7,
       -0x1.2a17fb974a04dp-10, -0x1.60c72c13741b3p-15, -0x1.0b7a097d252f1p-23, -0x1.5506f1fd9e96p-37},
      {0x1.565bcd0e4c4d1p-8, -0x1.b74b22a3cfd6bp-5, 0x1.1c858b0b05fafp-7, 0x1.0a3e628037269p-7, 0x1.1f8a12e6054b3p-10,
       0x1.b86925e9eba8dp-15, 0x1.af2760966f817p-23, 0x1.5e41ed1d69526p-36},
      {-0x1.c02db3f86a7ap-11, 0x1.3fddcea0089c8p-6, 0x1.d8186fcf0fb04p-8, -0x1.966db5baf7366p-9, -0x1.9cbab5c0ff53p-11,
       -0x1.af1ae10af8957p-15, -0x1.17d4d48acba26p-22, -0x1.251a07fa70777p-35},
      {0x1.f9a325a8f69e5p-14, 0x1.8ef5c67e4b94ep-8, -0x1.7943c03657733p-8, 0x1.7ac0091bb20b4p-13, 0x1.ad8c33584ed65p-12,
       0x1.4fc83cbdf3065p-15, 0x1.2bbb90cb63624p-22, 0x1.9cb53dd4b5531p-35},
      {-0x1.f4d23648067a9p-17, -0x1.899e17fed2bbcp-8, 0x1.0f9601d2370d9p-10, 0x1.23da7e77b6d4dp-11,
       -0x1.1ec8cf1f9ddf4p-13, -0x1.9fdb1f24bd37p-16, -0x1.0d37dc9d10381p-22, -0x1.f866838f5477fp-35},
      {0x1.b9e3d9f0106d7p-20, 0x1.b2d0625d990b2p-12, 0x1.727fbeaa89f61p-11, -0x1.5a81f7d89511ep-12,
       0x1.7061f4ff7d546p-17, 0x1.90096a8640182p-17, 0x1.988051cc84834p-23, 0x1.0655b7adf1644p-34},
      {-0x1.5f4c12f36036ep-23, 0x1.fbafdd89653d2p-11, -0x1.caaad186f2795p-12, 0x1.ecff57ef99cbap-15,
       0x1.2a4fb13242569p-16, -0x1.14eae71ef8a4ep-18, -0x1.050950d434a51p-23, -0x1.b3ab1a15a52ap-35},
      {0x1.f9dcb5a172877p-27, -0x1.23e3231d52531p-12, 0x1.c1b3e8863fd18p-16, 0x1.df87951c3cb6bp-16,
       -0x1.7fbd356c24fa6p-17, 0x1.88dd8cdc317bbp-21, 0x1.1dcc1c95205cap-24, 0x1.64e765831e578p-35},
      {-0x1.402cff3a72b5ep-30, -0x1.7ad3ff4355603p-14, 0x1.e1b424847746dp-15, -0x1.4c3c809c9f18fp-16,
       0x1.7cd069cfccb3bp-19, 0x1.ca2a00a8140efp-23, -0x1.19e280fbbb20dp-25, -0x1.797eeb4e113b5p-35},
      {0x1.1d3e4c099c195p-34, 0x1.c118ecf4f2928p-15, -0x1.3b53843e4ac17p-16, 0x1.a14e223656f75p-19,
       0x1.3f33a482a46b5p-22, -0x1.c5bb3086ba262p-23, 0x1.8424e1de62c5ep-27, 0x1.d32fef03e4312p-36},
  };
};

template <>
struct ErfConstants<float> {
  static constexpr double edge = 0.8, near_width = 0.449, near_count = 7, far_width = 0.449, top = 3.93;
  static constexpr float rows[][8] = {
      {0, 0x1.064702p0f, 0x1.793d6cp0f, 0x1.ec29dep0f, 0x1.2f8c3cp1f, 0x1.69071cp1f, 0x1.a28216p1f, 0x1.dbfaeap1f},
      {0, 0x1.b48c32p-1f, 0x1.ecf90ep-1f, 0x1.fca558p-1f, 0x1.ff9782p-1f, 0x1.fff74cp-1f, 0x1.ffff82p-1f,
       0x1.fffffcp-1f},
      {0x1.06eba8p-3f, 0x1.947bdp-2f, 0x1.077736p-3f, 0x1.cae066p-6f, 0x1.0b0238p-8f, 0x1.9f088cp-12f, 0x1.af0454p-16f,
       0x1.2b3956p-20f},
      {-0x1.81272ep-2f, -0x1.9e66f4p-2f, -0x1.843ddep-3f, -0x1.b91942p-5f, -0x1.3c99b8p-7f, -0x1.24a622p-10f,
       -0x1.604bf4p-14f, -0x1.1624b8p-18f},
      {0x1.ce2804p-4f, 0x1.285ddp-3f, 0x1.259a5ap-3f, 0x1.e8f1d8p-5f, 0x1.c8088cp-7f, 0x1.01adeep-9f, 0x1.6d4048p-13f,
       0x1.4ace18p-17f},
      {-0x1.b76eb6p-6f, 0x1.f1eccap-5f, -0x1.5b8402p-5f, -0x1.42f194p-5f, -0x1.b3459cp-7f, -0x1.3acb96p-9f,
       -0x1.0d7a5p-12f, -0x1.1cd7bep-16f},
      {0x1.4d433p-8f, -0x1.12ca5cp-4f, -0x1.2cb5b8p-6f, 0x1.8a1302p-7f, 0x1.143ecep-7f, 0x1.1c984p-9f, 0x1.3898a4p-12f,
       0x1.942666p-16f},
      {-0x1.56a742p-11f, 0x1.a4616p-8f, 0x1.456d56p-6f, 0x1.662824p-9f, -0x1.903ac8p-9f, -0x1.6628cep-10f,
       -0x1.05e6fap-12f, -0x1.9d85b8p-16f},
  };
};

/// erf x, at most 1 ulp from the exact value.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Erf(D d, V x) {
  using T = hn::TFromD<D>;
  using C = ErfConstants<T>;
  const hn::Rebind<BitsOf<T>, D> du;
  constexpr size_t n = sizeof(C::rows) / sizeof(C::rows[0]);
  static constexpr RowsOfEight<T, n> rows = MakeRowsOfEight(C::rows);

  // erf rounds to 1 from `top` on, and so does the polynomial of the last region there.
  static_assert(C::edge + C::near_count * C::near_width + (7 - C::near_count) * C::far_width > C::top);
  const V y = LimitKeepNaN(d, hn::Abs(x), C::top);
  // The number of the region, rounded to an integer: linear in y, more steeply where the regions are narrow.
  V region = hn::MulAdd(y, Constant(d, 1 / C::near_width), Constant(d, 0.5 - C::edge / C::near_width));
  if constexpr (C::near_count < 7) {
    constexpr double far_edge = C::edge + C::near_count * C::near_width;
    region = hn::Min(region, hn::MulAdd(y, Constant(d, 1 / C::far_width),
                                        Constant(d, 0.5 + C::near_count - far_edge / C::far_width)));
  }
  const V magic = hn::Set(d, kRoundMagic<T>);
  const V t = hn::Add(hn::Max(region, hn::Zero(d)), magic);
  const auto first = hn::Eq(t, magic);
  const LookupEight<D> look(d, hn::BitCast(du, t));

  return OddByRegions(d, x, y, first, look, rows);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_ERF_INL
