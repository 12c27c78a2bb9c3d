// Expressions: trees of types that own what was a temporary and borrow what has a name.
#pragma once

#include <cstring>
#include <limits>
#include <memory>
#include <type_traits>
#include <utility>

#include "core/graph/cost.h"
#include "lazulite/array.h"
#include "lazulite/resolve.h"

namespace lazulite {

namespace detail {

// What every node has:
//   value_type, rank, shape()   as an array
//   leaves, numbers             operands in memory below it, and plain numbers
//   narrow, wide                sizes of the smallest and the largest element that a vector of it holds; of bools,
//   which
//                               are lane masks, none
//   cost()                      ns per element, estimated
//   each_leaf(f), each_number(f)   call f(leaf) or f(slot) from left to right
//
// Nodes are small and everything that makes one is inlined: an expression that is evaluated where it is written never
// lies in memory. (The loops get pointers to the elements, and the numbers.)

struct node_base : expression_base {};

inline constexpr int no_size = 16;  // beyond that of any element

template <class T>
inline constexpr int size_of = std::is_same_v<T, bool> ? no_size : static_cast<int>(sizeof(T));
template <class T>
inline constexpr int wide_of = static_cast<int>(sizeof(T));

/// What loops get of a number: its bytes; or the address of a user's function.
struct slot {
  alignas(8) unsigned char bytes[8];
};
template <class T>
LAZULITE_INLINE slot slot_of(T value) {
  slot s{};
  std::memcpy(s.bytes, &value, sizeof(T));
  return s;
}

template <class T, int R>
struct leaf_base : node_base {
  using value_type = T;
  static constexpr int rank = R, leaves = 1, numbers = 0, narrow = size_of<T>, wide = wide_of<T>;
  static constexpr bool is_drawn = false;
  static constexpr double cost() { return 0; }
  template <class F>
  LAZULITE_INLINE void each_number(F&&) const {}
};

/// An array that has a name.
template <class T, int R>
struct borrowed : leaf_base<T, R> {
  static constexpr bool always_c_order = true;
  const array<T, R>* whole;

  LAZULITE_INLINE explicit borrowed(const array<T, R>& a) : whole(&a) {}
  LAZULITE_INLINE const extents<R>& shape() const { return whole->shape(); }
  LAZULITE_INLINE view<const T, R> elements() const { return {whole->data(), whole->shape()}; }
  LAZULITE_INLINE const T* data() const { return whole->data(); }
  template <class F>
  LAZULITE_INLINE void each_leaf(F&& f) const {
    f(*this);
  }
};

/// A window on elements.
template <class T, int R>
struct leaf : leaf_base<T, R> {
  static constexpr bool always_c_order = false;
  view<const T, R> window;

  LAZULITE_INLINE explicit leaf(const view<const T, R>& v) : window(v) {}
  LAZULITE_INLINE const extents<R>& shape() const { return window.shape(); }
  LAZULITE_INLINE const view<const T, R>& elements() const { return window; }
  LAZULITE_INLINE const T* data() const { return window.data(); }
  template <class F>
  LAZULITE_INLINE void each_leaf(F&& f) const {
    f(*this);
  }
};

/// An array that was a temporary. Copies of the expression share it.
template <class T, int R>
struct owned : leaf_base<T, R> {
  static constexpr bool always_c_order = true;
  std::shared_ptr<const array<T, R>> whole;

  explicit owned(array<T, R>&& a) : whole(std::make_shared<array<T, R>>(std::move(a))) {}
  const extents<R>& shape() const { return whole->shape(); }
  view<const T, R> elements() const { return view<const T, R>(*whole); }
  const T* data() const { return whole->data(); }
  template <class F>
  void each_leaf(F&& f) const {
    f(*this);
  }
};

/// One value.
template <class T>
struct number : node_base {
  using value_type = T;
  static constexpr int rank = 0, leaves = 0, numbers = 1, narrow = size_of<T>, wide = wide_of<T>;
  T value;

  LAZULITE_INLINE explicit number(T v) : value(v) {}
  LAZULITE_INLINE extents<0> shape() const { return {}; }
  static constexpr double cost() { return 0; }
  template <class F>
  LAZULITE_INLINE void each_leaf(F&&) const {}
  template <class F>
  LAZULITE_INLINE void each_number(F&& f) const {
    f(slot_of(value));
  }
};

constexpr int min_of(std::initializer_list<int> list) {
  int least = no_size;
  for (const int k : list) least = k < least ? k : least;
  return least;
}

/// The operands of an op.
template <class... A>
struct pack {};
template <class A, class... Rest>
struct pack<A, Rest...> {
  A head;
  pack<Rest...> tail;

