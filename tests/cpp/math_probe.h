// The elementary functions of one target behind plain function pointers, for tests and benchmarks. No SIMD types.
#pragma once

#include <cstdint>

namespace lazulite {

/// Applies one function to n elements, n any number.
template <class T>
using MathLoop = void (*)(const T* x, T* y, int64_t n);

struct MathFunctions {
  const char* name;
  MathLoop<double> f64;
  MathLoop<float> f32;
};

/// The op table's elementary functions, in its order.
inline constexpr int kMathFunctions = 0
#define LZ_ELEMENTARY(...) +1
#include "core/ops/elementary.def"
    ;
struct MathProbe {
  const char* target;
  bool has_fma;
  MathFunctions functions[kMathFunctions];
};

}  // namespace lazulite
