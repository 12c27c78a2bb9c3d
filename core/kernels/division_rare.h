// Divisions with remainder, one at a time: compiled once for the core, and into the header library.
#pragma once

#include "core/kernels/division.h"
#include "core/kernels/reference.h"

namespace lazulite {

template <Op op, class T>
void divide_one_by_one(T* a, const T* b, int n) {
  for (int i = 0; i < n; ++i) {
    if constexpr (op == Op::floor_divide) a[i] = reference::FloorDivide(a[i], b[i]);
    if constexpr (op == Op::remainder) a[i] = reference::Remainder(a[i], b[i]);
    if constexpr (op == Op::fmod) a[i] = reference::Fmod(a[i], b[i]);
  }
}

}  // namespace lazulite
