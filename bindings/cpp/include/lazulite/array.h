// array: elements of its own, in C order, on a cache line.
#pragma once

#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "lazulite/view.h"

namespace lazulite {

/// R axes of elements that it owns. Assigning an expression writes the elements, as NumPy's a[...] = expression does;
/// an array without elements yet (`array<double, 1> a;`) takes the expression's shape.
template <class T, int R>
class array : public expression_base {
 public:
  using value_type = T;
  static constexpr int rank = R;
  static_assert(detail::is_element<T>,
                "lazulite: elements are bool, float, double, or integers of 8 to 64 bits (the <cstdint> types)");

  array() {
    if (R == 0) allocate();
  }
  /// Elements are not initialised.
  explicit array(const extents<R>& shape) : shape_(shape) { allocate(); }
  /// array<double, 1> a({n}): braces around one number would else fit the copy constructor as well.
  template <class I, class = std::enable_if_t<R == 1 && std::is_integral_v<I>>>
  explicit array(std::initializer_list<I> shape) : array(extents<R>(only_of(shape))) {}
  array(const extents<R>& shape, T value) : array(shape) {
    for (int64_t k = 0; k < size(); ++k) data_[k] = value;
  }
  array(const array& a) : shape_(a.shape_) {
    allocate();
    if (a.size() > 0) std::memcpy(data_, a.data_, static_cast<size_t>(size()) * sizeof(T));
  }
  array(array&& a) noexcept : data_(std::exchange(a.data_, nullptr)), shape_(std::exchange(a.shape_, extents<R>())) {}
  /// The values of an expression; implicit, for y = expression.
  template <class E, class = std::enable_if_t<is_expression<E> && !std::is_same_v<E, array>>>
  LAZULITE_INLINE array(const E& e) : shape_(checked_shape(e)) {
    allocate();
    if constexpr (E::rank == R) detail::assign(view<T, R>(*this), e);
  }
  ~array() { std::free(data_); }

  LAZULITE_INLINE array& operator=(const array& a) {
    if (this == &a) return *this;
    if (!data_) return take(array(a));
    detail::assign(view<T, R>(*this), a);
    return *this;
  }
  /// Into elements that are there already: views of them stay as they are.
  LAZULITE_INLINE array& operator=(array&& a) {
    if (this == &a) return *this;
    if (!data_) return take(std::move(a));
    detail::assign(view<T, R>(*this), a);
    return *this;
  }
  template <class E>
  LAZULITE_INLINE array& operator=(const E& e) {
    if constexpr (is_expression<E>) {
      if constexpr (E::rank == R)
        if (!data_) return take(array(e));
    }
    detail::assign(view<T, R>(*this), e);
    return *this;
  }
#define LZ_X(op, id)                                               \
  template <class E>                                               \
  LAZULITE_INLINE array& operator op(E&& e) {                      \
    detail::update<Op::id>(view<T, R>(*this), std::forward<E>(e)); \
    return *this;                                                  \
  }
  LAZULITE_FOR_UPDATES(LZ_X)
#undef LZ_X

  T* data() { return data_; }
  const T* data() const { return data_; }
  const extents<R>& shape() const { return shape_; }
  int64_t shape(int axis) const { return shape_[axis]; }
  extents<R> strides() const { return c_strides(shape_); }
  int64_t size() const { return data_ ? shape_.product() : 0; }
  T* begin() { return data_; }
  T* end() { return data_ + size(); }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size(); }

  /// An element, if all are integers; else a view.
  template <class... I>
  decltype(auto) operator()(const I&... i) & {
    return view<T, R>(*this)(i...);
  }
  template <class... I>
  decltype(auto) operator()(const I&... i) const& {
    return view<const T, R>(*this)(i...);
  }
  /// Views of an array that is about to go would dangle.
  template <class... I>
  T operator()(const I&... i) && {
    static_assert((std::is_integral_v<I> && ...),
                  "lazulite: a slice of a temporary array would dangle: name the array");
    return view<const T, R>(*this)(i...);
  }

 private:
  array& take(array&& a) {
    std::swap(data_, a.data_);
    std::swap(shape_, a.shape_);
    return *this;
  }
  template <class E>
  static extents<R> checked_shape(const E& e) {
    constexpr bool fits = E::rank == R;
    static_assert(fits, "lazulite: the expression has another number of axes than the array");
    if constexpr (fits)
      return e.shape();
    else
      return {};
  }
  template <class I>
  static I only_of(std::initializer_list<I> shape) {
    if (shape.size() != 1) throw shape_error("an array of one axis has a shape of one number");
    return *shape.begin();
  }
  void allocate() {
    constexpr size_t line = 64;
    const size_t bytes = (static_cast<size_t>(shape_.product()) * sizeof(T) + line) / line * line;
    data_ = static_cast<T*>(std::aligned_alloc(line, bytes));
    if (!data_) throw std::bad_alloc();
  }

  T* data_ = nullptr;
  extents<R> shape_{};
};

}  // namespace lazulite