  // Member by member: of what is copied in blocks, GCC does not see through the copies.
  LAZULITE_INLINE pack(A&& a, Rest&&... rest) : head(std::move(a)), tail(std::move(rest)...) {}
  LAZULITE_INLINE pack(const pack& p) : head(p.head), tail(p.tail) {}
  LAZULITE_INLINE pack(pack&& p) noexcept : head(std::move(p.head)), tail(std::move(p.tail)) {}
};
template <class F>
LAZULITE_INLINE void each_of(const pack<>&, F&&) {}
template <class F, class A, class... Rest>
LAZULITE_INLINE void each_of(const pack<A, Rest...>& p, F&& f) {
  f(p.head);
  each_of(p.tail, f);
}
/// An op of the table on operands of its loop type T (`where`: a bool and two of them).
template <Op op, class T, class Result, class... A>
struct operation : node_base {
  using value_type = Result;
  static constexpr int rank = max_of({A::rank...}), leaves = (A::leaves + ...), numbers = (A::numbers + ...);
  static constexpr int narrow = min_of({A::narrow...}), wide = max_of({A::wide..., wide_of<Result>});
  extents<rank> shape_;
  pack<A...> operands;

  LAZULITE_INLINE explicit operation(A&&... a)
      : shape_(broadcast<rank>(name_of(op), a.shape()...)), operands(std::move(a)...) {}
  LAZULITE_INLINE operation(const operation& o) : shape_(o.shape_), operands(o.operands) {}
  LAZULITE_INLINE operation(operation&& o) noexcept : shape_(o.shape_), operands(std::move(o.operands)) {}
  LAZULITE_INLINE const extents<rank>& shape() const { return shape_; }
  static constexpr double cost() { return (A::cost() + ... + cost_of(op)); }
  template <class F>
  LAZULITE_INLINE void each_leaf(F&& f) const {
    each_of(operands, [&](const auto& a) LAZULITE_LAMBDA { a.each_leaf(f); });
  }
  template <class F>
  LAZULITE_INLINE void each_number(F&& f) const {
    each_of(operands, [&](const auto& a) LAZULITE_LAMBDA { a.each_number(f); });
  }
};

/// The same elements in another dtype.
template <class To, class A>
struct conversion : node_base {
  using value_type = To;
  static constexpr int rank = A::rank, leaves = A::leaves, numbers = A::numbers,
                       narrow = min_of({A::narrow, size_of<To>}), wide = max_of({A::wide, wide_of<To>});
  A operand;

