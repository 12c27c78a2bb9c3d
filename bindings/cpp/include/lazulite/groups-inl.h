// Groups of vectors: E elements of a type, and bools as lane masks, with what turns one into another.
//
// E is as many elements as some vectors have lanes of the narrowest type in an expression; a value of a wider type is a
// group of vectors. Bools are masks as wide as whoever asks for them wants. The ops are those of core/kernels.
#if defined(LZ_GROUPS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_GROUPS_INL
#undef LZ_GROUPS_INL
#else
#define LZ_GROUPS_INL
#endif

#include <array>  // what the kernels include must not be compiled first between the marks below
#include <cmath>
#include <memory>
#include <string_view>
#include <tuple>
#include <vector>

#include "lazulite/config.h"
#include "lazulite/expression.h"
#include "lazulite/target.h"
//
#include <hwy/highway.h>

LAZULITE_BEGIN_TARGET

#include "core/kernels/cast-inl.h"
#include "core/kernels/elementary-inl.h"
#include "core/kernels/large-inl.h"
#include "core/kernels/ternary-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// E elements of T.
template <class T, int E>
struct Group {
  static constexpr int n = E / kLanes<T>;
  Vector<T> v[n];
};

/// The unsigned type of S bytes.
template <int S>
using Bits = std::conditional_t<S == 8, uint64_t,
                                std::conditional_t<S == 4, uint32_t, std::conditional_t<S == 2, uint16_t, uint8_t>>>;

/// E bools, as masks of lanes of S bytes.
template <int S, int E>
struct Masks {
  static constexpr int n = E * S / static_cast<int>(kVectorBytes);
  hn::Mask<Tag<Bits<S>>> m[n];
  template <int i>
  HWY_INLINE auto at() const {
    return m[i];
  }
};

/// The same bools for lanes of another size.
template <int To, int From, int E>
HWY_INLINE Masks<To, E> Resize(const Masks<From, E>& in) {
  if constexpr (To == From) {
    return in;
  } else if constexpr (To < From) {
    constexpr int half = From / 2;
    using U = Bits<From>;
    const Tag<U> d;
    Masks<half, E> out;
    LZ_EACH(out.n, out.m[i] = hn::MaskFromVec(
                       NarrowPair<U>(hn::VecFromMask(d, in.m[2 * i]), hn::VecFromMask(d, in.m[2 * i + 1]))));
    return Resize<To>(out);
  } else {
    using I = Signed<Bits<From>>;
    using W = Bits<2 * From>;
    Masks<2 * From, E> out;
    LZ_EACH((Masks<From, E>::n), {
      const auto v = As<I>(hn::VecFromMask(Tag<Bits<From>>(), in.m[i]));
      out.m[2 * i] = hn::MaskFromVec(As<W>(WidenLower<I>(v)));
      out.m[2 * i + 1] = hn::MaskFromVec(As<W>(WidenUpper<I>(v)));
    });
    return Resize<To>(out);
  }
}

/// The same numbers in another dtype.
template <class To, class From, int E>
HWY_INLINE Group<To, E> Convert(const Group<From, E>& in) {
  if constexpr (std::is_same_v<To, From>) {
    return in;
  } else {
    Reg v[8];
    LZ_EACH((Group<From, E>::n), v[i] = ToReg(in.v[i]));
    CastBody<dtype_of<From>, dtype_of<To>, Group<From, E>::n>::apply(nullptr, nullptr, v);
    Group<To, E> out;
    LZ_EACH(out.n, out.v[i] = FromReg<To>(v[i]));
    return out;
  }
}

/// f on each vector of a group. Of more than two vectors, code that is long is not repeated.
template <bool is_long, class T, int E, class F, class... G>
HWY_INLINE Group<T, E> Each(const F& f, const G&... in) {
  Group<T, E> out;
  if constexpr (is_long && Group<T, E>::n > 2) {
    alignas(64) T memory[E];
    alignas(64) T arguments[sizeof...(G)][E];
    int k = 0;
    const auto keep = [&](const Group<T, E>& g) HWY_ATTR {
      LZ_EACH((Group<T, E>::n), hn::Store(g.v[i], Tag<T>(), arguments[k] + i * kLanes<T>));
      ++k;
    };
    (keep(in), ...);
#if defined(__clang__)
#pragma clang loop unroll(disable)
#endif
    for (int j = 0; j < E; j += kLanes<T>) {
      if constexpr (sizeof...(G) == 1) hn::Store(f(hn::Load(Tag<T>(), arguments[0] + j)), Tag<T>(), memory + j);
      if constexpr (sizeof...(G) == 2)
        hn::Store(f(hn::Load(Tag<T>(), arguments[0] + j), hn::Load(Tag<T>(), arguments[1] + j)), Tag<T>(), memory + j);
      if constexpr (sizeof...(G) == 3)
        hn::Store(f(hn::Load(Tag<T>(), arguments[0] + j), hn::Load(Tag<T>(), arguments[1] + j),
                    hn::Load(Tag<T>(), arguments[2] + j)),
                  Tag<T>(), memory + j);
    }
    LZ_EACH(out.n, out.v[i] = hn::Load(Tag<T>(), memory + i * kLanes<T>));
  } else {
    LZ_EACH(out.n, out.v[i] = f(in.v[i]...));
  }
  return out;
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

LAZULITE_END_TARGET

#endif  // LZ_GROUPS_INL
