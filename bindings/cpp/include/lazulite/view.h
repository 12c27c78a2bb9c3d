// view: a strided window on elements that somebody else owns.
#pragma once

#include <cassert>
#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>

#include "core/graph/ops.h"
#include "lazulite/shape.h"
#include "lazulite/slice.h"

namespace lazulite {

/// The base of everything that may stand in an expression.
struct expression_base {};
template <class E>
inline constexpr bool is_expression = std::is_base_of_v<expression_base, std::decay_t<E>>;

template <class T, int R>
class view;
template <class T, int R>
class array;

namespace detail {

template <class T>
inline constexpr bool is_element = std::is_same_v<typename CTypeOf<dtype_of<T>>::type, T>;

/// Writes the values of `e` to the elements of `out` (lazulite/assign.h).
template <class T, int R, class E>
void assign(const view<T, R>& out, const E& e);

/// Compound assignment: checks NumPy's casting rule, then assigns.
template <Op op, class T, int R, class E>
void update(const view<T, R>& out, E&& e);

template <class A, class = void>
inline constexpr bool is_span_like = false;
template <class A>
inline constexpr bool
    is_span_like<A, std::void_t<decltype(std::data(std::declval<A&>())), decltype(std::size(std::declval<A&>()))>> =
        !is_expression<A>;
/// Eigen's matrices and maps, by what they can do.
template <class A, class = void>
inline constexpr bool is_eigen_like = false;
template <class A>
inline constexpr bool
    is_eigen_like<A, std::void_t<decltype(std::declval<A&>().data()), decltype(std::declval<A&>().innerStride()),
                                 decltype(std::declval<A&>().outerStride()), decltype(std::declval<A&>().rows()),
                                 decltype(A::IsRowMajor)>> = true;

}  // namespace detail

// clang-format off
#define LAZULITE_FOR_UPDATES(X)                                                                                  \
  X(+=, add) X(-=, subtract) X(*=, multiply) X(/=, divide) X(%=, remainder) X(&=, bitwise_and) X(|=, bitwise_or) \
  X(^=, bitwise_xor) X(<<=, left_shift) X(>>=, right_shift)
// clang-format on

/// Elements at data[i * strides[0] + j * strides[1] + ...]. Copying a view makes another one of the same elements;
/// assigning to one writes the elements. T may be const.
template <class T, int R>
class view : public expression_base {
 public:
  using value_type = std::remove_const_t<T>;
  static constexpr int rank = R;
  static_assert(detail::is_element<value_type>,
                "lazulite: elements are bool, float, double, or integers of 8 to 64 bits (the <cstdint> types)");

  view(const view&) = default;
  /// C order.
  view(T* data, const extents<R>& shape) : view(data, shape, c_strides(shape)) {}
  view(T* data, const extents<R>& shape, const extents<R>& strides) : data_(data), shape_(shape), strides_(strides) {}
  // What follows is implicit: whatever has elements in memory may stand where a view is asked for.
  /// The elements of an array.
  view(array<value_type, R>& a) : view(a.data(), a.shape()) {}
  template <class U = T, class = std::enable_if_t<std::is_const_v<U>>>
  view(const array<value_type, R>& a) : view(a.data(), a.shape()) {}
  template <class U = T, class = std::enable_if_t<std::is_const_v<U>>>
  view(const view<value_type, R>& v) : view(v.data(), v.shape(), v.strides()) {}
  /// The elements of a std::vector, std::array, span or the like.
  template <class C, std::enable_if_t<R == 1 && detail::is_span_like<C> && !detail::is_eigen_like<C>, int> = 0>
  view(C& c) : view(std::data(c), extents<1>(std::size(c))) {}
  /// Those of an Eigen matrix, array, map or block of them that lies in memory.
  template <class M, std::enable_if_t<R == 2 && detail::is_eigen_like<M>, int> = 0>
  view(M& m)
      : view(m.data(), extents<2>(m.rows(), m.cols()),
             M::IsRowMajor ? extents<2>(m.outerStride(), m.innerStride())
                           : extents<2>(m.innerStride(), m.outerStride())) {}
  template <class M, std::enable_if_t<R == 1 && detail::is_eigen_like<M>, int> = 0>
  view(M& m) : view(m.data(), extents<1>(m.size()), extents<1>(m.innerStride())) {}

