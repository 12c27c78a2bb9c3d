// Gammaln, Gamma, Rgamma and Digamma: the gamma function, its logarithm, its inverse and that logarithm's derivative.
//
// Positive arguments from 0.59 on up to a bound: a polynomial in each of eight half octaves. Beyond it Stirling's
// series, with log z and what it is multiplied by in two parts. Below, one step of the recurrence for positive x, and
// for negative ones the reflection: with y = -x, Gamma(x) = -pi / (sin(pi y) Gamma(1 + y)). Of floats all is done in
// doubles.
//
// Errors of negative arguments are relative to the larger term of the reflection for Gammaln and Digamma, whose zeros
// between the poles are not resolved.
#if defined(LZ_MATH_GAMMA_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_GAMMA_INL
#undef LZ_MATH_GAMMA_INL
#else
#define LZ_MATH_GAMMA_INL
#endif

#include "core/kernels/math_erfc-inl.h"
#include "core/kernels/math_pow-inl.h"
#include "core/kernels/math_sinpi-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

// Rows of tools/coefficients_gamma.py: the centre, for digamma what it lacks of the zero, the value there, and the
// coefficients of (f(centre + h) - that) / h. Errors relative to f at most 2^-56.7, 2^-59.3 and 2^-59.6.
inline constexpr double kGammalnRows[][8] = {
    {0x1p1, 0x1.7000c8p1, 0x1.0400b6p2, 0x1.7000b4p2, 0x1.03ffc3p3, 0x1.6ffcap-1, 0x1p0, 0x1.700148p0},
    {0, 0x1.29732a612037fp-1, 0x1.def18be0fdca6p0, 0x1.1779714a9dbb3p2, 0x1.18e620e4014c1p3, 0x1.e8799046c9993p-3, 0,
     -0x1.f07270afc4a26p-4},
    {0x1.b0ee6072093cep-2, 0x1.be8ecf55ff1c3p-1, 0x1.461221eb2f2fcp0, 0x1.a8e49fab81b5ep0, 0x1.041d43444429bp1,
     -0x1.2b05e2c3fde69p0, -0x1.2788cfc6fb619p-1, -0x1.82913e5b1122cp-6},
    {0x1.4a34cc4a60fa7p-2, 0x1.a92253a56dc99p-3, 0x1.1d98cffb2847ap-3, 0x1.84ed5e3d65e5ep-4, 0x1.0c35602e7a3ecp-4,
     0x1.5be586af1232bp0, 0x1.a51a6625307d4p-1, 0x1.fa9dc226fe2a7p-2},
    {-0x1.13e001a557618p-4, -0x1.d0862abb277a7p-6, -0x1.a630c470a71b3p-7, -0x1.88c276a0a7db8p-8, -0x1.7622c5279b3ecp-9,
     -0x1.fdd79d45dff6ap-1, -0x1.9a4d55beab2dcp-2, -0x1.3b6d1175da128p-3},
    {0x1.51322ac7d7ccbp-6, 0x1.780d7a202d129p-8, 0x1.d14b31b7c7c6ap-10, 0x1.289d2c2955263p-11, 0x1.86e01b1546d42p-13,
     0x1.f1ec7f63ecee8p-1, 0x1.151322ac7cfa8p-2, 0x1.198f129c135f1p-4},
    {-0x1.e404fc2182ec2p-8, -0x1.69396a6037e7fp-10, -0x1.31eb7e86f2d7bp-12, -0x1.0c0bc17db4304p-14,
     -0x1.e95b7f21fa339p-17, -0x1.0ed630e9ad5b1p0, -0x1.a8b9c17aa2c1p-3, -0x1.22f976a9e58b8p-5},
    {0x1.7add6eaf4964fp-9, 0x1.7d90c3f747fd4p-12, 0x1.bc8750fc650a3p-15, 0x1.0c66d36a516e1p-17, 0x1.53e56ada92e82p-20,
     0x1.3752574dd66f1p0, 0x1.5b40cb11cf27bp-3, 0x1.44a7de57a709bp-6},
    {-0x1.38ac5c3a143a6p-10, -0x1.abc5e30b07b7dp-14, -0x1.583e406d0614bp-17, -0x1.1f2e849954de3p-20,
     -0x1.f935e29ee29cep-24, -0x1.72041884a6894p0, -0x1.2703a1e2a4fc7p-3, -0x1.7b31de82d45dfp-7},
    {0x1.0b36ae6788788p-11, 0x1.f339b05975dd3p-16, 0x1.1688b69c2f4c9p-19, 0x1.41cc55abf01acp-23, 0x1.89b6006a9e408p-27,
     0x1.c1d9e95ffc5dp0, 0x1.010b356b64c9fp-3, 0x1.c84e0361dcb0cp-8},
    {-0x1.d3fd3c0f061c8p-13, -0x1.2bbac4c280825p-17, -0x1.d1417c0a3461p-22, -0x1.74fea39ca1842p-26,
     -0x1.3dc4952c37476p-30, -0x1.1605997250d4ep1, -0x1.c806675a636cp-4, -0x1.184e7e38d5136p-8},
    {0x1.a128801791ba7p-14, 0x1.6f8d85b129df5p-19, 0x1.8def5a534fdf9p-24, 0x1.bb913ed3d7adcp-29, 0x1.0793106c9af37p-33,
     0x1.5c0f6a1fa202bp1, 0x1.9a02d1638cd8ap-4, 0x1.5daa40b0aba0ep-9},
    {-0x1.78e3b6e10d291p-15, -0x1.ca0ba51dc7a7ep-21, -0x1.5a9c05920d677p-26, -0x1.0d3691f8aa3cep-31,
     -0x1.be4fd7c83a184p-37, -0x1.b8420f9ec4681p1, -0x1.748fe75cdbeedp-4, -0x1.b95b3731bf374p-10},
    {0x1.57e6993744b51p-16, 0x1.211dd597ad64ep-22, 0x1.31f537f52b218p-28, 0x1.4d36188d06c86p-34, 0x1.77a8f826f3b5fp-40,
     0x1.18de37c14cbedp2, 0x1.553cc862b58fp-4, 0x1.191d4db8a8d7bp-10},
    {-0x1.3bbf4cfd46602p-17, -0x1.6e5e462962c3bp-24, -0x1.11fb480dbbc18p-30, -0x1.9ad7e1a544e1p-37,
     -0x1.4df82a7f33ce5p-43, -0x1.66c5597f33cf2p2, -0x1.3a4fb7deae0bbp-4, -0x1.6696ff51bdb68p-11},
    {0x1.29263f75e278bp-18, 0x1.cfe29d977dec7p-26, 0x1.fb34c35df66f4p-33, 0x1.d90548f791bd8p-40, 0x1.dae52b038960ap-46,
     0x1.ca554891ec31fp2, 0x1.28ecff630bd4p-4, 0x1.cdd39fbcea293p-12},
    {-0x1.2a3ef9e9c22a4p-19, -0x1.5448bf034688fp-27, -0x1.dac3e9524a654p-35, -0x1.8399c55e0b5a2p-42,
     -0x1.2659e4959b5a8p-49, -0x1.5099c21a12df7p3, -0x1.27844fe48e471p-4, -0x1.534024cea6276p-12},
    {0x1.d18be6b9fe4a4p-21, 0x1.f2e4e05e687fap-29, 0x1.5e33e869f34d2p-37, 0x1.a4ab11f45d12ap-44, -0x1.30e0575ed09fdp-50,
     0x1.e2381b5b873fbp3, 0x1.be9f8932031f2p-5, 0x1.c45c5fa6f324ep-13},
};
// Of six half octaves, to 4.75.
inline constexpr double kGammaRows[][8] = {
    {0x1p1, 0x1.8p1, 0x1p2, 0, 0, 0x1.6ffbcp-1, 0x1p0, 0x1.6ffd5p0},
    {0x1p0, 0x1p1, 0x1.8p2, 0, 0, 0x1.44f572e0da48ep0, 0x1p0, 0x1.c58ed96de77ecp-1},
    {0x1.b0ee6072093cep-2, 0x1.d8773039049e7p0, 0x1.e259642ac376dp2, 0, 0, -0x1.7b93a83a9b694p0, -0x1.2788cfc6fb619p-1,
     -0x1.575001e6b0af2p-6},
    {0x1.a5b978b96bebfp-2, 0x1.3f18547938453p0, 0x1.65700b692b5b8p2, 0, 0, 0x1.4ba6d7b7aa57cp1, 0x1.fa658c23b1578p-1,
     0x1.c111640227601p-2},
    {0x1.4e23998465053p-4, 0x1.2665a2bdcf386p-1, 0x1.7c58644af78c9p1, 0, 0, -0x1.cee0a7bf40606p1, -0x1.d0a118f324c23p-1,
     -0x1.2cb04fac8d1a9p-3},
    {0x1.301fbb0f25babp-4, 0x1.d73187d158315p-3, 0x1.43e5644d68b2p0, 0, 0, 0x1.4a24e55aba9d8p2, 0x1.f6a510550984fp-1,
     0x1.61a6ab66c9091p-3},
    {-0x1.17f3740ce5862p-12, 0x1.2defd4270690ap-4, 0x1.ce0ca305f1228p-2, 0, 0, -0x1.cdcc367f9624ap2,
     -0x1.f6c80ec37213ep-1, -0x1.a6009c4d48e8dp-4},
    {0x1.6d7eeac9af30dp-7, 0x1.691f1cf9a971ep-6, 0x1.1e6394f12005dp-3, 0, 0, 0x1.42562b52f87cbp3, 0x1.fc7e0a6e76922p-1,
     0x1.416b32e70d83p-4},
    {-0x1.75e6e91b45725p-9, 0x1.6516ec8df06d2p-8, 0x1.3a7827323e6cep-5, 0, 0, -0x1.c108bf104b139p3,
     -0x1.fdf3f16fa1d3fp-1, -0x1.b833cbe35d332p-5},
    {0x1.13c449fb47505p-9, 0x1.63435514b3e97p-10, 0x1.37c4b632c3c6bp-7, 0, 0, 0x1.388e49f34a3c4p4, 0x1.ff07b5e3f1108p-1,
     0x1.36969c9455d81p-5},
    {-0x1.e21f112e54ee2p-11, 0x1.15a5dd8087b53p-12, 0x1.19bfdd4984452p-9, 0, 0, -0x1.b2fa3b37a6a8bp4,
     -0x1.ff8031767bc7dp-1, -0x1.b0904e248e8bap-6},
    {0x1.011ab9c5774f4p-11, 0x1.00b4519001a06p-14, 0x1.d62d11db6d004p-12, 0, 0, 0x1.2ea244b76f387p5,
     0x1.ffc05da68b8fcp-1, 0x1.2dbe4cd19bf74p-6},
    {-0x1.f94da018fd745p-13, 0x1.1d6518e917ce6p-17, 0x1.6bba9536579dap-14, 0, 0, -0x1.a515966ece2d5p5,
     -0x1.ffe3761e36773p-1, -0x1.a44348433297cp-7},
    {0x1.fe64d71758bb5p-14, 0x1.42e7a89469c07p-19, 0x1.07cef8508daa8p-16, 0, 0, 0x1.25078127341a3p6,
     0x1.fffc7ccbf2a13p-1, 0x1.24b16d60cb78ep-7},
    {-0x1.fd7882a0b7d69p-15, 0x1.7c110bf1460b6p-24, 0x1.666d10cfc5681p-19, 0, 0, -0x1.97f043ad213f7p6,
     -0x1.ff7025c926f3p-1, -0x1.977979da60a2p-8},
    {0x1.fc78058043bb6p-16, 0x1.f2b8d40a5cb12p-24, 0x1.ce31c9fb12919p-22, 0, 0, 0x1.19211004d7461p7,
     0x1.fdbb1cde437c1p-1, 0x1.1879043df81b3p-8},
    {-0x1.04929cd425fa1p-16, -0x1.1113db48a1743p-26, 0x1.16ec8f6970d15p-24, 0, 0, -0x1.83698adfc6b2dp7,
     -0x1.0562fc8757cep0, -0x1.852156b07757cp-9},
    {0x1.1be24e18f9018p-17, 0x1.51e45521687f9p-28, 0x1.534a5ecc51123p-27, 0, 0, 0x1.3b2864470c5f6p8,
     0x1.1b226966a003dp0, 0x1.3ee25fcc5ad52p-9},
    {-0x1.c52325943ee83p-19, -0x1.c463a932cd933p-28, 0x1.a06233e6c4a55p-30, 0, 0, -0x1.d04e387e0a5f4p8,
     -0x1.bcf0e9ca56c94p-1, -0x1.c3c878305e9c8p-10},
};
inline constexpr double kDigammaRows[][8] = {
    {0x1.040084p1, 0x1.700078p1, 0x1.04009ep2, 0x1.700046p2, 0x1.03ffe7p3, 0x1.7003p-1, 0x1.040018p0,
     0x1.762d86356be3fp0},
    {0, 0, 0, 0, 0, 0, 0, 0x1.b86a722197829p-54},
    {0x1.c56135714d395p-2, 0x1.be8e4a7b33f59p-1, 0x1.46120724da4cp0, 0x1.a8e44c1c74ddfp0, 0x1.041d56200389dp1,
     -0x1.2afd390b1ceap0, -0x1.1a859e264b0dcp-1, 0},
    {0x1.43dbc6fb469c9p-1, 0x1.a922c084fb589p-2, 0x1.1d98edaa99284p-2, 0x1.84eddcd03a348p-3, 0x1.0c3538b8d53d7p-3,
     0x1.5bdc013b71d9ap1, 0x1.9baf4deded151p0, 0x1.ef72bc8ee38acp-1},
    {-0x1.8e6e759122f23p-3, -0x1.5c655052f0f7ep-4, -0x1.3ca4d4c31a7a9p-5, -0x1.2692982628172p-6, -0x1.1899c16a80c1bp-7,
     -0x1.7e4f1d301d518p1, -0x1.271de07d05cafp0, -0x1.c563b54aa1a36p-2},
    {0x1.3ef4184e60e4bp-4, 0x1.780e94559241ap-6, 0x1.d14bc11e50df7p-8, 0x1.289e4c1aa54f8p-9, 0x1.86df6f0b80164p-11,
     0x1.f1cac7eb335e8p1, 0x1.051962d481206p0, 0x1.08b4294d50358p-2},
    {-0x1.1945279255147p-5, -0x1.c389841f2d707p-8, -0x1.7e66fa700bc0bp-10, -0x1.4f10625a84c74p-12,
     -0x1.31d87c37f86a3p-14, -0x1.526eac1d25db8p2, -0x1.ec08b3868ae0bp-1, -0x1.4fc1317257c89p-3},
    {0x1.03cdc4f5d6eep-6, 0x1.1e2df1e57ab2p-9, 0x1.4d662620e3813p-12, 0x1.929cc5174336ap-15, 0x1.fdd6aab1e66e3p-18,
     0x1.d2cb25ed297e1p2, 0x1.db013702be2abp-1, 0x1.b9a5b6371ea3ep-4},
    {-0x1.ec232f25aeac2p-8, -0x1.764f4879b5688p-11, -0x1.2d372f7a43fep-14, -0x1.f6952f44e877p-18,
     -0x1.ba0da2029e4dfp-21, -0x1.439c62b907734p3, -0x1.cf641566c1a48p-1, -0x1.27baba26367aep-4},
    {0x1.d8f163e411ba3p-9, 0x1.f33cf7872f9bep-13, 0x1.168981643eb18p-16, 0x1.41cf14514bbb6p-20, 0x1.89b4d667af12fp-24,
     0x1.c19b9bcea4fc4p3, 0x1.c63bd0d20431p-1, 0x1.8fce02a06cf4cp-5},
    {-0x1.ca82e2d130a8cp-10, -0x1.5134c430519afp-14, -0x1.05b58917ba8p-18, -0x1.a3a2fe9db3ffcp-23,
     -0x1.657bce539df78p-27, -0x1.3895a78bb7e37p4, -0x1.be455eb62ce4bp-1, -0x1.0fa7ec2abee65p-5},
    {0x1.bef5d8c7ea1cep-11, 0x1.cb7624607232ep-16, 0x1.f16924ffede9ap-21, 0x1.1543ca28e50e3p-25, 0x1.49524355502eep-30,
     0x1.b2c90c705cd1dp4, 0x1.b6ee6ac4dc9aep-1, 0x1.723d7236784c2p-6},
    {-0x1.b537559275027p-12, -0x1.3ae0cf34bac63p-17, -0x1.dca25ef304ae4p-23, -0x1.721a25b6f6927p-28,
     -0x1.32c60d2685ac9p-33, -0x1.2e6babd33224ep5, -0x1.aff251dc04dc8p-1, -0x1.f9704feb8c527p-7},
    {0x1.aca5b3b67e635p-13, 0x1.b16a6bfa65471p-19, 0x1.cb849c5bd0a34p-25, 0x1.f1d52540ec0e8p-31, 0x1.204e1f253eca4p-36,
     0x1.a4ba9fdc81fbep5, 0x1.a930828b2738dp-1, 0x1.595297bcf66afp-7},
    {-0x1.a4f46158253ep-14, -0x1.2b65af6b8aa07p-20, -0x1.bce1fc490001fp-27, -0x1.50a6080c75106p-33,
     -0x1.1139389695bcdp-39, -0x1.24b0c55c16fffp6, -0x1.a29ad3393d00dp-1, -0x1.d82babed1547ap-8},
    {0x1.9da0b9cb77bb1p-15, 0x1.9d5b06d4e16ebp-22, 0x1.b169420e5482fp-29, 0x1.cb183d2e3f805p-36, 0x1.04158a00b4a9p-42,
     0x1.9730987f40183p6, 0x1.9c03e30d3ee56p-1, 0x1.437287630e461p-8},
    {-0x1.938ea75c4ab5ep-16, -0x1.18d09a8978816p-23, -0x1.a99c603e68aa8p-31, -0x1.3d09a86d3a5f1p-38,
     -0x1.e186b7c5f224p-46, -0x1.19d9de1a812edp7, -0x1.943e36592b507p-1, -0x1.b892554f17f44p-9},
    {0x1.8e0c26b53c72p-17, 0x1.95371a7903e4fp-25, 0x1.8cd06cbd5f5b1p-33, 0x1.9ae727d974139p-41, 0x1.d153330fa9b85p-49,
     0x1.888cfd308becap7, 0x1.90a48b7ef5bc4p-1, 0x1.2068504e635aep-9},
    {-0x1.c0c7f9e4a1969p-18, -0x1.581ff21c66c09p-26, -0x1.8fbaf7ffe535ep-35, -0x1.1aa6f6e47cdd6p-43,
     -0x1.377925efe652p-51, -0x1.325d89807b89bp8, -0x1.b2de680a58586p-1, -0x1.c049adfd865ffp-10},
    {0x1.b410ed3ece2bep-19, 0x1.639dd8873b595p-28, 0x1.11672af0f1c82p-36, 0x1.1cb92a0094e8ep-45, 0x1.19b51f087363bp-54,
     0x1.a63b3f67110dep8, 0x1.95598bc3089fcp-1, 0x1.ae2904ee7d718p-10},
};
// Stirling's series, Bernoulli numbers over 2k (2k - 1) and over 2k (Abramowitz and Stegun 6.1.41, 6.3.18): what is
// left of log gamma z in 1/z^2, over z, and of log z - 1/(2z) - digamma z, over z^2.
inline constexpr double kStirling[] = {1.0 / 12,   -1.0 / 360,      1.0 / 1260, -1.0 / 1680,
                                       1.0 / 1188, -691.0 / 360360, 1.0 / 156,  -3617.0 / 122400};
