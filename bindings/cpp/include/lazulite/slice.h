// What may stand in an index: integers, `all`, `range(start, stop, step)` and `newaxis`.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>

#include "lazulite/error.h"

namespace lazulite {

/// An end of a range that is left open.
struct unbounded_t {};
inline constexpr unbounded_t unbounded{};

/// An axis of one element, put in where it stands.
struct newaxis_t {};
inline constexpr newaxis_t newaxis{};

/// Python's slice(start, stop, step): negative numbers count from the end, what lies outside is left out.
class range {
 public:
  template <class A, class B>
  constexpr range(A start, B stop, int64_t step = 1) : start_(start), stop_(stop), step_(step) {
    if (step == 0) throw index_error("slice step cannot be zero");
  }

  /// The first element, and how many there are, along an axis of n.
  struct selection {
    int64_t first, count, step;
  };
  constexpr selection of(int64_t n) const {
    const int64_t low = step_ > 0 ? 0 : -1, high = step_ > 0 ? n : n - 1;
    const int64_t first = start_.is_open ? (step_ > 0 ? low : high) : clamped(start_.at, n, low, high);
    const int64_t last = stop_.is_open ? (step_ > 0 ? high : low) : clamped(stop_.at, n, low, high);
    const int64_t gap = step_ > 0 ? last - first : first - last, stride = step_ > 0 ? step_ : -step_;
    return {first, gap > 0 ? (gap + stride - 1) / stride : 0, step_};
  }

 private:
  struct bound {
    int64_t at = 0;
    bool is_open = false;
    // Implicit: range(1, unbounded).
    constexpr bound(unbounded_t) : is_open(true) {}
    template <class I, class = std::enable_if_t<std::is_integral_v<I>>>
    constexpr bound(I i) : at(static_cast<int64_t>(i)) {}
  };
  static constexpr int64_t clamped(int64_t i, int64_t n, int64_t low, int64_t high) {
    if (i < 0) i += n;
    return i < low ? low : i > high ? high : i;
  }
  bound start_, stop_;
  int64_t step_;
};

/// In an index: the whole axis. Called: NumPy's `all` (lazulite/reductions.h).
struct all_t {
  template <class E, class... Axis>
  auto operator()(const E& e, Axis... axis) const;
};
inline constexpr all_t all{};

namespace detail {

template <class T>
inline constexpr bool is_slice = std::is_same_v<T, range> || std::is_same_v<T, all_t> || std::is_same_v<T, newaxis_t>;
template <class T>
inline constexpr bool is_index = is_slice<T> || std::is_integral_v<T>;

/// Axes of the array that an index item uses, and of the result that it makes.
template <class T>
inline constexpr int takes = std::is_same_v<T, newaxis_t> ? 0 : 1;
template <class T>
inline constexpr int makes = std::is_integral_v<T> ? 0 : 1;

/// Builds a view's offset, shape and strides, one index item after the other.
struct slicer {
  const int64_t* shape;
  const int64_t* strides;
  int64_t* new_shape;
  int64_t* new_strides;
  int64_t offset = 0;
  int axis = 0, new_axis = 0;

  void add(int64_t i) {
    const int64_t n = shape[axis], at = i < 0 ? i + n : i;
    if (at < 0 || at >= n)
      throw index_error("index " + std::to_string(i) + " is out of bounds for axis " + std::to_string(axis) +
                        " with size " + std::to_string(n));
    offset += at * strides[axis++];
  }
  void add(const range& r) {
    const range::selection s = r.of(shape[axis]);
    if (s.count > 0) offset += s.first * strides[axis];
    new_shape[new_axis] = s.count;
    new_strides[new_axis++] = strides[axis++] * s.step;
  }
  void add(all_t) {
    new_shape[new_axis] = shape[axis];
    new_strides[new_axis++] = strides[axis++];
  }
  void add(newaxis_t) {
    new_shape[new_axis] = 1;
    new_strides[new_axis++] = 0;
  }
};

}  // namespace detail

}  // namespace lazulite
