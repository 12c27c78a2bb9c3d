// Sine, cosine and tangent of arguments too large for the vector reduction, one at a time (Payne and Hanek 1983).
//
// Integer arithmetic and doubles, fused only where it says so: the same bits on every target.
#if defined(LZ_MATH_TRIG_HUGE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_TRIG_HUGE_INL
#undef LZ_MATH_TRIG_HUGE_INL
#else
#define LZ_MATH_TRIG_HUGE_INL
#endif

#include <cstdint>
#include <cstring>

#include "core/kernels/math_common-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// The double 2^k, |k| < 1023.
inline double PowerOfTwo(int k) {
  const uint64_t bits = static_cast<uint64_t>(k + 1023) << 52;
  double x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

/// x = (quadrant + 4 j) pi/2 + hi + lo with |hi + lo| <= pi/4, for finite x >= 2^10.
struct HugeReduced {
  unsigned quadrant;
  double hi, lo;
};
inline HugeReduced ReduceHuge(double x) {
  // 64 zeros, then the binary digits of 2/pi (tools/coefficients.py pi).
  static constexpr uint64_t two_over_pi[] = {
      0,
      0xA2F9836E4E441529,
      0xFC2757D1F534DDC0,
      0xDB6295993C439041,
      0xFE5163ABDEBBC561,
      0xB7246E3A424DD2E0,
      0x06492EEA09D1921C,
      0xFE1DEB1CB129A73E,
      0xE88235F52EBB4484,
      0xE99C7026B45F7E41,
      0x3991D639835339F4,
      0x9C845F8BBDF9283B,
      0x1FF897FFDE05980F,
      0xEF2F118B5A0A6D1F,
      0x6D367ECF27CB09B7,
      0x4F463F669E5FEA2D,
      0x7527BAC7EBE5F17B,
      0x3D0739F78A5292EA,
      0x6BFB5FB11F8D5D08,
      0x56033046FC7B6BAB,
      0xF0CFBC209AF4361D,
  };
  __extension__ using Wide = unsigned __int128;
  uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  const uint64_t m = (bits & ((uint64_t{1} << 52) - 1)) | (uint64_t{1} << 52);
  const int e = static_cast<int>(bits >> 52 & 2047) - 1075;  // x = m 2^e

  // Three words of 2/pi 2^(e-2), from its binary point on: what stands before makes whole turns.
  const unsigned first = static_cast<unsigned>(e - 2 + 64);
  const uint64_t* word = two_over_pi + first / 64;
  const unsigned shift = first % 64;
  uint64_t f[3];
  for (int i = 0; i < 3; ++i) {
    f[i] = static_cast<uint64_t>((((static_cast<Wide>(word[i]) << 64) | word[i + 1]) << shift) >> 64);
  }
  // Their product with m, less whole turns: x / (2 pi) modulo 1 in 192 bits, t2 first.
  const Wide low = static_cast<Wide>(m) * f[2];
  const Wide mid = static_cast<Wide>(m) * f[1] + static_cast<uint64_t>(low >> 64);
  uint64_t t2 = m * f[0] + static_cast<uint64_t>(mid >> 64);
  Wide t10 = (mid << 64) | static_cast<uint64_t>(low);

  // To the nearest quarter; what is left, at most an eighth, as sign and magnitude.
  const unsigned quadrant = static_cast<unsigned>((t2 + (uint64_t{1} << 61)) >> 62);
  t2 -= static_cast<uint64_t>(quadrant) << 62;
  const bool negative = t2 >> 63;
  if (negative) {
    t10 = ~t10 + 1;
    t2 = ~t2 + (t10 == 0);
  }
  // Moved up until its first digit stands in front; no double comes close enough to a quarter to leave 64 zeros.
  const int zeros = __builtin_clzll(t2 | 1);
  const Wide g = (((static_cast<Wide>(t2) << 64) | (t10 >> 64)) << zeros) |
                 (zeros ? static_cast<uint64_t>(t10) >> (64 - zeros) : 0);

  // Times 2 pi; pi 2^126 below. The lowest of the four partial products does not matter.
  constexpr uint64_t pi_hi = 0xC90FDAA22168C234, pi_lo = 0xC4C6628B80DC1CD1;
  const uint64_t g_hi = static_cast<uint64_t>(g >> 64), g_lo = static_cast<uint64_t>(g);
  const Wide r = static_cast<Wide>(g_hi) * pi_hi + static_cast<uint64_t>((static_cast<Wide>(g_hi) * pi_lo) >> 64) +
                 static_cast<uint64_t>((static_cast<Wide>(g_lo) * pi_hi) >> 64);
  const double unit = PowerOfTwo(-125 - zeros) * (negative ? -1.0 : 1.0);
  const double hi = static_cast<double>(static_cast<int64_t>(r >> 75)) * PowerOfTwo(75) * unit;
  const double lo =
      static_cast<double>(static_cast<int64_t>(r >> 22 & ((uint64_t{1} << 53) - 1))) * PowerOfTwo(22) * unit;
  return {quadrant, hi, lo};
}

/// The sine s + s_lo and the cosine c + c_lo of a reduced argument. `Coefficients` is SinConstants<double>.
struct HugeSines {
  double s, s_lo, c, c_lo;
};
template <class Coefficients>
HugeSines SinesOf(const HugeReduced& a) {
  const double r = a.hi, z = r * r;
  double ps = 0, pc = 0;
  for (int i = static_cast<int>(sizeof(Coefficients::s) / sizeof(double)); i-- > 0;) ps = ps * z + Coefficients::s[i];
  for (int i = static_cast<int>(sizeof(Coefficients::c) / sizeof(double)); i-- > 0;) pc = pc * z + Coefficients::c[i];
  const double half = 0.5 * z, w = 1 - half, half_lo = 0.5 * __builtin_fma(r, r, -z);
  return {r, r * z * ps + a.lo * (1 - half), w, ((1 - w) - half - half_lo) + (z * z * pc - r * a.lo)};
}

inline bool IsFinite(uint64_t bits) { return (bits >> 52 & 2047) != 2047; }

/// sin x (`turn` = 0) or cos x (`turn` = 1) for |x| >= 2^10; NaN for infinities and NaN.
template <class Coefficients, unsigned turn>
double SinCosHuge(double x) {
  uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  if (!IsFinite(bits)) return x - x;
  const HugeReduced a = ReduceHuge(x);
  const HugeSines v = SinesOf<Coefficients>(a);
  const unsigned quadrant = a.quadrant + turn;
  const double y = quadrant & 1 ? v.c + v.c_lo : v.s + v.s_lo;
  const bool odd = !turn && bits >> 63;  // sin is odd, cos even
  return ((quadrant & 2) != 0) != odd ? -y : y;
}

/// tan x for |x| >= 2^10; NaN for infinities and NaN.
template <class Coefficients>
double TanHuge(double x) {
  uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  if (!IsFinite(bits)) return x - x;
  const HugeReduced a = ReduceHuge(x);
  const HugeSines v = SinesOf<Coefficients>(a);
  const double s = v.s + v.s_lo, s_lo = (v.s - s) + v.s_lo, c = v.c + v.c_lo, c_lo = (v.c - c) + v.c_lo;
  const bool odd = a.quadrant & 1;
  const double num = odd ? c : s, num_lo = odd ? c_lo : s_lo, den = odd ? s : c, den_lo = odd ? s_lo : c_lo;
  const double q = num / den;
  const double y = q + (__builtin_fma(-q, den, num) + (num_lo - q * den_lo)) / den;
  return odd != (bits >> 63 != 0) ? -y : y;
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_TRIG_HUGE_INL
