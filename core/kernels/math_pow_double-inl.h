// Pow of doubles: x to the power of y; and the rare cases of floats, too.
//
// x^y = e^(y log |x|), the logarithm and its product with y as sums of two doubles, some 66 bits. log |x| = k ln 2 +
// log c + log(1 + r), where 1/c is an approximate inverse of 7 bits, from a table (after Tang, ACM TOMS 16, 1990, and
// the pow of Arm's optimized routines, which gives the idea of short inverses): r = |x| 2^-k / c - 1 is a double.
#if defined(LZ_MATH_POW_DOUBLE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_POW_DOUBLE_INL
#undef LZ_MATH_POW_DOUBLE_INL
#else
#define LZ_MATH_POW_DOUBLE_INL
#endif

#include "core/kernels/math_exp-inl.h"
#include "core/kernels/math_log-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// tools/coefficients.py pow.
struct PowConstants {
  // The bits of the least mantissa; it lies between 0.70 and 0.71.
  static constexpr uint64_t first = 0x3FE68AAAAAAAAAAB;
  // ln 2 in two parts: k * ln2_hi and its sum with the first part of a logarithm are exact.
  static constexpr double ln2_hi = 0x1.62e42fefa38p-1, ln2_lo = 0x1.ef35793c7673p-45;
  // log(1 + r) = r - r^2/2 + r^3 P(r), error 2^-69.5 r.
  static constexpr double p[] = {0x1.5555555555562p-2,  -0x1.000000000001ep-2, 0x1.99999994ff745p-3,
                                 -0x1.5555554e68d3ep-3, 0x1.2495f7dc70e49p-3,  -0x1.000422cc0f5fep-3};
  // log c in two parts. The lowest 20 bits of the second are the highest of 1/c, which has no others.
  static constexpr double rows[128][2] = {
      {-0x1.62c82f2b9c8p-2, 0x1.ab4242833ff6ap-48},  {-0x1.5d1bdbf5808p-2, -0x1.ca508d8e3ff68p-46},
      {-0x1.57677174558p-2, -0x1.362a4d5b3ff66p-45}, {-0x1.51aad872df8p-2, -0x1.684e49eb3ff64p-49},
      {-0x1.4be5f957778p-2, -0x1.41b699323ff62p-47}, {-0x1.4618bc21c6p-2, 0x1.3d82f4843ff6p-46},
      {-0x1.404308686a8p-2, 0x1.c42f3ed83ff5ep-50},  {-0x1.3a64c556948p-2, 0x1.0b1c68653ff5cp-45},
      {-0x1.3a64c556948p-2, 0x1.0b1c68653ff5cp-45},  {-0x1.347dd9a988p-2, 0x1.5594dd4c3ff5ap-45},
      {-0x1.2e8e2bae12p-2, 0x1.67b1e99b3ff58p-45},   {-0x1.2895a13de88p-2, 0x1.5ca14b6c3ff56p-46},
      {-0x1.22941fbcf78p-2, -0x1.65a242853ff54p-46}, {-0x1.1c898c16998p-2, -0x1.fafbc68e3ff52p-46},
      {-0x1.1675cababa8p-2, 0x1.f1fc63383ff5p-46},   {-0x1.1058bf9ae48p-2, -0x1.6a8c4fd03ff4ep-45},
      {-0x1.0a324e2739p-2, -0x1.c6bee7ef3ff4cp-47},  {-0x1.0a324e2739p-2, -0x1.c6bee7ef3ff4cp-47},
      {-0x1.0402594b4dp-2, -0x1.036b89ef3ff4ap-48},  {-0x1.fb9186d5e4p-3, 0x1.d572aab93ff48p-47},
      {-0x1.ef0adcbdc6p-3, 0x1.b26b79c83ff46p-45},   {-0x1.e27076e2afp-3, -0x1.72f4f5433ff44p-46},
      {-0x1.e27076e2afp-3, -0x1.72f4f5433ff44p-46},  {-0x1.d5c216b4fcp-3, 0x1.1ba91bbc3ff42p-45},
      {-0x1.c8ff7c79aap-3, 0x1.7794f6893ff4p-45},    {-0x1.bc286742d9p-3, 0x1.94eb03183ff3ep-46},
      {-0x1.af3c94e80cp-3, 0x1.a4e633fc3ff3cp-52},   {-0x1.af3c94e80cp-3, 0x1.a4e633fc3ff3cp-52},
      {-0x1.a23bc1fe2bp-3, -0x1.58c64dc43ff3ap-45},  {-0x1.9525a9cf45p-3, -0x1.ad1d904c3ff38p-45},
      {-0x1.87fa06520dp-3, 0x1.bbdbf7fd3ff36p-45},   {-0x1.87fa06520dp-3, 0x1.bbdbf7fd3ff36p-45},
      {-0x1.7ab890210ep-3, 0x1.bdb907253ff34p-45},   {-0x1.6d60fe719dp-3, -0x1.0e46aa3b3ff32p-46},
      {-0x1.6d60fe719dp-3, -0x1.0e46aa3b3ff32p-46},  {-0x1.5ff3070a79p-3, -0x1.e9e439f13ff3p-46},
      {-0x1.526e5e3a1bp-3, -0x1.0de8b9003ff2ep-45},  {-0x1.44d2b6ccb8p-3, 0x1.70cc16133ff2cp-46},
      {-0x1.44d2b6ccb8p-3, 0x1.70cc16133ff2cp-46},   {-0x1.371fc201e9p-3, 0x1.178864d23ff2ap-48},
      {-0x1.29552f81ffp-3, -0x1.48d301773ff28p-45},  {-0x1.29552f81ffp-3, -0x1.48d301773ff28p-45},
      {-0x1.1b72ad52f6p-3, -0x1.e80a41813ff26p-45},  {-0x1.0d77e7cd09p-3, 0x1.a699688e3ff24p-47},
      {-0x1.0d77e7cd09p-3, 0x1.a699688e3ff24p-47},   {-0x1.fec9131dbep-4, -0x1.575545ca3ff22p-45},
      {-0x1.e27076e2bp-4, 0x1.a342c2af3ff2p-45},     {-0x1.e27076e2bp-4, 0x1.a342c2af3ff2p-45},
      {-0x1.c5e548f5bcp-4, -0x1.d0c575853ff1ep-46},  {-0x1.c5e548f5bcp-4, -0x1.d0c575853ff1ep-46},
      {-0x1.a926d3a4aep-4, 0x1.53935e853ff1cp-45},   {-0x1.8c345d631ap-4, 0x1.37c294d23ff1ap-46},
      {-0x1.8c345d631ap-4, 0x1.37c294d23ff1ap-46},   {-0x1.6f0d28ae56p-4, -0x1.69737c933ff18p-45},
      {-0x1.6f0d28ae56p-4, -0x1.69737c933ff18p-45},  {-0x1.51b073f062p-4, 0x1.f025b61c3ff16p-46},
      {-0x1.341d7961bep-4, 0x1.c5edaccf3ff14p-45},   {-0x1.341d7961bep-4, 0x1.c5edaccf3ff14p-45},
      {-0x1.16536eea38p-4, 0x1.47c5e7683ff12p-46},   {-0x1.16536eea38p-4, 0x1.47c5e7683ff12p-46},
      {-0x1.f0a30c0118p-5, 0x1.d599e8333ff1p-45},    {-0x1.b42dd71198p-5, 0x1.c827ae5d3ff0ep-46},
      {-0x1.b42dd71198p-5, 0x1.c827ae5d3ff0ep-46},   {-0x1.77458f632cp-5, -0x1.cfc4634f3ff0cp-45},
      {-0x1.77458f632cp-5, -0x1.cfc4634f3ff0cp-45},  {-0x1.39e87b9fecp-5, 0x1.502b7f523ff0ap-48},
      {-0x1.39e87b9fecp-5, 0x1.502b7f523ff0ap-48},   {-0x1.f829b0e78p-6, -0x1.980267c73ff08p-45},
      {-0x1.f829b0e78p-6, -0x1.980267c73ff08p-45},   {-0x1.7b91b07d58p-6, -0x1.88d5493f3ff06p-45},
      {-0x1.7b91b07d58p-6, -0x1.88d5493f3ff06p-45},  {-0x1.fc0a8b0fcp-7, -0x1.f1e7cf6d3ff04p-50},
      {-0x1.fc0a8b0fcp-7, -0x1.f1e7cf6d3ff04p-50},   {-0x1.fe02a6b1p-8, -0x1.9e23f0dd3ff02p-46},
      {-0x1.fe02a6b1p-8, -0x1.9e23f0dd3ff02p-46},    {0, 0x1.000000003ffp-200},
      {0x1.010157589p-7, -0x1.0c76b9993fefcp-46},    {0x1.0205658938p-6, -0x1.3dc5b06e3fef8p-45},
      {0x1.8492528c9p-6, -0x1.aa0ba3253fef4p-45},    {0x1.c63d2ec148p-6, 0x1.578c63f93fef2p-45},
      {0x1.252f32f8dp-5, 0x1.83e9ae023feeep-45},     {0x1.67c94f2d4cp-5, -0x1.29efbec13feeap-47},
      {0x1.aaef2d0fbp-5, 0x1.0fc1a3533fee6p-45},     {0x1.eea31c006cp-5, -0x1.e113e4fc3fee2p-47},
      {0x1.1973bd1466p-4, -0x1.5325d5603fedep-45},   {0x1.2aa04a4472p-4, -0x1.0b6e8ae93fedcp-45},
      {0x1.4d3115d208p-4, -0x1.53a2582f3fed8p-48},   {0x1.700d30aeacp-4, 0x1.c1e8da993fed4p-49},
      {0x1.8197e2f40ep-4, 0x1.f80dcf963fed2p-47},    {0x1.a4e7640b1cp-4, -0x1.e42b6b943fecep-47},
      {0x1.c885801bc4p-4, 0x1.646d1c653fecap-45},    {0x1.da72763844p-4, 0x1.a89401fa3fec8p-46},
      {0x1.fe89139dbep-4, -0x1.534d64fa3fec4p-45},   {0x1.08598b59e4p-3, -0x1.7e5dd7003fec2p-45},
      {0x1.1aa2b7e23fp-3, 0x1.ca78e4433febep-45},    {0x1.23d712a49cp-3, 0x1.00d238fd3febcp-46},
      {0x1.365fcb0159p-3, 0x1.62fa82343feb8p-51},    {0x1.3fb45a5993p-3, -0x1.cd1d87e63feb6p-45},
      {0x1.527e5e4a1bp-3, 0x1.633e8e563feb2p-45},    {0x1.5bf406b544p-3, -0x1.27023eb63febp-46},
      {0x1.6f0128b757p-3, -0x1.5118de593feacp-45},   {0x1.7898d85445p-3, -0x1.c66107093feaap-46},
      {0x1.823c16551ap-3, 0x1.e0ddb9a63fea8p-46},    {0x1.95a5adcf7p-3, 0x1.7f22858a3fea4p-47},
      {0x1.9f6c407089p-3, 0x1.9904d6863fea2p-45},    {0x1.a93ed3c8aep-3, -0x1.872435053feap-45},
      {0x1.bd087383bep-3, -0x1.d4bc45953fe9cp-45},   {0x1.c6ffbc6f01p-3, -0x1.1ec72c593fe9ap-48},
      {0x1.d1037f2656p-3, -0x1.84a7e75b3fe98p-47},   {0x1.e530effe71p-3, 0x1.212276043fe94p-51},
      {0x1.ef5ade4ddp-3, -0x1.a211565b3fe92p-51},    {0x1.f991c6cb3bp-3, 0x1.bcbecca03fe9p-46},
      {0x1.01eae5626c8p-2, -0x1.6f08c1483fe8ep-46},  {0x1.07138604d58p-2, 0x1.89cdb16e3fe8cp-48},
      {0x1.1178e8227e8p-2, -0x1.c210e63a3fe88p-45},  {0x1.16b5ccbacf8p-2, 0x1.b9acdf7a3fe86p-45},
      {0x1.1bf99635a68p-2, 0x1.ca6ed5143fe84p-45},   {0x1.214456d0eb8p-2, 0x1.a87deba43fe82p-47},
      {0x1.269621134d8p-2, 0x1.c93c1df53fe8p-45},    {0x1.2bef07cdc9p-2, 0x1.a9cfa4a53fe7ep-45},
      {0x1.314f1e1d36p-2, -0x1.8e27ad323fe7cp-45},   {0x1.36b6776be1p-2, 0x1.16ecdb0f3fe7ap-46},
      {0x1.419b423d5e8p-2, 0x1.8e436ec93fe76p-47},   {0x1.4718dc271c8p-2, -0x1.f27ce0963fe74p-45},
      {0x1.4c9e09e173p-2, -0x1.e20891b03fe72p-45},   {0x1.522ae0738ap-2, 0x1.ebe708163fe7p-45},
      {0x1.57bf753c8dp-2, 0x1.fadedee53fe6ep-46},    {0x1.5d5bddf596p-2, -0x1.a0b2a08a3fe6cp-47},
  };
};

