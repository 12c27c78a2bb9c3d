// Stages of casts: N vectors of From become N * sizeof(To) / sizeof(From) vectors of To, by NumPy's rules on x86-64.
#if defined(LZ_CAST_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_CAST_INL
#undef LZ_CAST_INL
#else
#define LZ_CAST_INL
#endif

#include "core/kernels/binary-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

template <class T>
inline constexpr bool kIsFloat = hwy::IsFloat<T>();

/// Integers of N vectors to twice the width, in place, last vector first.
template <class T, int N>
HWY_INLINE void WidenInPlace(Reg (&v)[8]) {
  LZ_EACH(N, {
    constexpr int k = N - 1 - i;
    const auto a = FromReg<T>(v[k]);
    v[2 * k] = Result(WidenLower<T>(a));
    v[2 * k + 1] = Result(WidenUpper<T>(a));
  });
}
template <class T, int N>
HWY_INLINE void NarrowInPlace(Reg (&v)[8]) {
  LZ_EACH(N / 2, v[i] = Result(NarrowPair<T>(FromReg<T>(v[2 * i]), FromReg<T>(v[2 * i + 1]))));
}

/// N vectors of integers to integers or bytes of another size: sign or zero extension by From, or the low bits.
template <class From, class To, int N>
HWY_INLINE void ResizeIntegers(Reg (&v)[8]) {
  if constexpr (sizeof(From) < sizeof(To)) {
    WidenInPlace<From, N>(v);
    ResizeIntegers<Wide<From>, To, 2 * N>(v);
  } else if constexpr (sizeof(From) > sizeof(To)) {
    using U = Unsigned<From>;
    NarrowInPlace<U, N>(v);
    ResizeIntegers<Narrow<U>, To, N / 2>(v);
  }
}

/// N vectors of integers to float32 or float64.
template <class From, class To, int N>
HWY_INLINE void IntegersToFloats(Reg (&v)[8]) {
  if constexpr (sizeof(From) < 4) {
    // Small integers are int32s.
    ResizeIntegers<From, std::conditional_t<hwy::IsSigned<From>(), int32_t, uint32_t>, N>(v);
    IntegersToFloats<int32_t, To, N * 4 / static_cast<int>(sizeof(From))>(v);
  } else if constexpr (sizeof(From) == 4 && sizeof(To) == 4) {
    LZ_EACH(N, v[i] = Result(ToFloat(FromReg<From>(v[i]))));
  } else if constexpr (sizeof(From) == 8 && sizeof(To) == 8) {
    LZ_EACH(N, v[i] = Result(ToDouble(FromReg<From>(v[i]))));
  } else if constexpr (sizeof(From) == 8) {
    LZ_EACH(N / 2, v[i] = Result(ToFloatPair<From>(FromReg<From>(v[2 * i]), FromReg<From>(v[2 * i + 1]))));
  } else if constexpr (hwy::IsSigned<From>()) {
    LZ_EACH(N, {
      constexpr int k = N - 1 - i;
      const auto a = FromReg<From>(v[k]);
      v[2 * k] = Result(ToDoubleLower(a));
      v[2 * k + 1] = Result(ToDoubleUpper(a));
    });
  } else {
    WidenInPlace<From, N>(v);
    LZ_EACH(2 * N, v[i] = Result(SmallToDouble(FromReg<uint64_t>(v[i]))));
  }
}

/// N vectors of floats to integers.
template <class From, class To, int N>
HWY_INLINE void FloatsToIntegers(Reg (&v)[8]) {
  if constexpr (sizeof(To) < 4) {
    FloatsToIntegers<From, int32_t, N>(v);
    ResizeIntegers<int32_t, To, N * 4 / static_cast<int>(sizeof(From))>(v);
  } else if constexpr (sizeof(From) < sizeof(To)) {
    WidenInPlace<From, N>(v);
    FloatsToIntegers<double, To, 2 * N>(v);
  } else if constexpr (sizeof(From) == sizeof(To)) {
    if constexpr (hwy::IsSigned<To>()) LZ_EACH(N, v[i] = Result(TruncateToInt(FromReg<From>(v[i]))));
    if constexpr (!hwy::IsSigned<To>()) LZ_EACH(N, v[i] = Result(TruncateToUnsigned<From>(FromReg<From>(v[i]))));
  } else {
    LZ_EACH(N / 2, {
      const auto lo = FromReg<From>(v[2 * i]), hi = FromReg<From>(v[2 * i + 1]);
      if constexpr (hwy::IsSigned<To>()) v[i] = Result(TruncateToInt32(lo, hi));
      if constexpr (!hwy::IsSigned<To>()) v[i] = Result(TruncateToUint32(lo, hi));
    });
  }
}

/// Not zero (NaN is not).
struct IsTrue {
  template <class D, class V>
  static HWY_INLINE hn::Mask<D> apply(D d, V a) {
    return NotEqual(d, a, hn::Zero(d));
  }
};

template <DType from, DType to, int N>
struct CastBody {
  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    using T = Lane<from>;
    using U = Lane<to>;
    if constexpr (to == DType::bool_ && from != DType::bool_) {
      TestBody<IsTrue, T, N>::apply(slots, ip, v);
    } else if constexpr (!kIsFloat<T> && !kIsFloat<U>) {
      ResizeIntegers<T, U, N>(v);
    } else if constexpr (!kIsFloat<T>) {
      IntegersToFloats<T, U, N>(v);
    } else if constexpr (!kIsFloat<U>) {
      FloatsToIntegers<T, U, N>(v);
    } else if constexpr (sizeof(T) < sizeof(U)) {
      WidenInPlace<T, N>(v);
    } else if constexpr (sizeof(T) > sizeof(U)) {
      LZ_EACH(N / 2, v[i] = Result(RoundPair(FromReg<T>(v[2 * i]), FromReg<T>(v[2 * i + 1]))));
    }
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_CAST_INL
