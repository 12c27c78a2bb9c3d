// The kinds of reduction: what is kept of a block's elements, how it is folded to a partial result, and how those
// merge.
//
// A region holds some lanes; element i of a block is merged into lane i mod their number. The second part of lanes,
// where there is one, begins `second` bytes after the first. What is done here is the same for every SIMD target.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "core/dispatch/arg_extreme.h"
#include "core/dispatch/joins.h"
#include "lazulite/config.h"

LAZULITE_BEGIN_ROUNDED

#include "core/dispatch/moments.h"

namespace lazulite::detail {

/// Joins n values, a power of two, in the tree of fold_tree.
template <class Join, int n, class T>
LAZULITE_INLINE T fold_fixed(const T* p) {
  if constexpr (n == 1) {
    return *p;
  } else {
    T v[n / 2];
    for (int k = 0; k < n / 2; ++k) v[k] = Join::join(p[k], p[k + n / 2]);
    return fold_fixed<Join, n / 2>(v);
  }
}

enum class fold_kind { joined, moments, arg };

/// Sums, products, extremes.
template <class T, class Join>
struct joined_fold {
  using value = T;
  using partial = T;
  using joins = Join;
  static constexpr fold_kind kind = fold_kind::joined;
  static constexpr bool is_fixed = Join::kFixed;  // 64 lanes on every target
  static constexpr double row_ns = 150;           // of starting and folding

  static void start(std::byte* region, int64_t, int64_t lanes) {
    std::fill_n(reinterpret_cast<T*>(region), lanes, Join::identity());
  }
  static void merge(T& a, const T& b) { a = Join::join(a, b); }
  static void move_index(T&, int64_t) {}
  static T lane(std::byte* region, int64_t, int64_t k, int64_t) { return reinterpret_cast<T*>(region)[k]; }
};

/// Variances. (What rounds after products is not inlined into code of other flags.)
template <class T>
struct moments_fold {
  using value = T;
  using partial = Moments;
  static constexpr fold_kind kind = fold_kind::moments;
  static constexpr bool is_fixed = true;
  static constexpr double row_ns = 400;

  static MomentLanes<T> lanes_of(std::byte* region, int64_t second) {
    return {reinterpret_cast<T*>(region), reinterpret_cast<T*>(region + second)};
  }
  static void start(std::byte* region, int64_t second, int64_t lanes) { lanes_of(region, second).start(lanes); }
  __attribute__((noinline)) static Moments finish(std::byte* region, int64_t second, int64_t lanes, int64_t count) {
    return lanes_of(region, second).fold(lanes, count);
  }
  __attribute__((noinline)) static void merge(Moments& a, const Moments& b) { a.merge(b); }
  static void move_index(Moments&, int64_t) {}
  static Moments lane(std::byte* region, int64_t second, int64_t k, int64_t count) {
    return lanes_of(region, second).lane(k, count);
  }
};

/// Where the first extreme is.
template <class T, class Join>
struct arg_fold {
  using value = T;
  using partial = ArgExtreme<T, Join>;
  static constexpr fold_kind kind = fold_kind::arg;
  static constexpr bool is_fixed = false;
  static constexpr double row_ns = 400;

  static ArgLanes<T, Join> lanes_of(std::byte* region, int64_t second) {
    return {reinterpret_cast<T*>(region), reinterpret_cast<typename ArgLanes<T, Join>::Counter*>(region + second)};
  }
  static void start(std::byte* region, int64_t second, int64_t lanes) { lanes_of(region, second).start(lanes); }
  static partial finish(std::byte* region, int64_t second, int64_t lanes, int64_t count) {
    const ArgLanes<T, Join> of = lanes_of(region, second);
    T best = of.best[0];
    for (int64_t k = 1; k < std::min(lanes, count); ++k)
      if (partial::better(of.best[k], best)) best = of.best[k];
    return of.find(lanes, count, best);
  }
  static void merge(partial& a, const partial& b) { a.merge(b); }
  static void move_index(partial& p, int64_t by) { p.index += by; }
  static partial lane(std::byte* region, int64_t second, int64_t k, int64_t count) {
    return lanes_of(region, second).lane(k, count);
  }
};

}  // namespace lazulite::detail

LAZULITE_END_ROUNDED
