// The elementary functions of one target behind plain function pointers, for tests and benchmarks. No SIMD types.
#pragma once

#include <array>
#include <cstdint>

#include "core/graph/dtype.h"

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
/// Of two arguments: the large rows that have loops on floats.
template <class T>
using PairLoop = void (*)(const T* a, const T* b, T* y, int64_t n);
struct PairFunctions {
  const char* name;
  PairLoop<double> f64;
  PairLoop<float> f32;
};
inline constexpr int kPairFunctions = 0
#define LZ_LARGE(id, loops, ...) +contains(loops, DType::float64)
#include "core/ops/large.def"
    ;

/// Of three arguments: the ternary rows.
template <class T>
using TripleLoop = void (*)(const T* a, const T* b, const T* x, T* y, int64_t n);
struct TripleFunctions {
  const char* name;
  TripleLoop<double> f64;
  TripleLoop<float> f32;
};
inline constexpr int kTripleFunctions = 0
#define LZ_TERNARY(...) +1
#include "core/ops/ternary.def"
    ;

struct MathProbe {
  const char* target;
  bool has_fma;
  MathFunctions functions[kMathFunctions];
  std::array<PairFunctions, kPairFunctions> pairs;
  TripleFunctions triples[kTripleFunctions];
};

}  // namespace lazulite