/// The sum of two, lo much the smaller.
template <class V>
struct SumOfTwo {
  V hi, lo;
};

/// log x + log 2^-shift for positive, finite, normal x; `shift` as in SplitPower.
template <class D, class V>
HWY_INLINE SumOfTwo<V> LogInTwoParts(D d, V x, V shift) {
  using C = PowConstants;
  const hn::Rebind<uint64_t, D> du;
  const auto [k, m, i] = SplitAt<C::first>(d, x, shift);
  const auto [log_c, log_c_lo] = LookupPair(d, C::rows, hn::And(hn::ShiftRight<45>(i), hn::Set(du, 127)));
  const V inverse = hn::BitCast(d, hn::ShiftLeft<44>(hn::BitCast(du, log_c_lo)));
  const V one = Constant(d, 1), half = Constant(d, 0.5);
#if HWY_NATIVE_FMA
  const V r = hn::MulSub(m, inverse, one);
  V lo = hn::MulAdd(k, hn::Set(d, C::ln2_lo), log_c_lo);
#else
  const V product = hn::Mul(m, inverse);
  const V r = hn::Sub(product, one);
  // What r leaves out of 1 + r, divided by that.
  V lo = hn::Mul(ProductError(d, m, inverse, product), hn::NegMulAdd(r, hn::Sub(one, r), one));
  lo = hn::Add(lo, hn::MulAdd(k, hn::Set(d, C::ln2_lo), log_c_lo));
#endif
  const V whole = hn::MulAdd(k, hn::Set(d, C::ln2_hi), log_c);
  const V a = hn::Add(whole, r);
  const V square = hn::Mul(r, r);
  const V b = hn::NegMulAdd(half, square, a);
  // What the roundings of a, b and the square left; then the rest of the series.
  lo = hn::Add(lo, SumError(whole, r, a));
  lo = hn::Add(lo, hn::NegMulAdd(half, ProductError(d, r, r, square), hn::NegMulAdd(half, square, hn::Sub(a, b))));
  return {b, hn::MulAdd(hn::Mul(r, square), Polynomial(d, r, C::p), lo)};
}