inline constexpr double kStirlingDigamma[] = {1.0 / 12,  -1.0 / 120,     1.0 / 252, -1.0 / 240,
                                              5.0 / 660, -691.0 / 32760, 1.0 / 12,  -3617.0 / 8160};

/// x, split for the tables: z = y + one, from 0.59 on, is x or, where `small`, 1 + |x|.
template <class D>
struct GammaArgument {
  hn::Vec<D> y, one, z, z_lo;  // z_lo: what rounding took from a z of at least 2
  hn::Mask<D> small;
};
template <class D, class V>
HWY_INLINE GammaArgument<D> SplitForGamma(D d, V x) {
  const auto small = hn::Lt(x, Constant(d, 0.59375));
  const V y = hn::Abs(x), one = hn::IfThenElseZero(small, Constant(d, 1)), z = hn::Add(y, one);
  return {y, one, z, hn::IfThenElseZero(hn::Lt(z, Constant(d, 1e16)), SumError(y, one, z)), small};
}

/// The polynomial of z's half octave at y + shift, which may be more exact than z.
template <bool has_rest, class D, class V, size_t n>
HWY_INLINE V ByHalfOctaves(D d, V z, V y, V shift, const RowsOfEight<double, n>& rows) {
  const hn::Rebind<uint64_t, D> du;
  constexpr uint64_t to_edge = uint64_t{5} << 48;  // 1.1875 to 1.5, 1.6875 to 2
  const LookupEight<D> look(d, hn::ShiftRight<51>(hn::Add(hn::BitCast(du, z), hn::Set(du, to_edge))));
  V h = hn::Add(y, hn::Sub(shift, look(d, rows.at[0])));
  if constexpr (has_rest) h = hn::Sub(h, look(d, rows.at[1]));
  constexpr size_t base = has_rest ? 2 : 1;
  V p = look(d, rows.at[n - 1]);
#pragma GCC unroll 32
  for (size_t i = n - 2; i > base; --i) p = hn::MulAdd(p, h, look(d, rows.at[i]));
  return hn::MulAdd(h, p, look(d, rows.at[base]));
}

