// Arguments where C99 (Annex F) or exactness settles the result of an elementary function.
#pragma once

#include <limits>
#include <string_view>
#include <vector>

namespace lazulite {

template <class T>
struct SpecialValues {
  std::string_view name;
  struct Pair {
    T x, y;
  };
  std::vector<Pair> pairs;
};

template <class T>
std::vector<SpecialValues<T>> special_values() {
  using L = std::numeric_limits<T>;
  constexpr T inf = L::infinity(), nan = L::quiet_NaN(), tiny = L::denorm_min(), huge = L::max();
  constexpr T half_pi = static_cast<T>(1.5707963267948966);
  return {
      {"exp",
       {{T(0), T(1)}, {-T(0), T(1)}, {inf, inf}, {-inf, T(0)}, {nan, nan}, {huge, inf}, {-huge, T(0)}, {tiny, T(1)}}},
      {"exp2",
       {{T(0), T(1)},
        {-T(0), T(1)},
        {inf, inf},
        {-inf, T(0)},
        {nan, nan},
        {huge, inf},
        {-huge, T(0)},
        {T(10), T(1024)},
        {T(-1), T(0.5)}}},
      {"expm1",
       {{T(0), T(0)},
        {-T(0), -T(0)},
        {inf, inf},
        {-inf, T(-1)},
        {nan, nan},
        {tiny, tiny},
        {huge, inf},
        {-huge, T(-1)}}},
      {"log",
       {{T(1), T(0)}, {T(0), -inf}, {-T(0), -inf}, {T(-1), nan}, {-tiny, nan}, {-inf, nan}, {inf, inf}, {nan, nan}}},
      {"log2",
       {{T(1), T(0)},
        {T(0), -inf},
        {-T(0), -inf},
        {-tiny, nan},
        {-inf, nan},
        {inf, inf},
        {nan, nan},
        {T(1024), T(10)},
        {T(0.125), T(-3)},
        {tiny, T(L::min_exponent - L::digits)}}},
      {"log10",
       {{T(1), T(0)}, {T(0), -inf}, {-T(0), -inf}, {-tiny, nan}, {-inf, nan}, {inf, inf}, {nan, nan}, {T(1000), T(3)}}},
      {"log1p",
       {{T(0), T(0)},
        {-T(0), -T(0)},
        {T(-1), -inf},
        {T(-1.5), nan},
        {-inf, nan},
        {inf, inf},
        {nan, nan},
        {tiny, tiny},
        {-tiny, -tiny}}},
      {"sin", {{T(0), T(0)}, {-T(0), -T(0)}, {inf, nan}, {-inf, nan}, {nan, nan}, {tiny, tiny}}},
      {"cos", {{T(0), T(1)}, {-T(0), T(1)}, {inf, nan}, {-inf, nan}, {nan, nan}, {tiny, T(1)}}},
      {"tan", {{T(0), T(0)}, {-T(0), -T(0)}, {inf, nan}, {-inf, nan}, {nan, nan}, {tiny, tiny}, {-tiny, -tiny}}},
      {"arcsin",
       {{T(0), T(0)},
        {-T(0), -T(0)},
        {T(1), half_pi},
        {T(-1), -half_pi},
        {T(1.5), nan},
        {-inf, nan},
        {nan, nan},
        {tiny, tiny}}},
      {"arccos",
       {{T(1), T(0)},
        {T(-1), 2 * half_pi},
        {T(0), half_pi},
        {-T(0), half_pi},
        {T(-1.5), nan},
        {inf, nan},
        {nan, nan},
        {tiny, half_pi}}},
      {"arctan",
       {{T(0), T(0)}, {-T(0), -T(0)}, {inf, half_pi}, {-inf, -half_pi}, {nan, nan}, {tiny, tiny}, {huge, half_pi}}},
      {"sinh",
       {{T(0), T(0)}, {-T(0), -T(0)}, {inf, inf}, {-inf, -inf}, {nan, nan}, {tiny, tiny}, {huge, inf}, {-huge, -inf}}},
      {"cosh", {{T(0), T(1)}, {-T(0), T(1)}, {inf, inf}, {-inf, inf}, {nan, nan}, {tiny, T(1)}, {-huge, inf}}},
      {"tanh",
       {{T(0), T(0)},
        {-T(0), -T(0)},
        {inf, T(1)},
        {-inf, T(-1)},
        {nan, nan},
        {tiny, tiny},
        {huge, T(1)},
        {-huge, T(-1)}}},
      {"arcsinh", {{T(0), T(0)}, {-T(0), -T(0)}, {inf, inf}, {-inf, -inf}, {nan, nan}, {tiny, tiny}, {-tiny, -tiny}}},
      {"arccosh",
       {{T(1), T(0)}, {inf, inf}, {nan, nan}, {T(0), nan}, {T(-1), nan}, {-inf, nan}, {T(1) - L::epsilon(), nan}}},
      {"arctanh",
       {{T(0), T(0)},
        {-T(0), -T(0)},
        {T(1), inf},
        {T(-1), -inf},
        {nan, nan},
        {tiny, tiny},
        {-tiny, -tiny},
        {T(1) + L::epsilon(), nan},
        {-huge, nan},
        {inf, nan}}},
      {"cbrt",
       {{T(0), T(0)},
        {-T(0), -T(0)},
        {inf, inf},
        {-inf, -inf},
        {nan, nan},
        {T(8), T(2)},
        {T(-27), T(-3)},
        {T(1e6), T(100)},
        {T(0.125), T(0.5)}}},
      {"erf",
       {{T(0), T(0)},
        {-T(0), -T(0)},
        {inf, T(1)},
        {-inf, T(-1)},
        {nan, nan},
        {tiny, tiny},
        {huge, T(1)},
        {-huge, T(-1)}}},
  };
}

}  // namespace lazulite