  /// Writes the elements.
  LAZULITE_INLINE view& operator=(const view& other) {
    detail::assign(*this, other);
    return *this;
  }
  template <class E>
  LAZULITE_INLINE const view& operator=(const E& e) const {
    detail::assign(*this, e);
    return *this;
  }
#define LZ_X(op, id)                                     \
  template <class E>                                     \
  LAZULITE_INLINE const view& operator op(E&& e) const { \
    detail::update<Op::id>(*this, std::forward<E>(e));   \
    return *this;                                        \
  }
  LAZULITE_FOR_UPDATES(LZ_X)
#undef LZ_X

  T* data() const { return data_; }
  const extents<R>& shape() const { return shape_; }
  int64_t shape(int axis) const { return shape_[axis]; }
  const extents<R>& strides() const { return strides_; }
  int64_t size() const { return shape_.product(); }

  /// An element, if all are integers; else a view.
  template <class... I>
  decltype(auto) operator()(const I&... i) const {
    static_assert((detail::is_index<I> && ...), "lazulite: an index is an integer, all, range(...) or newaxis");
    constexpr bool right_number = (detail::takes<I> + ... + 0) == R;
    static_assert(right_number, "lazulite: there must be one index for every axis");
    if constexpr (!right_number) {
      return *data_;
    } else if constexpr ((std::is_integral_v<I> && ...)) {
      int k = 0;
      int64_t offset = 0;
      const auto add = [&](int64_t at) {
        assert(at >= 0 && at < shape_[k]);
        offset += at * strides_[k++];
      };
      (add(static_cast<int64_t>(i)), ...);
      return (data_[offset]);
    } else {
      constexpr int S = (detail::makes<I> + ... + 0);
      extents<S> shape, strides;
      int64_t new_shape[max_rank + 1], new_strides[max_rank + 1];
      detail::slicer s{shape_.begin(), strides_.begin(), new_shape, new_strides};
      (s.add(i), ...);
      for (int k = 0; k < S; ++k) shape[k] = new_shape[k], strides[k] = new_strides[k];
      return view<T, S>(data_ + s.offset, shape, strides);
    }
  }

 private:
  T* data_;
  extents<R> shape_, strides_;
};

template <class C, class = std::enable_if_t<detail::is_span_like<C> && !detail::is_eigen_like<C>>>
view(C&) -> view<std::remove_pointer_t<decltype(std::data(std::declval<C&>()))>, 1>;
template <class M, class = std::enable_if_t<detail::is_eigen_like<M>>, class = void>
view(M&) -> view<std::remove_pointer_t<decltype(std::declval<M&>().data())>, 2>;
template <class T, int R>
view(array<T, R>&) -> view<T, R>;
template <class T, int R>
view(const array<T, R>&) -> view<const T, R>;

/// The elements of a vector, span, array or Eigen matrix, to assign to: as_view(v) = expression.
template <class C>
auto as_view(C& c) {
  return view(c);
}

/// The same elements, the axes in reverse.
template <class T, int R>
view<T, R> transpose(const view<T, R>& v) {
  extents<R> shape, strides;
  for (int k = 0; k < R; ++k) shape[k] = v.shape()[R - 1 - k], strides[k] = v.strides()[R - 1 - k];
  return {v.data(), shape, strides};
}
template <class T, int R>
view<T, R> transpose(array<T, R>& a) {
  return transpose(view<T, R>(a));
}
template <class T, int R>
view<const T, R> transpose(const array<T, R>& a) {
  return transpose(view<const T, R>(a));
}

}  // namespace lazulite