/// log gamma(z + z_lo) for z from 8.75 to 1e30 and z_lo below an ulp of it.
template <class D, class V>
HWY_INLINE SumOfTwo<V> StirlingLogGamma(D d, V z, V z_lo) {
  const V inverse = hn::Div(Constant(d, 1), z);
  const auto main = DoublePow::Logarithm(d, z, hn::Sub(z, Constant(d, 0.5)), hn::Set(d, kNoShift<double>));
  const V less = hn::Sub(main.hi, z);
  const V digamma = hn::Mul(main.hi, inverse);  // nearly
  const V rest = hn::MulAdd(digamma, z_lo, hn::Mul(inverse, Polynomial(d, hn::Mul(inverse, inverse), kStirling)));
  // log(2 pi) / 2 in two parts.
  const V half_log = Constant(d, 0x1.d67f1c864beb5p-1), half_log_lo = Constant(d, -0x1.65b5a1b7ff5dfp-55);
  const V sum = hn::Add(less, half_log);
  const V lo = hn::Add(hn::Add(SumError(main.hi, hn::Neg(z), less), SumError(less, half_log, sum)), main.lo);
  return {sum, hn::Add(lo, hn::Add(rest, half_log_lo))};
}

struct GammalnInDoubles {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x) const {
    static constexpr auto rows = MakeRowsOfEight(kGammalnRows);
    const V zero = hn::Zero(d), inf = hn::Set(d, std::numeric_limits<double>::infinity());
    const auto [y, one, z, z_lo, small] = SplitForGamma(d, x);
    const auto near = hn::Lt(z, Constant(d, 9.5));
    V g = zero;
    if (!hn::AllFalse(d, near)) g = ByHalfOctaves<false>(d, z, y, one, rows);
    if (!hn::AllTrue(d, near)) {
      const auto huge = hn::Lt(Constant(d, 1e30), z);
      const auto sum = StirlingLogGamma(d, hn::IfThenElse(hn::Or(near, huge), Constant(d, 10), z), z_lo);
      V far = hn::Add(sum.hi, sum.lo);
      if (HWY_UNLIKELY(!hn::AllFalse(d, huge))) {
        const V bounded = hn::Min(hn::IfThenElse(huge, z, Constant(d, 10)), Constant(d, 1e308));
        far = hn::IfThenElse(huge, hn::Mul(bounded, hn::Sub(LogPositive(d, bounded), Constant(d, 1))), far);
      }
      g = hn::IfThenElse(near, g, far);
    }
    if (HWY_UNLIKELY(!hn::AllFalse(d, small))) {
      const auto negative = hn::Lt(x, zero), reflects = hn::Lt(x, Constant(d, -0x1p-28));
      V t = y;  // sin(pi y) / pi, which is y where y is tiny
      if (!hn::AllFalse(d, reflects)) {
        const V s = hn::Abs(Sinpi(d, hn::IfThenElseZero(reflects, y)));
        t = hn::IfThenElse(reflects, hn::Mul(s, Constant(d, 0x1.45f306dc9c883p-2)), y);  // 1 / pi
      }
      const V reflected = hn::Sub(hn::IfThenElse(negative, hn::Neg(g), g), Log(d, t));
      g = hn::IfThenElse(small, hn::IfThenElse(hn::Eq(t, zero), inf, reflected), g);
      g = hn::IfThenElse(hn::Eq(y, inf), x, g);
    }
    return hn::IfThenElse(hn::Eq(x, x), g, x);
  }
};

