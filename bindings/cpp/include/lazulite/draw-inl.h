// The kernels of random draws.
#if defined(LZ_DRAW_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_DRAW_INL
#undef LZ_DRAW_INL
#else
#define LZ_DRAW_INL
#endif

#include "lazulite/draw.h"
#include "lazulite/kernels-inl.h"

LAZULITE_BEGIN_TARGET

#include "core/kernels/philox-inl.h"
#include "core/kernels/random-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

template <class T, int R, int first, int number, int E>
struct KernelOf<detail::draw<T, R>, first, number, E> {
  using type = Load<T, first, E>;
};

template <detail::law law, class T>
struct LawOf;
template <>
struct LawOf<detail::law::random, double> : Random64 {};
template <>
struct LawOf<detail::law::random, float> : Random32 {};
template <>
struct LawOf<detail::law::standard_normal, double> : Normal64 {};
template <>
struct LawOf<detail::law::standard_normal, float> : Normal32 {};
template <>
struct LawOf<detail::law::standard_exponential, double> : Exponential64 {};
template <>
struct LawOf<detail::law::standard_exponential, float> : Exponential32 {};

template <class Cipher, detail::law law, class T>
inline constexpr detail::draw_function kDraw = &Fill<Enciphered<Cipher>, LawOf<law, T>>;
template <detail::law law, class T>
inline constexpr detail::draw_function kArsDraw = kDraw<Ars7, law, T>;
template <detail::law law, class T>
inline constexpr detail::draw_function kPhiloxDraw = kDraw<Philox4x32, law, T>;

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

LAZULITE_END_TARGET

#endif  // LZ_DRAW_INL
