// SLEEF's functions of at most 1 ulp (erfc: 1.5) as loops over arrays, for one SIMD target. No SIMD types.
#pragma once

#include <array>

#include "tests/cpp/math_probe.h"

namespace lazulite {

/// Loops over a whole number of vectors, and the range that arguments come from.
struct SleefFunction {
  MathFunctions loops;
  double lo, hi;
};
using SleefLoops = std::array<SleefFunction, 26>;

}  // namespace lazulite
