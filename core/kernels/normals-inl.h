// Normal draws for laws that reject.
#if defined(LZ_NORMALS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_NORMALS_INL
#undef LZ_NORMALS_INL
#else
#define LZ_NORMALS_INL
#endif

#include "core/kernels/batch-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// A standard normal of an exponential draw e and the angle's word: Box and Muller's x alone, sqrt(2 e) sin(pi t) with
/// t an odd multiple of 2^-52 in (-1/2, 1/2).
HWY_INLINE F64 OneNormal64(F64 e, U64 w1) {
  // sin(pi sqrt z) / sqrt z on z in [0, 1/4], fitted as the polynomials of random-inl.h; error 2^-62 relatively.
  static constexpr double kSinPi[] = {0x1.9d462020fcc78p-21, -0x1.6f7acdb8f6580p-16, 0x1.e8f3675ee37ddp-12,
                                      -0x1.e3074dfaf87afp-8, 0x1.5078348551854p-4,   -0x1.32d2cce627c86p-1,
                                      0x1.466bc6775aa7dp+1,  -0x1.4abbce625be52p+2,  0x1.921fb54442d18p+1};
  const Tag<uint64_t> du;
  const Tag<double> d;
  const U64 one = hn::Set(du, 0x3FF0000000000001);
  const U64 mantissa = hn::Or(hn::ShiftRight<12>(w1), one);
  const F64 t = hn::Sub(hn::BitCast(d, mantissa), hn::Set(d, 1.5));
  return hn::Mul(hn::Sqrt(hn::Add(e, e)), hn::Mul(t, Horner(hn::Mul(t, t), kSinPi)));
}

/// Normal draws of the first pairs of a batch's substreams, in place of the first. (In loops of their own for the
/// reason that the cipher has one.)
HWY_INLINE void PrepareNormals(uint64_t* first, const uint64_t* second) {
  const Tag<uint64_t> du;
  for (int i = 0; i < kBatch; i += kLanes<double>) {
    const F64 e = NegLog64(hn::Load(du, first + i));
    hn::Store(hn::BitCast(du, e), du, first + i);
  }
  for (int i = 0; i < kBatch; i += kLanes<double>) {
    const F64 x = OneNormal64(hn::BitCast(Tag<double>(), hn::Load(du, first + i)), hn::Load(du, second + i));
    hn::Store(hn::BitCast(du, x), du, first + i);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_NORMALS_INL
