// What joins two values of a reduction or of a running one (everything but moments and arguments), and its identity.
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

}  // namespace lazulite
