// Erfinv, Erfcinv and Ndtri: the inverses of the error functions and of the normal distribution function.
//
// With the tail's probability u and c = 1 - 2u, the result E has erf E = c. By w = -log u there are eight regions:
// below 1.5, E is odd in c; then E is a polynomial of w in each of seven. From w = 16 on, of few arguments, E is
// sqrt(w) and a polynomial of that. Of floats all is done in doubles.
#if defined(LZ_MATH_ERFINV_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_ERFINV_INL
#undef LZ_MATH_ERFINV_INL
#else
#define LZ_MATH_ERFINV_INL
#endif

#include "core/kernels/math_erfc-inl.h"
#include "core/kernels/math_log-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

// Rows as OddByRegions takes them, the regions from 2, 3, 4, 6, 8 and 12 on, that below 1.5 and that from there on: the
// order of the exponent and the fraction's first bit. Errors relative to E at most 2^-ERRA (tools/coefficients.py
// erfinv).
inline constexpr double kErfinvRows[][8] = {
    {0x1.3ffbep1, 0x1.bfff58p1, 0x1.3ffdacp2, 0x1.c00258p2, 0x1.40002ep3, 0x1.c001c4p3, 0, 0x1.bff89p0},
    {0x1.f7a325f73c39p-1, 0x1.53ef498da5591p0, 0x1.bf4749f9d49adp0, 0x1.1a2b83e9bb2cfp1, 0x1.62401dbeecc57p1,
     0x1.b198da503c5d2p1, 0, 0x1.540e322ccad38p-1},
    {0x1.881e2ff5b1cfbp-2, 0x1.3f9baaa50c061p-2, 0x1.02f2595c1100cp-2, 0x1.aadbe98c8db7ap-3, 0x1.5d7d06296c41ap-3,
     0x1.228c63ae35382p-3, -0x1.d203b725884aap-4, 0x1.ea53c8f0f3128p-2},
    {-0x1.82de8e6f34017p-5, -0x1.b57944b512d7bp-6, -0x1.e212270596646p-7, -0x1.14d291490433ep-7, -0x1.35f72a63c36e9p-8,
     -0x1.6922058e30615p-9, 0x1.db29fb2fee44ap-3, -0x1.64e70ff8c873bp-4},
    {0x1.5ff1783969165p-7, 0x1.18861b878580ap-8, 0x1.aaa741e261909p-10, 0x1.595c8beec1efdp-11, 0x1.0b1301f42354bp-12,
     0x1.b748f65072cccp-14, 0x1.053c2c0ad1104p-3, 0x1.d61a58044bf6dp-6},
    {-0x1.82598ff5cb271p-9, -0x1.b4812f12782bfp-11, -0x1.ccaf7eb41f3ccp-13, -0x1.0815ccfa62d56p-14,
     -0x1.1b53f68a47eb6p-16, -0x1.4a1a1bda300d7p-18, 0x1.62847c3632c42p-4, -0x1.736d089d2993bp-7},
    {0x1.d1aed3ff62f27p-11, 0x1.75d6d9b22eba3p-13, 0x1.1288840e2d21ep-15, 0x1.bee83dca709f6p-18, 0x1.4d697b78b3639p-20,
     0x1.13b866a3f5563p-22, 0x1.0a131c042e749p-4, 0x1.416463268617bp-8},
    {-0x1.28e4044e19d7p-12, -0x1.532b7c9783f56p-15, -0x1.5b2907c213e55p-18, -0x1.91cfae6965badp-21,
     -0x1.a189d2e038da7p-24, -0x1.ead095c5301a4p-27, 0x1.a7c792b4770c6p-5, -0x1.25c8aa8178f12p-9},
    {0x1.8912d204f94c6p-14, 0x1.3fca58b333a9fp-17, 0x1.c8ad264ab1065p-21, 0x1.782cee5aa84ddp-24, 0x1.1083c0b7496fap-27,
     0x1.c7c4bda06693ap-31, 0x1.5efa4f8afdc45p-5, 0x1.169cd70676edcp-10},
    {-0x1.0b514a095ac97p-15, -0x1.35ef5141cb5d4p-19, -0x1.34f5912b4225dp-23, -0x1.6a7ce437b9a73p-27,
     -0x1.6e67de91f243ap-31, -0x1.b439f84b08aa3p-35, 0x1.29f2b2c8a6d2bp-5, -0x1.0f4be49167e4fp-11},
    {0x1.73091eac282e5p-17, 0x1.32a82746b3a25p-21, 0x1.aafa79198699bp-26, 0x1.64f009fe09b34p-30, 0x1.f7af1d2faa46ep-35,
     0x1.ab181be66db7fp-39, 0x1.0acebcbed4e7fp-5, 0x1.0d7a6c5f9fb8p-12},
    {-0x1.05a7d31d816e1p-18, -0x1.345816d2b629ep-23, -0x1.2c000245cf90dp-28, -0x1.6580920d976f5p-33,
     -0x1.6049510daff0ep-38, -0x1.a99778b192a86p-43, 0x1.6ba936fa30f56p-6, -0x1.0fdd4b5b54bd4p-13},
    {0x1.75a3d783c0f68p-20, 0x1.3a1671677ee9ep-25, 0x1.ab26776a60937p-31, 0x1.6aa47ea4153c8p-36, 0x1.f39c19ab09997p-42,
     0x1.ae1093ca9e0d2p-47, 0x1.aa87bc069b2fdp-5, 0x1.15b5589bbbf56p-14},
    {-0x1.0b51ba41e46d6p-21, -0x1.42a32bc514e21p-27, -0x1.30b58b519cd84p-33, -0x1.70502803b0398p-39,
     -0x1.6332417cdd98bp-45, -0x1.b6a1715e761f9p-51, -0x1.0e21014dbe9a7p-4, -0x1.1e033b0f5296fp-15},
    {0x1.8560ab738d7cdp-23, 0x1.4d89310469edp-29, 0x1.b83f69ee76dbcp-36, 0x1.85c6a7f2e223cp-42, 0x1.ffc19bb19a9e1p-49,
     0x1.c581535167b24p-55, 0x1.ba5872860d2p-3, 0x1.293901e188106p-16},
    {-0x1.4a31aca842639p-24, -0x1.77f3ba56e5607p-31, -0x1.760fb24348fadp-38, -0x1.e9356c62310d3p-45,
     -0x1.b12d39615c4b4p-52, -0x1.fc3eccc819d5cp-59, -0x1.fc173fa850ff1p-3, -0x1.4eb82eeffc8e6p-17},
    {0x1.e528cc47eb64bp-26, 0x1.a483a5d7d0b23p-33, 0x1.1c9682ec281c5p-40, 0x1.6d941b6d5cd1ap-48, 0x1.4826950dde8c9p-55,
     0x1.02b3c14ec2ad6p-62, 0x1.9985528ed6628p-3, 0x1.68d57adc6141p-18},
};
// Beyond: centres in s = sqrt(w), and coefficients of E - s; regions from 4, 6, 8, 12, 16 and 24 on, in the same order.
// Errors relative to E at most 2^-ERRB.
inline constexpr double kErfinvFarRows[][8] = {
    {0, 0, 0x1.4p2, 0x1.cp2, 0x1.4p3, 0x1.cp3, 0x1.4p4, 0x1.ap4},
    {0, 0, -0x1.2b297eb393bf9p-2, -0x1.da43914f4430ap-3, -0x1.6f569c7ee4fecp-3, -0x1.1e7a2a1e6851dp-3,
     -0x1.b5194268d7afp-4, -0x1.64b67d3428e02p-4},
    {0, 0, 0x1.44127bb88371cp-5, 0x1.7d5ef0a3338b5p-6, 0x1.ac1de75349982p-7, 0x1.ea71e8acde876p-8, 0x1.0c9f737d3b979p-8,
     0x1.56cc12132a3aap-9},
    {0, 0, -0x1.92a159872889ap-8, -0x1.5c492fe879b4bp-9, -0x1.18b12f1908768p-10, -0x1.d4a9df6e6d377p-12,
     -0x1.6de30af7a39e5p-13, -0x1.6b4bbcfb3e089p-14},
    {0, 0, 0x1.081696cae308fp-10, 0x1.4e6bbfdee525ep-12, 0x1.8167d9a72615ap-14, 0x1.d352898f0f58dp-16,
     0x1.032dc81076c6fp-17, 0x1.8f9e523520d6dp-19},
    {0, 0, -0x1.64fdad4171535p-13, -0x1.4a1bd8f9e3807p-15, -0x1.0f61fe85c418ep-17, -0x1.dcfd2c33074d7p-20,
     -0x1.7723d8f9991b3p-22, -0x1.c08a9505d4803p-24},
    {0, 0, 0x1.ec00ce1554cd6p-16, 0x1.4bb0150ba646cp-18, 0x1.8477506d7ca45p-21, 0x1.ee3644df5322cp-24,
     0x1.133f1a5738c15p-26, 0x1.fdfd401b15a42p-29},
    {0, 0, -0x1.57bbdff3a629p-18, -0x1.5173c49177f48p-21, -0x1.193b867272b89p-24, -0x1.02be990016662p-27,
     -0x1.97d2f7c59a7f6p-31, -0x1.24901c79c389ep-33},
    {0, 0, 0x1.e5608217df9d6p-21, 0x1.5a85e445639c3p-24, 0x1.9aaf462f766c8p-28, 0x1.1112aa06efcffp-31,
     0x1.3050d379c8121p-35, 0x1.51f06ea3a61e8p-38},
    {0, 0, -0x1.59a3282cd4ceep-23, -0x1.666f628dbb4fep-27, -0x1.2dd961ce61fe9p-31, -0x1.21f6d0edab8d9p-35,
     -0x1.c8b6073bb5fbep-40, -0x1.8868ed7fcea95p-43},
    {0, 0, 0x1.efdd2146308a2p-26, 0x1.74f578628114cp-30, 0x1.be10c8a96aedap-35, 0x1.356a05cbae986p-39,
     0x1.58425345afe16p-44, 0x1.c996c5b16d676p-48},
    {0, 0, -0x1.66181aa643b5bp-28, -0x1.8606cee370e1fp-33, -0x1.4b205c3d86ad4p-38, -0x1.4b8344ea747e3p-43,
     -0x1.048b663b8b095p-48, -0x1.0bba1bb23db58p-52},
    {0, 0, 0x1.0423dd98f5e3cp-30, 0x1.99a6c88492c0cp-36, 0x1.ed6cec3a678b1p-42, 0x1.646379b8e3cc1p-47,
     0x1.8b9d420e5c23p-53, 0x1.3a335bf67b484p-57},
    {0, 0, -0x1.7883afcb57cf5p-33, -0x1.aef6e12fdbb7fp-39, -0x1.6d1f24c32e0c5p-45, -0x1.7f4af544d73ebp-51,
     -0x1.29eb092e23374p-57, -0x1.7196426ea8c3ap-62},
    {0, 0, 0x1.12c1c1fff969cp-35, 0x1.c75fa68aeac6ep-42, 0x1.0fea6c305804ep-48, 0x1.9da2457fa32f1p-55,
     0x1.c388194d500bdp-62, 0x1.b3b517cc774dap-67},
    {0, 0, -0x1.d8a9ca57d3feep-38, -0x1.048d30264ef1dp-44, -0x1.decf4c4302f68p-52, -0x1.e4556dd1733fcp-59,
     -0x1.96edfe6d7a0cfp-66, -0x1.0722dc17f4431p-71},
    {0, 0, 0x1.6bc6cf1e7518ep-40, 0x1.1ad16948c78dep-47, 0x1.767ec491ba184p-55, 0x1.0bf28a62eb211p-62,
     0x1.43f4ff2132d1bp-70, 0x1.391f38615f944p-76},
};

