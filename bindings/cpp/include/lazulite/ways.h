// What the reductions are: the dtype that each computes in, how it merges elements, and what becomes of a partial
// result.
#pragma once

#include <cmath>
#include <limits>
#include <type_traits>

#include "lazulite/expression.h"
#include "lazulite/folds.h"

namespace lazulite::detail {

constexpr DType sum_type(DType t) {
  if (is_float(t)) return t;
  return kind(t) == DKind::unsigned_ ? DType::uint64 : DType::int64;
}

template <class T>
struct sum_of {
  static constexpr const char* name = "add";
  static constexpr Op join = Op::add;
  static constexpr bool has_identity = true;
  using loop = element<sum_type(dtype_of<T>)>;
  using joins = Sum<loop>;
  using fold = joined_fold<loop, joins>;
  using result = loop;
  static result finish(loop v, int64_t, double) { return v; }
  static result of_nothing() { return loop(0); }
};
template <class T>
struct prod_of : sum_of<T> {
  static constexpr const char* name = "multiply";
  static constexpr Op join = Op::multiply;
  using loop = typename sum_of<T>::loop;
  using joins = Product<loop>;
  using fold = joined_fold<loop, joins>;
  static loop of_nothing() { return loop(1); }
};
template <class T>
struct mean_of {
  static constexpr const char* name = "mean";
  static constexpr Op join = Op::add;
  static constexpr bool has_identity = true;
  using loop = std::conditional_t<std::is_floating_point_v<T>, T, double>;
  using joins = Sum<loop>;
  using fold = joined_fold<loop, joins>;
  using result = loop;
  static result finish(loop v, int64_t n, double) { return v / static_cast<loop>(n); }
  static result of_nothing() { return std::numeric_limits<loop>::quiet_NaN(); }
};
template <class T>
struct var_of {
  static constexpr const char* name = "var";
  static constexpr Op join = Op::add;
  static constexpr bool has_identity = true;
  using loop = std::conditional_t<std::is_floating_point_v<T>, T, double>;
  using fold = moments_fold<loop>;
  using result = loop;
  static result finish(const Moments& m, int64_t, double ddof) { return static_cast<loop>(m.variance(ddof)); }
  static result of_nothing() { return std::numeric_limits<loop>::quiet_NaN(); }
};
template <class T>
struct std_of : var_of<T> {
  static constexpr const char* name = "std";
  using loop = typename var_of<T>::loop;
  static loop finish(const Moments& m, int64_t, double ddof) { return static_cast<loop>(std::sqrt(m.variance(ddof))); }
};
template <class T>
struct extreme_of {
  static constexpr bool has_identity = false;
  using loop = std::conditional_t<std::is_same_v<T, bool>, uint8_t, T>;
  using result = T;
  static result finish(loop v, int64_t, double) { return static_cast<T>(v); }
  static result of_nothing() { return T(); }  // never asked for
};
template <class T>
struct min_of_all : extreme_of<T> {
  static constexpr const char* name = "minimum";
  static constexpr Op join = Op::minimum;
  using joins = Min<typename extreme_of<T>::loop>;
  using fold = joined_fold<typename extreme_of<T>::loop, joins>;
};
template <class T>
struct max_of_all : extreme_of<T> {
  static constexpr const char* name = "maximum";
  static constexpr Op join = Op::maximum;
  using joins = Max<typename extreme_of<T>::loop>;
  using fold = joined_fold<typename extreme_of<T>::loop, joins>;
};
template <class T, template <class> class Join>
struct arg_of {
  static constexpr bool has_identity = false;
  using loop = std::conditional_t<std::is_same_v<T, bool>, uint8_t, T>;
  using fold = arg_fold<loop, Join<loop>>;
  using result = int64_t;
  static result finish(const typename fold::partial& p, int64_t, double) { return p.index; }
  static result of_nothing() { return 0; }  // never asked for
};
template <class T>
struct argmin_of : arg_of<T, Min> {
  static constexpr const char* name = "argmin";
  static constexpr Op join = Op::minimum;
};
template <class T>
struct argmax_of : arg_of<T, Max> {
  static constexpr const char* name = "argmax";
  static constexpr Op join = Op::maximum;
};
/// Truths are bytes of 0 or 1: `any` is their largest, `all` their smallest.
template <class T>
struct any_of_all {
  static constexpr const char* name = "any";
  static constexpr Op join = Op::maximum;
  static constexpr bool has_identity = true;
  using loop = uint8_t;
  using joins = Max<uint8_t>;
  using fold = joined_fold<uint8_t, joins>;
  using result = bool;
  static bool finish(loop v, int64_t, double) { return v != 0; }
  static bool of_nothing() { return false; }
};
template <class T>
struct all_of_all : any_of_all<T> {
  static constexpr const char* name = "all";
  static constexpr Op join = Op::minimum;
  using joins = Min<uint8_t>;
  using fold = joined_fold<uint8_t, joins>;
  static bool of_nothing() { return true; }
};

}  // namespace lazulite::detail