template <bool inverse>
struct GammaInDoubles {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x) const {
    static constexpr auto rows = MakeRowsOfEight(kGammaRows);
    const V zero = hn::Zero(d), unit = Constant(d, 1), pi = Constant(d, 0x1.921fb54442d18p1);
    const auto [y, one, z, z_lo, small] = SplitForGamma(d, x);
    // The result is factor * gamma(z), or where `inverted` factor / gamma(z).
    V factor = unit;
    auto inverted = inverse ? hn::Eq(zero, zero) : hn::Lt(unit, zero);
    if (HWY_UNLIKELY(!hn::AllFalse(d, small))) {
      const auto negative = hn::Lt(x, Constant(d, -0x1p-55));
      V reflected = zero;
      if (!hn::AllFalse(d, negative)) {
        const V s = hn::Neg(Sinpi(d, hn::IfThenElse(negative, y, Constant(d, 0.5))));
        if constexpr (inverse) {
          reflected =
              hn::IfThenZeroElse(hn::Eq(y, hn::Set(d, std::numeric_limits<double>::infinity())), hn::Div(s, pi));
        } else {
          reflected = hn::IfThenElse(hn::Eq(s, zero), hn::NaN(d), hn::Div(pi, s));
        }
        inverted = inverse ? hn::AndNot(negative, inverted) : negative;
      }
      factor = hn::IfThenElse(negative, reflected, hn::IfThenElse(small, inverse ? x : hn::Div(unit, x), unit));
    }
    const auto near = hn::Lt(z, Constant(d, 8.75));
    V g = unit;
    if (!hn::AllFalse(d, near)) {
      const auto reduced = hn::And(near, hn::Le(Constant(d, 4.75), z));
      const V step = hn::IfThenElseZero(reduced, Constant(d, 4)), shift = hn::Sub(one, step);
      const V v = ByHalfOctaves<false>(d, hn::Sub(z, step), y, shift, rows);
      const V x_y = y, x_one = one;  // (lambdas of clang 14 do not capture structured bindings)
      const auto less = [&](int k) HWY_ATTR { return hn::Add(x_y, hn::Sub(x_one, Constant(d, k))); };
      const V product = hn::Mul(hn::Mul(less(1), less(2)), hn::Mul(less(3), less(4)));
      const V value = hn::Mul(v, hn::IfThenElse(reduced, product, unit));
      g = hn::IfThenElse(inverted, hn::Div(factor, value), hn::Mul(factor, value));
    }
    if (!hn::AllTrue(d, near)) {
      const auto e = StirlingLogGamma(d, hn::Min(hn::IfThenElse(near, Constant(d, 10), z), Constant(d, 300)), z_lo);
      const V sign = hn::IfThenElse(inverted, Constant(d, -1), unit);
      const auto power = [&](V scale) HWY_ATTR {
        return DoublePow::Power(d, SumOfTwo<V>{hn::Mul(e.hi, scale), hn::Mul(e.lo, scale)}, true);
      };
      const auto large = hn::Lt(Constant(d, 170), z);
      V far = hn::Mul(factor, power(hn::IfThenElse(large, hn::Zero(d), sign)));
      if (HWY_UNLIKELY(!hn::AllFalse(d, large))) {
        const V root = power(hn::Mul(sign, Constant(d, 0.5)));  // the factor may bring it back into the range
        far = hn::IfThenElse(large, hn::Mul(hn::Mul(factor, root), root), far);
      }
      g = hn::IfThenElse(near, g, far);
    }
    if constexpr (!inverse) {  // factorials below 2^50 are exact
      const auto whole = hn::And(hn::Eq(hn::Round(x), x), hn::Lt(x, Constant(d, 18.5)));
      g = hn::IfThenElse(whole, hn::Round(g), g);
    }
    return hn::IfThenElse(hn::Eq(x, x), g, x);
  }
};