/// The magnitude of E for w >= 16.
template <class D, class V>
HWY_INLINE V ErfinvFar(D d, V w) {
  const hn::Rebind<uint64_t, D> du;
  constexpr size_t n = sizeof(kErfinvFarRows) / sizeof(kErfinvFarRows[0]);
  static constexpr RowsOfEight<double, n> rows = MakeRowsOfEight(kErfinvFarRows);
  const V s = LimitKeepNaN(d, hn::Sqrt(w), 28);
  const LookupEight<D> look(d, hn::ShiftRight<51>(hn::BitCast(du, s)));
  const V h = hn::Sub(s, look(d, rows.at[0]));
  V p = look(d, rows.at[n - 1]);
#pragma GCC unroll 32
  for (size_t i = n - 2; i >= 1; --i) p = hn::MulAdd(p, h, look(d, rows.at[i]));
  return hn::IfThenElse(hn::Eq(w, hn::Set(d, std::numeric_limits<double>::infinity())), w, hn::Add(s, p));
}

/// log(x / 2), which does not halve subnormal numbers.
struct LogOfHalf {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x, V shift) const {
    return LogShifted(d, x, hn::Add(shift, Constant(d, 1)));
  }
};

/// E for c and w; NaN where w is.
template <class D, class V>
HWY_INLINE V ErfinvOf(D d, V c, V w) {
  const hn::Rebind<uint64_t, D> du;
  constexpr size_t n = sizeof(kErfinvRows) / sizeof(kErfinvRows[0]);
  static constexpr RowsOfEight<double, n> rows = MakeRowsOfEight(kErfinvRows);
  const auto first = hn::Lt(w, Constant(d, 1.5));
  const V number = hn::IfThenElse(first, Constant(d, 1), w);
  const LookupEight<D> look(d, hn::ShiftRight<51>(hn::BitCast(du, number)));
  V y = OddByRegions(d, c, hn::IfThenElse(first, hn::Abs(c), w), first, look, rows);
  const auto usual = hn::Lt(w, Constant(d, 16));
  if (HWY_UNLIKELY(!hn::AllTrue(d, usual))) {
    y = hn::IfThenElse(usual, y, hn::CopySign(ErfinvFar(d, hn::Max(w, Constant(d, 16))), c));
    y = hn::IfThenElse(hn::Eq(w, w), y, w);
  }
  return y;
}

