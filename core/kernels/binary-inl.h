// Stages of one- and two-argument ops, for any functor `F::apply(tag, a[, b])` and any placement of the operands.
#if defined(LZ_BINARY_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_BINARY_INL
#undef LZ_BINARY_INL
#else
#define LZ_BINARY_INL
#endif

#include "core/kernels/compat-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// Where one argument of an op comes from: the letters of Form.
enum class From { acc, memory, scalar };

/// One argument of a stage: `at(v, i)` is its i-th vector. Addresses and scalars are read once, on construction.
template <class T, From from>
struct Argument {
  HWY_INLINE Argument(Slot*, const Instruction*, int) {}
  HWY_INLINE Vector<T> at(const Reg (&v)[8], int i) const { return FromReg<T>(v[i]); }
};
template <class T>
struct Argument<T, From::memory> {
  const std::byte* p;
  HWY_INLINE Argument(Slot* slots, const Instruction* ip, int k) : p(Operand(slots, ip, k)) {}
  HWY_INLINE Vector<T> at(const Reg (&)[8], int i) const { return LoadVector<T>(p, i); }
};
template <class T>
struct Argument<T, From::scalar> {
  Vector<T> value;
  HWY_INLINE Argument(Slot* slots, const Instruction* ip, int k) : value(Broadcast<T>(Operand(slots, ip, k))) {}
  HWY_INLINE Vector<T> at(const Reg (&)[8], int) const { return value; }
};

template <class F, class T, int N>
struct UnaryBody {
  static HWY_INLINE void apply(Slot*, const Instruction*, Reg (&v)[8]) {
    LZ_EACH(N, v[i] = Result(F::apply(Tag<T>(), FromReg<T>(v[i]))));
  }
};

template <class F, class T, int N, From from_a, From from_b>
struct BinaryBody {
  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    const Argument<T, from_a> a(slots, ip, 0);
    const Argument<T, from_b> b(slots, ip, from_a == From::acc ? 0 : 1);
    LZ_EACH(N, v[i] = Result(F::apply(Tag<T>(), a.at(v, i), b.at(v, i))));
  }
};

/// An extreme of float vectors and one number, settled for all vectors at once where the number is none of the special
/// ones: x86's instructions give their second argument where either is NaN, and of two zeros, so that NaN needs no
/// comparison if the arguments stand in the right order. `E` is one of ops-inl.h's ExtremeOf.
template <class E, class T, int N, From from_a, From from_b>
struct ExtremeBody {
  static_assert((from_a == From::scalar) != (from_b == From::scalar));

  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    const Tag<T> d;
    const Argument<T, From::scalar> scalar(slots, ip, 0);
    T number;
    __builtin_memcpy(&number, Operand(slots, ip, 0), sizeof(T));
    const auto extreme = [&](Vector<T> x) HWY_ATTR {
      return E::nan_wins ? E::OrSecond(d, scalar.value, x) : E::OrSecond(d, x, scalar.value);
    };
    // Of equal zeros NumPy gives the op's second argument.
    constexpr bool zeros_are_right = E::nan_wins == (from_a == From::scalar);
    if (HWY_LIKELY(number < 0 || number > 0 || (zeros_are_right && number == 0))) {
      LZ_EACH(N, v[i] = Result(extreme(FromReg<T>(v[i]))));
    } else if (from_b == From::scalar && number == 0 && !__builtin_signbit(number)) {
      LZ_EACH(N, v[i] = Result(extreme(FromReg<T>(v[i])) + hn::Zero(d)));  // -0 + 0 = 0
    } else {
      BinaryBody<E, T, N, from_a, from_b>::apply(slots, ip, v);
    }
  }
};

/// Turns N vectors of masks (`m.at<i>()`, read from the accumulator) into N / sizeof(T) vectors of bool. Group g writes
/// v[g] after reading v[g * sizeof(T)] onwards, so nothing is overwritten before it is read.
template <class T, int N, class Masks>
HWY_INLINE void StoreBools(const Masks& m, Reg (&v)[8]) {
  LZ_EACH(N / static_cast<int>(sizeof(T)), v[i] = BoolBytes<T, i* static_cast<int>(sizeof(T))>(m));
}

template <class F, class T, int N>
struct TestBody {
  struct Masks {
    const Reg (&v)[8];
    template <int i>
    HWY_INLINE auto at() const {
      return F::apply(Tag<T>(), FromReg<T>(v[i]));
    }
  };
  static HWY_INLINE void apply(Slot*, const Instruction*, Reg (&v)[8]) { StoreBools<T, N>(Masks{v}, v); }
};

template <class F, class T, int N, From from_a, From from_b>
struct CompareBody {
  struct Masks {
    Argument<T, from_a> a;
    Argument<T, from_b> b;
    const Reg (&v)[8];
    template <int i>
    HWY_INLINE auto at() const {
      return F::apply(Tag<T>(), a.at(v, i), b.at(v, i));
    }
  };
  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    StoreBools<T, N>(Masks{{slots, ip, 0}, {slots, ip, from_a == From::acc ? 0 : 1}, v}, v);
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_BINARY_INL