/// y log x for positive, finite, normal x 2^-shift, and e to its power; `usual` as in ExpIn.
struct DoublePow {
  template <class D, class V>
  static HWY_INLINE SumOfTwo<V> Logarithm(D d, V x, V y, V shift) {
    const SumOfTwo<V> a = LogInTwoParts(d, x, shift);
    const V p = hn::Mul(y, a.hi);
    return {p, hn::MulAdd(y, a.lo, ProductError(d, y, a.hi, p))};
  }
  template <class D, class V>
  static HWY_INLINE hn::Mask<D> IsUsual(D d, SumOfTwo<V> e) {
    return ExpIsUsual(d, hn::Abs(hn::Add(e.hi, e.lo)));
  }
  template <class D, class V>
  static HWY_INLINE V Power(D d, SumOfTwo<V> e, bool usual) {
    using C = ExpConstants<double>;
    if (HWY_UNLIKELY(!usual)) {
      e.lo = hn::IfThenElseZero(hn::Lt(hn::Abs(e.hi), Constant(d, 750)), e.lo);
      e.hi = ClampKeepNaN(d, e.hi, C::lo[int(Base::e)], C::hi[int(Base::e)]);
    }
    const auto [t, r] = ReduceByPower(d, e.hi, hn::Add(e.hi, e.lo));
    return ExpOfParts(d, t, hn::Add(r, e.lo), usual);
  }
};

