// What joins two values of a reduction or of a running one (everything but moments and arguments), and its identity;
// the order in which partial results are joined.
#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>

namespace lazulite {

// kFixed: the order of joins shows in the bits, so that partial results must not depend on the width of vectors.

template <class T>
bool is_nan(T v) {
  if constexpr (std::is_floating_point_v<T>) return v != v;
  return false;
}

/// a or b, both evaluated: loops without branches vectorise.
inline bool either(bool a, bool b) { return (static_cast<int>(a) | static_cast<int>(b)) != 0; }

template <class T>
struct Sum {
  static constexpr bool kFixed = std::is_floating_point_v<T>;
  static T identity() { return std::is_floating_point_v<T> ? T(-0.0) : T(0); }  // -0.0 + -0.0 == -0.0
  static T join(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) return a + b;
    return static_cast<T>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
  }
};
template <class T>
struct Product {
  static constexpr bool kFixed = std::is_floating_point_v<T>;
  static T identity() { return T(1); }
  static T join(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) return a * b;
    return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
  }
};
template <class T>
struct Min {
  static constexpr bool kFixed = false;
  static T identity() {
    return std::is_floating_point_v<T> ? std::numeric_limits<T>::infinity() : std::numeric_limits<T>::max();
  }
  static T join(T a, T b) { return either(is_nan(a), a <= b) ? a : b; }
  static bool before(T a, T b) { return a < b; }
};
template <class T>
struct Max {
  static constexpr bool kFixed = false;
  static T identity() {
    return std::is_floating_point_v<T> ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::lowest();
  }
  static T join(T a, T b) { return either(is_nan(a), a >= b) ? a : b; }
  static bool before(T a, T b) { return a > b; }
};
/// The extremes that prefer numbers to NaN.
template <class T>
struct FMin {
  static constexpr bool kFixed = false;
  static T identity() {
    return std::is_floating_point_v<T> ? std::numeric_limits<T>::quiet_NaN() : std::numeric_limits<T>::max();
  }
  static T join(T a, T b) { return either(is_nan(b), a <= b) ? a : b; }
};
template <class T>
struct FMax {
  static constexpr bool kFixed = false;
  static T identity() {
    return std::is_floating_point_v<T> ? std::numeric_limits<T>::quiet_NaN() : std::numeric_limits<T>::lowest();
  }
  static T join(T a, T b) { return either(is_nan(b), a >= b) ? a : b; }
};
template <class T>
struct Any {
  static constexpr bool kFixed = false;
  static T identity() { return T(0); }
  static T join(T a, T b) { return static_cast<T>(a != T(0) || b != T(0)); }
};
template <class T>
struct All {
  static constexpr bool kFixed = false;
  static T identity() { return T(1); }
  static T join(T a, T b) { return static_cast<T>(a != T(0) && b != T(0)); }
};

/// Calls merge(half, count) for halves from the largest power of two below `n` down: partial k + half goes into partial
/// k, for every k < count. A tree that depends on `n` only.
template <class F>
void fold_tree(int64_t n, F&& merge) {
  int64_t half = 1;
  while (half < n) half *= 2;
  for (half /= 2; half >= 1; half /= 2) {
    merge(half, n - half < half ? n - half : half);
    n = half;
  }
}

/// Elements first, ..., first + count - 1 of a block go to lanes i % lanes: calls f(lane, k, run, i / lanes) for every
/// run of neighbouring lanes, k being the run's first of the `count`.
template <class F>
void each_lane_run(int64_t lanes, int64_t first, int64_t count, F&& f) {
  for (int64_t k = 0; k < count;) {
    const int64_t lane = (first + k) % lanes, left = count - k, run = left < lanes - lane ? left : lanes - lane;
    f(lane, k, run, (first + k) / lanes);
    k += run;
  }
}

}  // namespace lazulite