struct DigammaInDoubles {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V x) const {
    static constexpr auto rows = MakeRowsOfEight(kDigammaRows);
    const V zero = hn::Zero(d), unit = Constant(d, 1), pi = Constant(d, 0x1.921fb54442d18p1);
    const auto [y, one, z, z_lo, small] = SplitForGamma(d, x);
    (void)z_lo;
    const auto near = hn::Lt(z, Constant(d, 9.5));
    V g = zero;
    if (!hn::AllFalse(d, near)) g = ByHalfOctaves<true>(d, z, y, one, rows);
    if (!hn::AllTrue(d, near)) {
      const V bounded =
          hn::Min(hn::IfThenElse(near, Constant(d, 10), z), hn::Set(d, std::numeric_limits<double>::max()));
      const V inverse = hn::Div(unit, bounded), square = hn::Mul(inverse, inverse);
      const V rest = hn::MulAdd(square, Polynomial(d, square, kStirlingDigamma), hn::Mul(inverse, Constant(d, 0.5)));
      const V far = hn::Sub(LogPositive(d, bounded), rest);
      g = hn::IfThenElse(near, g, hn::IfThenElse(hn::Eq(z, bounded), far, z));
    }
    if (HWY_UNLIKELY(!hn::AllFalse(d, small))) {
      const auto negative = hn::Lt(x, Constant(d, -0x1p-28));
      V term = hn::Div(Constant(d, -1), x);
      if (!hn::AllFalse(d, negative)) {
        const V t = hn::IfThenElse(negative, y, Constant(d, 0.5)), s = Sinpi(d, t);
        const V cotangent = hn::Div(hn::Mul(pi, Cospi(d, t)), s);
        term = hn::IfThenElse(negative, hn::IfThenElse(hn::Eq(s, zero), hn::NaN(d), cotangent), term);
      }
      g = hn::IfThenElse(small, hn::Add(g, term), g);
    }
    return hn::IfThenElse(hn::Eq(x, x), g, x);
  }
};

/// log |gamma x|.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Gammaln(D d, V x) {
  return InDoubles<GammalnInDoubles>(d, x);
}

/// gamma x; NaN at negative integers.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Gamma(D d, V x) {
  return InDoubles<GammaInDoubles<false>>(d, x);
}

/// 1 / gamma x; 0 at 0 and negative integers.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Rgamma(D d, V x) {
  return InDoubles<GammaInDoubles<true>>(d, x);
}

/// The derivative of log gamma x; NaN at negative integers.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Digamma(D d, V x) {
  return InDoubles<DigammaInDoubles>(d, x);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_GAMMA_INL