/// x^y for any doubles x and y: zeros, infinities, NaN, negative x, subnormal x and results. `Core` is as DoublePow.
template <class Core, class D, class V>
HWY_NOINLINE V RarePow(D d, V x, V y) {
  constexpr double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  constexpr int subnormal_shift = LogConstants<double>::subnormal_shift;
  const V zero = hn::Zero(d), one = Constant(d, 1), inf = hn::Set(d, infinity), no_shift = hn::Set(d, kNoShift<double>);
  const V magnitude = hn::Abs(x);
  // Zeros and infinities go through as 1, subnormal numbers scaled. With exponents beyond 2^66 powers are 0, 1 or
  // infinity.
  const auto extreme = hn::Or(hn::Eq(magnitude, zero), hn::Eq(magnitude, inf));
  const auto small = hn::AndNot(extreme, hn::Lt(magnitude, hn::Set(d, std::numeric_limits<double>::min())));
  V m = hn::IfThenElse(small, hn::Mul(magnitude, Constant(d, double(int64_t{1} << subnormal_shift))), magnitude);
  m = hn::IfThenElse(extreme, one, m);
  const V shift = hn::Add(no_shift, hn::IfThenElseZero(small, Constant(d, subnormal_shift)));
  V power = Core::Power(d, Core::Logarithm(d, m, ClampKeepNaN(d, y, -0x1p66, 0x1p66), shift), false);

  const auto to_zero = hn::Xor(hn::VecFromMask(d, hn::Lt(y, zero)), hn::VecFromMask(d, hn::Eq(magnitude, zero)));
  power = hn::IfThenElse(extreme, hn::AndNot(to_zero, inf), power);
  const auto numbers = hn::And(hn::Eq(x, x), hn::Eq(y, y));
  power = hn::IfThenElse(numbers, power, hn::Set(d, nan));
  // Negative x: NaN, but for zeros, infinities and whole y, of which the odd ones keep the sign.
  const V half_y = hn::Mul(y, Constant(d, 0.5));
  const auto whole = hn::Eq(hn::Round(y), y);
  const V odd = hn::AndNot(hn::VecFromMask(d, hn::Eq(hn::Round(half_y), half_y)), hn::VecFromMask(d, whole));
  power = hn::IfThenElse(hn::AndNot(hn::Or(whole, extreme), hn::Lt(x, zero)), hn::Set(d, nan), power);
  power = hn::Xor(power, hn::And(hn::And(odd, x), hn::SignBit(d)));
  return hn::IfThenElse(hn::Or(hn::Eq(y, zero), hn::Eq(x, one)), one, power);
}

template <class Core, class D, class V>
HWY_INLINE V PowByCore(D d, V x, V y) {
  // As if x and the power were usual; one check, when all is done.
  const auto e = Core::Logarithm(d, x, y, hn::Set(d, kNoShift<double>));
  const V power = Core::Power(d, e, true);
  const auto usual = hn::And(IsPositive(d, x), Core::IsUsual(d, e));
  return HWY_LIKELY(hn::AllTrue(d, usual)) ? power : RarePow<Core>(d, x, y);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_POW_DOUBLE_INL