struct ErfinvInDoubles {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x) const {
    const V tail = hn::Sub(Constant(d, 1), hn::Abs(x));
    return ErfinvOf(d, x, hn::Neg(LogOfAny(d, tail, LogOfHalf())));
  }
};

struct ErfcinvInDoubles {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x) const {
    const V one = Constant(d, 1);
    const V tail = hn::IfThenElse(hn::Lt(one, x), hn::Sub(Constant(d, 2), x), x);
    return ErfinvOf(d, hn::Sub(one, x), hn::Neg(LogOfAny(d, tail, LogOfHalf())));
  }
};

struct NdtriInDoubles {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V p) const {
    const V one = Constant(d, 1), half = Constant(d, 0.5);
    const V u = hn::IfThenElse(hn::Lt(half, p), hn::Sub(one, p), p);
    const V e = ErfinvOf(d, hn::Mul(hn::Sub(p, half), Constant(d, 2)), hn::Neg(Log(d, u)));
    // sqrt 2 in two parts; infinities stay.
    const V y = hn::Mul(e, Constant(d, 0x1.6a09e667f3bcdp0));
    return hn::MulAdd(
        e, Constant(d, 0x1.6a09e667f3bcdp0),
        hn::Mul(hn::IfThenElseZero(hn::Lt(hn::Abs(y), Constant(d, 100)), e), Constant(d, -0x1.bdd3413b26456p-54)));
  }
};

/// The inverse of erf.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Erfinv(D d, V x) {
  return InDoubles<ErfinvInDoubles>(d, x);
}

/// The inverse of erfc.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Erfcinv(D d, V x) {
  return InDoubles<ErfcinvInDoubles>(d, x);
}

/// The inverse of the standard normal distribution function.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Ndtri(D d, V p) {
  return InDoubles<NdtriInDoubles>(d, p);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_ERFINV_INL
