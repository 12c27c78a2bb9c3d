// Expressions on vectors: each node as a small struct that makes the next E elements in registers.
//
// E is as many elements as a vector has lanes of the narrowest type in the expression; a value of a wider type is a
// group of vectors. Bools are lane masks as wide as whoever asks for them wants. The ops are those of core/kernels.
#pragma once

#include <tuple>

#include "lazulite/config.h"
#include "lazulite/expression.h"
#include "lazulite/target.h"

LAZULITE_BEGIN_ROUNDED

#include "core/kernels/cast-inl.h"
#include "core/kernels/elementary-inl.h"
#include "core/kernels/large-inl.h"

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
    const auto keep = [&](const Group<T, E>& g) {
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
    }
    LZ_EACH(out.n, out.v[i] = hn::Load(Tag<T>(), memory + i * kLanes<T>));
  } else {
    LZ_EACH(out.n, out.v[i] = f(in.v[i]...));
  }
  return out;
}

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

/// One value.
template <class T, int number, int E>
struct Number {
  using value_type = T;
  static constexpr int lane = sizeof(T);
  Vector<T> value;
  HWY_INLINE Number(const std::byte* const*, const slot* s) : value(hn::Set(Tag<T>(), ValueOf<T>(s[number]))) {}
  HWY_INLINE Group<T, E> get(int64_t) const {
    Group<T, E> out;
    LZ_EACH(out.n, out.v[i] = value);
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
template <Op op, class T, class Result, class A, class B, class C, int first, int number, int E>
struct KernelOf<detail::operation<op, T, Result, A, B, C>, first, number, E> {
  using type =
      OpKernel<T, Result, op, E, Kernel<A, first, number, E>, Kernel<B, first + A::leaves, number + A::numbers, E>,
               Kernel<C, first + A::leaves + B::leaves, number + A::numbers + B::numbers, E>>;
};

// -------------------------------------------------------------------------------------------------- loops

/// Elements that a step of an expression's loop makes: a vector of the narrowest type; of bools, whole vectors of
/// bytes.
template <class Node>
inline constexpr int kLeastElements = std::is_same_v<typename Node::value_type, bool>
                                          ? static_cast<int>(kVectorBytes)
                                          : static_cast<int>(kVectorBytes) / Node::narrow;
/// Cheap arithmetic takes several at a time, side by side: one long chain of operations after the other would fill the
/// processor's scheduler. As many as leave room for the operands of some pending operations in registers.
inline constexpr int kSideBySide = 2;
template <class... Node>
constexpr int Elements() {
  constexpr int least = detail::max_of({kLeastElements<Node>...});
  constexpr int widest = least * detail::max_of({Node::wide...}) / static_cast<int>(kVectorBytes);
  constexpr bool makes_bools = (std::is_same_v<typename Node::value_type, bool> || ...);
  return (Node::cost() + ...) < 0.8 && widest <= 2 && !makes_bools ? least * kSideBySide / widest : least;
}
template <class... Node>
inline constexpr int kElements = Elements<Node...>();
template <class Node>
using Root = Kernel<Node, 0, 0, kElements<Node>>;

/// A part of masks for lanes of S bytes: those of one vector of bytes.
template <int from, class M>
struct MasksFrom {
  const M& all;
  template <int i>
  HWY_INLINE auto at() const {
    return all.m[from + i];
  }
};

template <int E, class K>
HWY_INLINE void StoreStep(const K& k, int64_t at, std::byte* out) {
  using T = typename K::value_type;
  if constexpr (std::is_same_v<T, bool>) {
    constexpr int S = K::lane;
    const auto masks = k.template mask<S>(at);
    LZ_EACH(E / static_cast<int>(kVectorBytes), {
      const MasksFrom<i * S, Masks<S, E>> part{masks};
      hn::StoreU(FromReg<uint8_t>(BoolBytes<Bits<S>, 0>(part)), Tag<uint8_t>(),
                 reinterpret_cast<uint8_t*>(out) + at + i * static_cast<int>(kVectorBytes));
    });
  } else {
    const auto g = k.get(at);
    T* to = reinterpret_cast<T*>(out) + at;
    LZ_EACH(g.n, hn::StoreU(g.v[i], Tag<T>(), to + i * kLanes<T>));
  }
}

/// Several expressions that are evaluated together, and where their values go.
template <int E, class... K>
struct Kernels;
template <int E>
struct Kernels<E> {
  HWY_INLINE Kernels(const std::byte* const*, const slot*, std::byte* const*) {}
  HWY_INLINE void store(int64_t) const {}
};
template <int E, class K, class... Rest>
struct Kernels<E, K, Rest...> {
  K k;
  std::byte* out;
  Kernels<E, Rest...> rest;
  HWY_INLINE Kernels(const std::byte* const* p, const slot* s, std::byte* const* to)
      : k(p, s), out(*to), rest(p, s, to + 1) {}
  HWY_INLINE void store(int64_t at) const {
    StoreStep<E>(k, at, out);
    rest.store(at);
  }
};

/// Writes n >= E elements to each of `out`. The last step may overlap the one before: what is written must not be read
/// again.
template <int E, class... K>
HWY_NOINLINE void MapLoop(const std::byte* const* p, const slot* numbers, std::byte* const* out, int64_t n) {
  const Kernels<E, K...> k(p, numbers, out);
  for (int64_t at = 0;;) {
    k.store(at);
    at += E;
    if (HWY_UNLIKELY(at > n - E)) {
      if (at >= n) break;
      at = n - E;
    }
  }
}

/// Merges L elements after another, `groups` times, into L partial results: element i into number i mod L.
template <Op join, int from, class T, int L, int E>
HWY_INLINE void Merge(Group<T, L>& into, const Group<T, E>& g) {
  LZ_EACH((Group<T, E>::n), into.v[from + i] = VecOf<join>::apply(Tag<T>(), into.v[from + i], g.v[i]));
}
template <Op join, class K, int E, int L, bool is_long>
HWY_NOINLINE void ReduceLoop(const std::byte* const* p, const slot* numbers, int64_t groups, std::byte* partials) {
  using T = typename K::value_type;
  static_assert(L % E == 0);
  constexpr int steps = L / E;
  const K k(p, numbers);
  T* const to = reinterpret_cast<T*>(partials);
  if constexpr (Group<T, L>::n <= 8 && !is_long) {
    Group<T, L> sums;
    LZ_EACH(sums.n, sums.v[i] = hn::LoadU(Tag<T>(), to + i * kLanes<T>));
    for (int64_t at = 0; at < groups * L; at += L)
      LZ_EACH(steps, Merge<join, i * Group<T, E>::n>(sums, k.get(at + i * E)));
    LZ_EACH(sums.n, hn::StoreU(sums.v[i], Tag<T>(), to + i * kLanes<T>));
  } else {
    for (int64_t at = 0; at < groups * L; at += E) {
      T* const here = to + at % L;
      const auto g = k.get(at);
      LZ_EACH(g.n, hn::StoreU(VecOf<join>::apply(Tag<T>(), hn::LoadU(Tag<T>(), here + i * kLanes<T>), g.v[i]), Tag<T>(),
                              here + i * kLanes<T>));
    }
  }
}

/// Merges n elements, rounded up to whole steps, each into a partial result of its own.
template <Op join, class K, int E>
HWY_NOINLINE void AccumulateLoop(const std::byte* const* p, const slot* numbers, std::byte* partials, int64_t n) {
  using T = typename K::value_type;
  const K k(p, numbers);
  T* const to = reinterpret_cast<T*>(partials);
  for (int64_t at = 0; at < n; at += E) {
    const auto g = k.get(at);
    LZ_EACH(g.n, hn::StoreU(VecOf<join>::apply(Tag<T>(), hn::LoadU(Tag<T>(), to + at + i * kLanes<T>), g.v[i]),
                            Tag<T>(), to + at + i * kLanes<T>));
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

LAZULITE_END_ROUNDED