  LAZULITE_INLINE explicit conversion(A&& a) : operand(std::move(a)) {}
  LAZULITE_INLINE decltype(auto) shape() const { return operand.shape(); }
  static constexpr double cost() { return A::cost() + cost_of(Op::cast); }
  template <class F>
  LAZULITE_INLINE void each_leaf(F&& f) const {
    operand.each_leaf(f);
  }
  template <class F>
  LAZULITE_INLINE void each_number(F&& f) const {
    operand.each_number(f);
  }
};

// ------------------------------------------------------------------------------------------------- operands

template <class X>
inline constexpr bool is_number = std::is_arithmetic_v<std::decay_t<X>>;
template <class X>
inline constexpr bool is_operand = is_expression<X> || is_number<X>;
/// Of functions: at least one operand is no plain number.
template <class... X>
inline constexpr bool are_operands = (is_operand<X> && ...) && (is_expression<X> || ...);

template <class X>
constexpr operand_type type_of() {
  using D = std::decay_t<X>;
  if constexpr (!is_number<X>) {
    return {false, dtype_of<typename D::value_type>};
  } else {
    return {true, std::is_same_v<D, bool> ? DType::bool_ : std::is_integral_v<D> ? DType::int64 : DType::float64};
  }
}

template <class T, int R>
LAZULITE_INLINE borrowed<T, R> node_of(const array<T, R>& a) {
  return borrowed<T, R>(a);
}
template <class T, int R>
LAZULITE_INLINE owned<T, R> node_of(array<T, R>&& a) {
  return owned<T, R>(std::move(a));
}
template <class T, int R>
LAZULITE_INLINE auto node_of(const view<T, R>& v) {
  return leaf<std::remove_const_t<T>, R>(v);
}
template <class E, class = std::enable_if_t<std::is_base_of_v<node_base, std::decay_t<E>>>>
LAZULITE_INLINE std::decay_t<E> node_of(E&& e) {
  return std::forward<E>(e);
}
template <class X>
using node = decltype(node_of(std::declval<X>()));

/// The number as a T, if that can hold it. (`where` wraps, as NumPy's does; others throw.)
template <class T, class X>
LAZULITE_INLINE number<T> number_of(X x) {
  if constexpr (std::is_same_v<T, bool>) {
    return number<T>(x != 0);
  } else {
    if constexpr (std::is_integral_v<T> && std::is_integral_v<X> && !std::is_same_v<X, bool>) {
      using L = std::numeric_limits<T>;
      const bool below = std::is_signed_v<X> && x < X(0) &&
                         (!std::is_signed_v<T> || static_cast<int64_t>(x) < static_cast<int64_t>(L::min()));
      const bool above = x > X(0) && static_cast<uint64_t>(x) > static_cast<uint64_t>(L::max());
      if (below || above) throw range_error("integer " + std::to_string(x) + " out of bounds for the array's dtype");
    }
    return number<T>(static_cast<T>(x));
  }
}

/// An operand as a node of dtype T.
template <class T, class X>
LAZULITE_INLINE auto as(X&& x) {
  if constexpr (is_number<X>) {
    return number_of<T>(x);
  } else if constexpr (std::is_same_v<typename std::decay_t<X>::value_type, T>) {
    return node_of(std::forward<X>(x));
  } else {
    return conversion<T, node<X>>(node_of(std::forward<X>(x)));
  }
}

/// The same as a node of its own, also where the dtype stays.
template <class T, class X>
LAZULITE_INLINE auto convert(X&& x) {
  return conversion<T, node<X>>(node_of(std::forward<X>(x)));
}

template <Op op, class T, class Result, class... N>
LAZULITE_INLINE auto build(N&&... nodes) {
  return operation<op, T, Result, N...>(std::move(nodes)...);
}

template <DType t>
using element = typename CTypeOf<t>::type;

/// Exponents of integers. (Of arrays they are not looked at.)
template <class Base, class X>
LAZULITE_INLINE void check_exponent(const Base&, const X& x) {
  if constexpr (is_number<X> && std::is_signed_v<X>)
    if (x < X(0)) throw std::invalid_argument("Integers to negative integer powers are not allowed.");
}

/// A comparison of signed with unsigned 64-bit integers by their values: the signed operand comes first.
template <Op op, class S, class U>
struct sign_comparison : operation<op, int64_t, bool, S, U> {
  using operation<op, int64_t, bool, S, U>::operation;
};
template <Op op, bool signed_first, class X, class Y>
LAZULITE_INLINE auto compare_signs(X&& x, Y&& y) {
  if constexpr (!signed_first) {
    return compare_signs<mirrored(op), true>(std::forward<Y>(y), std::forward<X>(x));
  } else {
    auto s = as<int64_t>(std::forward<X>(x));
    auto u = as<uint64_t>(std::forward<Y>(y));
    return sign_comparison<op, decltype(s), decltype(u)>(std::move(s), std::move(u));
  }
}

/// An op as NumPy would resolve it. One static_assert a fault, so that the compiler's message is one line.
template <Op op, class... X>
LAZULITE_INLINE auto apply(X&&... x) {
  constexpr operand_type types[] = {type_of<X>()...};
  constexpr resolution r = resolve(op, types, sizeof...(X));
  static_assert(r.wrong != fault::no_loop, "lazulite: this function is not defined for elements of this type");
  static_assert(r.wrong != fault::bool_subtract, "lazulite: bools have no -; use ^ or logical_xor");
  static_assert(r.wrong != fault::bool_negative, "lazulite: bools have no unary -; use ~ or logical_not");
  static_assert(r.wrong != fault::float16,
                "lazulite: NumPy gives float16 for 8-bit operands, which lazulite lacks; use astype<float>(...) first");
  static_assert(r.wrong != fault::integer_reciprocal,
                "lazulite: reciprocal of integers is not supported; use astype<double>(...) first");
  using T = element<r.loop>;
  if constexpr (r.wrong != fault::none) {
    return number<double>(0);
  } else if constexpr (r.mixed_signs) {
    return compare_signs<op, kind(types[0].t) == DKind::signed_>(std::forward<X>(x)...);
  } else if constexpr (r.identity) {
    return convert<T>(std::forward<X>(x)...);
  } else if constexpr (r.constant >= 0) {
    constexpr Op logic = r.constant ? Op::logical_or : Op::logical_and;
    return apply<logic>(std::forward<X>(x)..., r.constant != 0);
  } else if constexpr (r.op == Op::less && op == Op::signbit) {
    return apply<Op::less>(std::forward<X>(x)..., T(0));
  } else {
    if constexpr (op == Op::power && std::is_integral_v<T>) check_exponent(x...);
    return build<r.op, T, element<r.result>>(as<T>(std::forward<X>(x))...);
  }
}

template <class C, class X, class Y>
LAZULITE_INLINE auto apply_where(C&& c, X&& x, Y&& y) {
  constexpr operand_type types[] = {type_of<C>(), type_of<X>(), type_of<Y>()};
  constexpr resolution r = resolve(Op::where, types, 3);
  using T = element<r.loop>;
  return build<Op::where, T, T>(as<bool>(std::forward<C>(c)), as<T>(std::forward<X>(x)), as<T>(std::forward<Y>(y)));
}

}  // namespace detail

}  // namespace lazulite
