// Erf: the error function, by polynomials in eight regions.
//
// Region 0, |x| < edge: erf x = x + x Q(x^2). The others: erf x = erf(a) + h P(h), h = |x| - a, with a chosen so that
// erf(a) is very nearly a floating-point number. Each lane picks its region's coefficients from rows of eight.
#pragma once

#include <cstddef>

#include "core/kernels/math_lookup-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

template <class T>
struct ErfConstants;

// The rows: a, erf(a), then the coefficients of Q or P, lowest power first (tools/coefficients.py erf, whose regions
// these are). Errors relative to erf x: float64 2^-56.9, float32 2^-26.9.
template <>
struct ErfConstants<double> {
  static constexpr double edge = 0.82, near_width = 0.6, near_count = 4, far_width = 0.91, top = 5.94;
  static constexpr double rows[][8] = {
      {0, 0x1.1eb851eb85374p0, 0x1.b851eb851ea31p0, 0x1.28f5c28f5c279p1, 0x1.75c28f5c29054p1, 0x1.d6666666667f4p1,
       0x1.2570a3d70a30fp2, 0x1.5fae147ae1542p2},
      {0, 0x1.c6090ff57f597p-1, 0x1.f8524a63f2b22p-1, 0x1.ff78685caaf18p-1, 0x1.fffb3c233dbp-1, 0x1.fffff9367917dp-1,
       0x1.ffffffff3bcc7p-1, 0x1.fffffffffffbap-1},
      {0x1.06eba8214db69p-3, 0x1.49976d494c863p-2, 0x1.dfc3bd64056fp-5, 0x1.53eddad65fff3p-8, 0x1.d4f06c8ca070bp-13,
       0x1.9cee1a0ec0781p-20, 0x1.cc08565c82f9ep-31, 0x1.874675c09b90fp-44},
      {-0x1.812746b0379e7p-2, -0x1.71247a669345p-2, -0x1.9c98f9ea7f78ep-4, -0x1.8a515a02ea3ddp-7,
       -0x1.5653597b23348p-11, -0x1.7b6127f19f473p-18, -0x1.07a7fa5a04b48p-28, -0x1.0cc1d13164003p-41},
      {0x1.ce2f21a042be2p-4, 0x1.4b866ded703b9p-3, 0x1.8926aecab91e1p-4, 0x1.149c958175fcbp-6, 0x1.39a863a379c36p-10,
       0x1.bf88d431dd51fp-17, 0x1.895ed61e064a7p-27, 0x1.e41e6f2379256p-40},
      {-0x1.b82ce31288b4bp-6, 0x1.e38706ba7a41dp-6, -0x1.9127a4c05b3a2p-5, -0x1.fe4cbe8e5aa0dp-7,
       -0x1.90e2d62f81c4bp-10, -0x1.7b8eae7b1b5cp-16, -0x1.acedf875a1bc8p-26, -0x1.4154edcddc151p-38},
      {0x1.565bcd0e6a34fp-8, -0x1.fa23e9c7e1e86p-5, 0x1.40d4beb34ed62p-8, 0x1.3397592d245a5p-7, 0x1.76233a7dae233p-10,
       0x1.ead1b06c16f83p-16, 0x1.6bd37cb28e05cp-25, 0x1.4f0248cdaff8p-37},
      {-0x1.c02db4003543cp-11, 0x1.f1f4716be06fep-7, 0x1.4fed4cb363aedp-7, -0x1.972990490de97p-9,
       -0x1.0141f5916b89bp-10, -0x1.f409c3caf3bb5p-16, -0x1.f2db3a1fd44e6p-25, -0x1.1d622b6f3ff0ap-36},
      {0x1.f9a326f6f8c2ep-14, 0x1.42b15e13453f4p-7, -0x1.968e7b584fa03p-8, -0x1.70db30b3979cbp-13,
       0x1.f62f19c7c35c2p-12, 0x1.982dda9e9c2e3p-16, 0x1.1b6ec2cd8843cp-24, 0x1.97f0c1fa5f18ap-36},
      {-0x1.f4d25bcb38951p-17, -0x1.8a1e01d445d69p-8, 0x1.ed9c26948acdap-12, 0x1.927b01601242p-11,
       -0x1.242cefe87d345p-13, -0x1.0bdce0d047dfcp-16, -0x1.0f70f1dc7379dp-24, -0x1.f35e2ba2fae9ep-36},
      {0x1.b9e6bcc8b42p-20, -0x1.b66db680f8008p-12, 0x1.0d0bcdc1ef11ap-10, -0x1.7b24e292eea67p-12,
       -0x1.6d02f83df9fdap-19, 0x1.16c14ccad8a09p-17, 0x1.bb0bbadf3fecap-25, 0x1.0a979760a7af8p-35},
      {-0x1.5f7321950f82dp-23, 0x1.30d00ead4100ap-10, -0x1.c9f506c862e99p-12, 0x1.0689babfc71f9p-15,
       0x1.ba30c33dcf42dp-16, -0x1.b6a28c3669efcp-19, -0x1.35a881abd9246p-25, -0x1.f0259101ddc0ap-36},
      {0x1.fca6f6ca17475p-27, -0x1.605fbc0b74794p-13, -0x1.0850cc3d1c4b9p-15, 0x1.81f07fd573072p-15,
       -0x1.c6d3f0ac50383p-17, 0x1.bc53254d656e3p-21, 0x1.719ba467bca9dp-26, 0x1.8731f0ff9c7a4p-36},
      {-0x1.50a5ea1dd2b48p-30, -0x1.2f9c98f2e988fp-13, 0x1.3b4569fbf3522p-14, -0x1.79bc14872f441p-16,
       0x1.5ccf7cc097078p-19, -0x1.486ee077dd701p-27, -0x1.7b609785e8c3ep-27, -0x1.20808770524ap-36},
      {0x1.8ea0aa3982113p-34, 0x1.830f7ce6327bfp-15, -0x1.e23d19bcf6282p-17, 0x1.4ce005582ac6bp-20,
       0x1.ab3bd3dcd8a68p-21, -0x1.0645782adfd96p-23, 0x1.5c5abda323311p-28, 0x1.e8af5cb8309ap-37},
      {-0x1.59a630b1548cbp-38, 0x1.7c2eb96143202p-17, -0x1.9aa2e3c771c2p-18, 0x1.48c27f37bd22ap-19,
       -0x1.5ac913b8fde5ap-21, 0x1.fd38cd95d0a82p-25, -0x1.d084c9c9c2d08p-30, -0x1.16393a4f2111ep-37},
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
  const V y = LimitKeepNaN(d, hn::Abs(x), C::top);
  // The number of the region, rounded to an integer: linear in y, more steeply below the fifth.
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

  const V h = hn::Sub(y, look(d, rows.at[0]));
  const V u = hn::IfThenElse(first, hn::Mul(h, h), h);
  V p = look(d, rows.at[n - 1]);
#pragma GCC unroll 32
  for (size_t k = n - 2; k >= 2; --k) p = hn::MulAdd(p, u, look(d, rows.at[k]));
  const V base = hn::IfThenElse(first, h, look(d, rows.at[1]));
  return hn::CopySign(hn::MulAdd(h, p, base), x);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
