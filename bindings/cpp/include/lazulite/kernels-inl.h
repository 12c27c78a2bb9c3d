// Expressions on vectors: each node as a small struct that makes the next E elements in registers.
#if defined(LZ_KERNELS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_KERNELS_INL
#undef LZ_KERNELS_INL
#else
#define LZ_KERNELS_INL
#endif

#include "lazulite/groups-inl.h"

LAZULITE_BEGIN_TARGET

namespace lazulite {
namespace HWY_NAMESPACE {

// A kernel is a node of an expression inside a loop. It is made of the loop's operands p and slots (`first` and
// `number` are its own first ones) and gives the elements from `at` on: `get(at)` numbers, `mask<S>(at)` bools, which
// prefer lanes of `lane` bytes.

using detail::slot;

/// An operand in memory.
template <class T, int first, int E>
struct Load {
  using value_type = T;
  static constexpr int lane = sizeof(T);
  const T* data;
  HWY_INLINE Load(const std::byte* const* p, const slot*) : data(reinterpret_cast<const T*>(p[first])) {}
  HWY_INLINE Group<T, E> get(int64_t at) const {
    Group<T, E> out;
    LZ_EACH(out.n, out.v[i] = hn::LoadU(Tag<T>(), data + at + i * kLanes<T>));
    return out;
  }
};
template <int first, int E>
struct Load<bool, first, E> {
  using value_type = bool;
  static constexpr int lane = 1;
  const std::byte* data;
  HWY_INLINE Load(const std::byte* const* p, const slot*) : data(p[first]) {}
  template <int S>
  HWY_INLINE Masks<S, E> mask(int64_t at) const {
    Masks<S, E> out;
    LZ_EACH(out.n, out.m[i] = LoadMask<Bits<S>>(data + at + i * kLanes<Bits<S>>));
    return out;
  }
};

template <class T>
HWY_INLINE T ValueOf(const slot& s) {
  T value;
  __builtin_memcpy(&value, s.bytes, sizeof(T));
  return value;
}

/// One value. (As a raw vector: of a copied Vec, GCC keeps copies in memory.)
template <class T, int number, int E>
struct Number {
  using value_type = T;
  static constexpr int lane = sizeof(T);
  decltype(Vector<T>::raw) value;
  HWY_INLINE Number(const std::byte* const*, const slot* s) : value(hn::Set(Tag<T>(), ValueOf<T>(s[number])).raw) {}
  HWY_INLINE Group<T, E> get(int64_t) const {
    Group<T, E> out;
    LZ_EACH(out.n, out.v[i] = Vector<T>{value});
    return out;
  }
};
template <int number, int E>
struct Number<bool, number, E> {
  using value_type = bool;
  static constexpr int lane = 1;
  bool value;
  HWY_INLINE Number(const std::byte* const*, const slot* s) : value(ValueOf<bool>(s[number])) {}
  template <int S>
  HWY_INLINE Masks<S, E> mask(int64_t) const {
    const Tag<Bits<S>> d;
    Masks<S, E> out;
    LZ_EACH(out.n, out.m[i] = hn::MaskFromVec(hn::Set(d, value ? Bits<S>(-1) : Bits<S>(0))));
    return out;
  }
};

/// Another dtype.
template <class To, class A, int E>
struct Cast {
  using value_type = To;
  static constexpr int lane = sizeof(To);
  A a;
  HWY_INLINE Cast(const std::byte* const* p, const slot* s) : a(p, s) {}
  HWY_INLINE Group<To, E> get(int64_t at) const {
    if constexpr (std::is_same_v<typename A::value_type, bool>) {
      const auto m = a.template mask<lane>(at);
      const auto one = hn::Set(Tag<To>(), To(1));
      Group<To, E> out;
      LZ_EACH(out.n, out.v[i] = hn::IfThenElseZero(hn::RebindMask(Tag<To>(), m.m[i]), one));
      return out;
    } else {
      return Convert<To>(a.get(at));
    }
  }
};
template <class A, int E>
struct Cast<bool, A, E> {
  using value_type = bool;
  static constexpr int lane = A::lane;
  A a;
  HWY_INLINE Cast(const std::byte* const* p, const slot* s) : a(p, s) {}
  template <int S>
  HWY_INLINE Masks<S, E> mask(int64_t at) const {
    if constexpr (std::is_same_v<typename A::value_type, bool>) {
      return a.template mask<S>(at);
    } else {
      using T = typename A::value_type;
      const auto g = a.get(at);
      Masks<lane, E> out;
      LZ_EACH(out.n, out.m[i] = hn::RebindMask(Tag<Bits<lane>>(), IsTrue::apply(Tag<T>(), g.v[i])));
      return Resize<S>(out);
    }
  }
};

template <Op op, class T, int E, class... A>
struct Apply;
template <Op op, class T, int E, class A>
struct Apply<op, T, E, A> {
  using value_type = T;
  static constexpr int lane = sizeof(T);
  A a;
  HWY_INLINE Apply(const std::byte* const* p, const slot* s) : a(p, s) {}
  HWY_INLINE Group<T, E> get(int64_t at) const {
    const auto f = [](Vector<T> x) HWY_ATTR { return VecOf<op>::apply(Tag<T>(), x); };
    return Each<detail::is_long(op), T, E>(f, a.get(at));
  }
};
template <Op op, class T, int E, class A, class B>
struct Apply<op, T, E, A, B> {
  using value_type = T;
  static constexpr int lane = sizeof(T);
  A a;
  B b;
  HWY_INLINE Apply(const std::byte* const* p, const slot* s) : a(p, s), b(p, s) {}
  HWY_INLINE Group<T, E> get(int64_t at) const {
    const auto f = [](Vector<T> x, Vector<T> y) HWY_ATTR { return VecOf<op>::apply(Tag<T>(), x, y); };
    const auto x = a.get(at);
    return Each<detail::is_long(op), T, E>(f, x, b.get(at));
  }
};
template <Op op, class T, int E, class A, class B, class C>
struct Apply<op, T, E, A, B, C> {
  using value_type = T;
  static constexpr int lane = sizeof(T);
  A a;
  B b;
  C c;
  HWY_INLINE Apply(const std::byte* const* p, const slot* s) : a(p, s), b(p, s), c(p, s) {}
  HWY_INLINE Group<T, E> get(int64_t at) const {
    const auto f = [](Vector<T> x, Vector<T> y, Vector<T> z) HWY_ATTR { return VecOf<op>::apply(Tag<T>(), x, y, z); };
    const auto x = a.get(at), y = b.get(at);
    return Each<detail::is_long(op), T, E>(f, x, y, c.get(at));
  }
};
template <class T, int E, class C, class A, class B>
struct Apply<Op::where, T, E, C, A, B> {
  using value_type = T;
  static constexpr int lane = sizeof(T);
  C c;
  A a;
  B b;
  HWY_INLINE Apply(const std::byte* const* p, const slot* s) : c(p, s), a(p, s), b(p, s) {}
  HWY_INLINE Group<T, E> get(int64_t at) const {
    const auto m = c.template mask<lane>(at);
    const auto x = a.get(at), y = b.get(at);
    Group<T, E> out;
    LZ_EACH(out.n, out.v[i] = hn::IfThenElse(hn::RebindMask(Tag<T>(), m.m[i]), x.v[i], y.v[i]));
    return out;
  }
};

/// Powers of one exponent, some by simpler ops, as NumPy's loops compute them.
template <class T, int E, class A, int number>
struct Apply<Op::power, T, E, A, Number<T, number, E>> {
  using value_type = T;
  static constexpr int lane = sizeof(T);
  A a;
  T exponent;
  HWY_INLINE Apply(const std::byte* const* p, const slot* s) : a(p, s), exponent(ValueOf<T>(s[number])) {}
  HWY_INLINE Group<T, E> get(int64_t at) const {
    const Tag<T> d;
    const Group<T, E> x = a.get(at);
    if (is(2)) return Each<false, T, E>([d](Vector<T> v) HWY_ATTR { return VecOf<Op::square>::apply(d, v); }, x);
    if (is(1)) return x;
    if constexpr (hwy::IsFloat<T>()) {
      if (is(0.5)) return Each<false, T, E>([d](Vector<T> v) HWY_ATTR { return VecOf<Op::sqrt>::apply(d, v); }, x);
      if (is(-1)) return Each<false, T, E>([d](Vector<T> v) HWY_ATTR { return VecOf<Op::reciprocal>::apply(d, v); }, x);
    }
    const auto e = hn::Set(d, exponent);
    return Each<true, T, E>([d, e](Vector<T> v) HWY_ATTR { return VecOf<Op::power>::apply(d, v, e); }, x);
  }
  HWY_INLINE bool is(double x) const { return !(exponent < static_cast<T>(x)) && !(exponent > static_cast<T>(x)); }
};

/// Tests and comparisons of numbers.
template <Op op, class T, int E, class... A>
struct Compare;
template <Op op, class T, int E, class A>
struct Compare<op, T, E, A> {
  using value_type = bool;
  static constexpr int lane = sizeof(T);
  A a;
  HWY_INLINE Compare(const std::byte* const* p, const slot* s) : a(p, s) {}
  template <int S>
  HWY_INLINE Masks<S, E> mask(int64_t at) const {
    const auto x = a.get(at);
    Masks<lane, E> out;
    LZ_EACH(out.n, out.m[i] = hn::RebindMask(Tag<Bits<lane>>(), VecOf<op>::apply(Tag<T>(), x.v[i])));
    return Resize<S>(out);
  }
};
template <Op op, class T, int E, class A, class B>
struct Compare<op, T, E, A, B> {
  using value_type = bool;
  static constexpr int lane = sizeof(T);
  A a;
  B b;
  HWY_INLINE Compare(const std::byte* const* p, const slot* s) : a(p, s), b(p, s) {}
  template <int S>
  HWY_INLINE Masks<S, E> mask(int64_t at) const {
    const auto x = a.get(at);
    const auto y = b.get(at);
    Masks<lane, E> out;
    LZ_EACH(out.n, out.m[i] = hn::RebindMask(Tag<Bits<lane>>(), VecOf<op>::apply(Tag<T>(), x.v[i], y.v[i])));
    return Resize<S>(out);
  }
};

/// A comparison of int64 with uint64: a negative number is below every unsigned one.
template <Op op, int E, class A, class B>
struct CompareSigns {
  using value_type = bool;
  static constexpr int lane = 8;
  A a;
  B b;
  HWY_INLINE CompareSigns(const std::byte* const* p, const slot* s) : a(p, s), b(p, s) {}
  template <int S>
  HWY_INLINE Masks<S, E> mask(int64_t at) const {
    constexpr bool below = op == Op::less || op == Op::less_equal || op == Op::not_equal;  // of negative ones
    const Tag<int64_t> d;
    const Tag<uint64_t> du;
    const auto x = a.get(at);
    const auto y = b.get(at);
    Masks<lane, E> out;
    LZ_EACH(out.n, {
      const auto negative = hn::RebindMask(du, x.v[i] < hn::Zero(d));
      const auto as_unsigned = VecOf<op>::apply(du, hn::BitCast(du, x.v[i]), y.v[i]);
      out.m[i] = below ? hn::Or(negative, as_unsigned) : hn::AndNot(negative, as_unsigned);
    });
    return Resize<S>(out);
  }
};

/// An op of bools.
template <Op op, class M>
HWY_INLINE M Logic(M a, M b) {
  if constexpr (op == Op::logical_and) return hn::And(a, b);
  if constexpr (op == Op::logical_or) return hn::Or(a, b);
  if constexpr (op == Op::logical_xor || op == Op::not_equal) return hn::Xor(a, b);
  if constexpr (op == Op::equal) return hn::Not(hn::Xor(a, b));
  if constexpr (op == Op::less) return hn::AndNot(a, b);
  if constexpr (op == Op::less_equal) return hn::Not(hn::AndNot(b, a));
  if constexpr (op == Op::greater) return hn::AndNot(b, a);
  if constexpr (op == Op::greater_equal) return hn::Not(hn::AndNot(a, b));
}
template <Op op, int E, class... A>
struct Logical;
template <int E, class A>
struct Logical<Op::logical_not, E, A> {
  using value_type = bool;
  static constexpr int lane = A::lane;
  A a;
  HWY_INLINE Logical(const std::byte* const* p, const slot* s) : a(p, s) {}
  template <int S>
  HWY_INLINE Masks<S, E> mask(int64_t at) const {
    auto x = a.template mask<S>(at);
    LZ_EACH(x.n, x.m[i] = hn::Not(x.m[i]));
    return x;
  }
};
template <Op op, int E, class A, class B>
struct Logical<op, E, A, B> {
  using value_type = bool;
  static constexpr int lane = A::lane > B::lane ? A::lane : B::lane;
  A a;
  B b;
  HWY_INLINE Logical(const std::byte* const* p, const slot* s) : a(p, s), b(p, s) {}
  template <int S>
  HWY_INLINE Masks<S, E> mask(int64_t at) const {
    auto x = a.template mask<S>(at);
    const auto y = b.template mask<S>(at);
    LZ_EACH(x.n, x.m[i] = Logic<op>(x.m[i], y.m[i]));
    return x;
  }
};
template <int E, class C, class A, class B>
struct Logical<Op::where, E, C, A, B> {
  using value_type = bool;
  static constexpr int lane = detail::max_of({C::lane, A::lane, B::lane});
  C c;
  A a;
  B b;
  HWY_INLINE Logical(const std::byte* const* p, const slot* s) : c(p, s), a(p, s), b(p, s) {}
  template <int S>
  HWY_INLINE Masks<S, E> mask(int64_t at) const {
    auto m = c.template mask<S>(at);
    const auto x = a.template mask<S>(at);
    const auto y = b.template mask<S>(at);
    LZ_EACH(m.n, m.m[i] = hn::Or(hn::And(m.m[i], x.m[i]), hn::AndNot(m.m[i], y.m[i])));
    return m;
  }
};

/// The kernel of a node.
template <class Node, int first, int number, int E>
struct KernelOf;
template <class Node, int first, int number, int E>
using Kernel = typename KernelOf<Node, first, number, E>::type;

template <class T, int R, int first, int number, int E>
struct KernelOf<detail::leaf<T, R>, first, number, E> {
  using type = Load<T, first, E>;
};
template <class T, int R, int first, int number, int E>
struct KernelOf<detail::borrowed<T, R>, first, number, E> {
  using type = Load<T, first, E>;
};
template <class T, int R, int first, int number, int E>
struct KernelOf<detail::owned<T, R>, first, number, E> {
  using type = Load<T, first, E>;
};
template <class T, int first, int number, int E>
struct KernelOf<detail::number<T>, first, number, E> {
  using type = Number<T, number, E>;
};
template <class To, class A, int first, int number, int E>
struct KernelOf<detail::conversion<To, A>, first, number, E> {
  using type = Cast<To, Kernel<A, first, number, E>, E>;
};
template <class T, class Result, Op op, int E, class... K>
using OpKernel =
    std::conditional_t<!std::is_same_v<Result, bool>, Apply<op, T, E, K...>,
                       std::conditional_t<std::is_same_v<T, bool>, Logical<op, E, K...>, Compare<op, T, E, K...>>>;
template <Op op, class T, class Result, class A, int first, int number, int E>
struct KernelOf<detail::operation<op, T, Result, A>, first, number, E> {
  using type = OpKernel<T, Result, op, E, Kernel<A, first, number, E>>;
};
template <Op op, class T, class Result, class A, class B, int first, int number, int E>
struct KernelOf<detail::operation<op, T, Result, A, B>, first, number, E> {
  using type =
      OpKernel<T, Result, op, E, Kernel<A, first, number, E>, Kernel<B, first + A::leaves, number + A::numbers, E>>;
};
template <Op op, class A, class B, int first, int number, int E>
struct KernelOf<detail::sign_comparison<op, A, B>, first, number, E> {
  using type = CompareSigns<op, E, Kernel<A, first, number, E>, Kernel<B, first + A::leaves, number + A::numbers, E>>;
};
template <Op op, class T, class Result, class A, class B, class C, int first, int number, int E>
struct KernelOf<detail::operation<op, T, Result, A, B, C>, first, number, E> {
  using type =
      OpKernel<T, Result, op, E, Kernel<A, first, number, E>, Kernel<B, first + A::leaves, number + A::numbers, E>,
               Kernel<C, first + A::leaves + B::leaves, number + A::numbers + B::numbers, E>>;
};

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

LAZULITE_END_TARGET

#endif  // LZ_KERNELS_INL
