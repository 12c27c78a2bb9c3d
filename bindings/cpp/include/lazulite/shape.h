// Shapes of a fixed number of axes: construction from any integers, NumPy's spelling, and broadcasting.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <type_traits>

#include "lazulite/config.h"
#include "lazulite/error.h"

namespace lazulite {

/// Axes that an array may have.
inline constexpr int max_rank = 8;

/// Extents or strides of R axes.
template <int R>
class extents {
  static_assert(R >= 0 && R <= max_rank, "lazulite: an array has at most 8 axes");

 public:
  constexpr extents() = default;
  constexpr extents(const extents& e) noexcept {
    for (int k = 0; k < R; ++k) at_[k] = e.at_[k];
  }
  constexpr extents& operator=(const extents& e) noexcept {
    for (int k = 0; k < R; ++k) at_[k] = e.at_[k];
    return *this;
  }
  /// Implicit: {n, m} is a shape.
  template <class... I, class = std::enable_if_t<sizeof...(I) == static_cast<size_t>(R) && R != 0 &&
                                                 (std::is_integral_v<I> && ...)>>
  constexpr extents(I... n) : at_{static_cast<int64_t>(n)...} {}

  static constexpr int size() { return R; }
  constexpr int64_t& operator[](int k) { return at_[k]; }
  constexpr int64_t operator[](int k) const { return at_[k]; }
  constexpr const int64_t* begin() const { return at_; }
  constexpr const int64_t* end() const { return at_ + R; }

  /// Product of the extents.
  constexpr int64_t product() const {
    int64_t p = 1;
    for (int k = 0; k < R; ++k) p *= at_[k];
    return p;
  }
  friend constexpr bool operator==(const extents& a, const extents& b) {
    for (int k = 0; k < R; ++k)
      if (a[k] != b[k]) return false;
    return true;
  }
  friend constexpr bool operator!=(const extents& a, const extents& b) { return !(a == b); }

 private:
  int64_t at_[R == 0 ? 1 : R] = {};
};

/// NumPy's spelling: "()", "(3,)", "(2,3)".
inline std::string to_string(const int64_t* first, int rank) {
  std::string s = "(";
  for (int k = 0; k < rank; ++k) s += (k ? "," : "") + std::to_string(first[k]);
  return s + (rank == 1 ? ",)" : ")");
}
template <int R>
std::string to_string(const extents<R>& shape) {
  return to_string(shape.begin(), R);
}

/// Strides of elements that lie one after the other, the last axis fastest.
template <int R>
constexpr extents<R> c_strides(const extents<R>& shape) {
  extents<R> strides;
  int64_t step = 1;
  for (int k = R - 1; k >= 0; --k) {
    strides[k] = step;
    step *= shape[k];
  }
  return strides;
}

namespace detail {

/// Widens `out` by `shape`, as broadcasting does; false where they do not fit.
template <int R, int S>
bool broadcast_into(extents<R>& out, const extents<S>& shape) {
  static_assert(S <= R);
  for (int k = 0; k < S; ++k) {
    int64_t& n = out[R - S + k];
    if (shape[k] == n || shape[k] == 1) continue;
    if (n != 1) return false;
    n = shape[k];
  }
  return true;
}

constexpr int max_of(std::initializer_list<int> list) {
  int most = 0;
  for (const int k : list) most = k > most ? k : most;
  return most;
}

template <class... S>
[[noreturn]] void cannot_broadcast(const char* name, const S&... shapes) {
  throw shape_error(std::string(name) + ": operands could not be broadcast together with shapes " +
                    ((to_string(shapes) + " ") + ...));
}

/// The shape of an op's result where the operands' shapes differ.
template <int R, int... S>
__attribute__((noinline)) extents<R> broadcast_unlike(const char* name, const extents<S>&... shapes) {
  extents<R> out;
  for (int k = 0; k < R; ++k) out[k] = 1;
  if (!(broadcast_into(out, shapes) && ...)) cannot_broadcast(name, shapes...);
  return out;
}

/// Of R axes, is this the shape? Numbers have every shape.
template <int R, int S>
LAZULITE_INLINE bool is_shape(const extents<R>& shape, const extents<S>& other) {
  if constexpr (S == 0) return true;
  if constexpr (S == R && S > 0) return shape == other;
  return false;
}
template <int R, int S, class... Rest>
LAZULITE_INLINE const extents<R>& first_of_rank(const extents<S>& first, const Rest&... rest) {
  if constexpr (S == R)
    return first;
  else
    return first_of_rank<R>(rest...);
}

/// The shape of an op's result.
template <int R, int... S>
LAZULITE_INLINE extents<R> broadcast(const char* name, const extents<S>&... shapes) {
  const extents<R>& first = first_of_rank<R>(shapes...);
  if (__builtin_expect((is_shape<R>(first, shapes) && ...), 1)) return first;
  return broadcast_unlike<R>(name, shapes...);
}

}  // namespace detail

}  // namespace lazulite
