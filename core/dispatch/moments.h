// Means and sums of squared distances: 64 of Welford's pairs (1962) side by side, merged as Chan, Golub and LeVeque do
// (1979). The engine's stages and the header library's loops make the pairs; this is the rest.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/dispatch/joins.h"

namespace lazulite {

/// Of some elements.
struct Moments {
  double mean = 0, m2 = 0;  // m2: sum of squared distances from the mean
  int64_t count = 0;

  void merge(const Moments& b) {
    if (b.count == 0) return;
    if (count == 0) {
      *this = b;
      return;
    }
    double n = static_cast<double>(count);
    join(mean, m2, n, b.mean, b.m2, static_cast<double>(b.count));
    count += b.count;
  }
  double variance(double ddof) const {
    return (count == 0 ? 0.0 : m2) / std::max(static_cast<double>(count) - ddof, 0.0);
  }

  static void join(double& mean, double& m2, double& count, double b_mean, double b_m2, double b_count) {
    const double n = count + b_count, delta = b_mean - mean;
    mean += delta * (b_count / n);
    m2 = m2 + b_m2 + delta * delta * (count * b_count / n);
    count = n;
  }
};

/// Lanes of means and of sums of squared distances.
template <class T>
struct MomentLanes {
  T* mean;
  T* m2;

  void start(int64_t lanes) const {
    std::fill_n(mean, lanes, T(0));
    std::fill_n(m2, lanes, T(0));
  }
  /// Merges elements first, ..., first + count - 1 of a block, element i into lane i % lanes.
  void add(int64_t lanes, const T* values, int64_t first, int64_t count) const {
    each_lane_run(lanes, first, count, [&](int64_t lane, int64_t from, int64_t run, int64_t before) {
      T *to_mean = mean + lane, *to_m2 = m2 + lane;
      const T* x = values + from;
      const T reciprocal = T(1) / static_cast<T>(before + 1);
      for (int64_t k = 0; k < run; ++k) {
        const T delta = x[k] - to_mean[k];
        to_mean[k] += delta * reciprocal;
        to_m2[k] += delta * (x[k] - to_mean[k]);
      }
    });
  }
  /// Of a block of `count` elements.
  Moments fold(int64_t lanes, int64_t count) const {
    constexpr int64_t most = 64;
    double means[most], m2s[most], counts[most];
    const int64_t n = std::max<int64_t>(1, std::min(lanes, count));
    const auto each = static_cast<double>(count / lanes);
    const int64_t more = count % lanes;  // lanes that have one more
    for (int64_t k = 0; k < n; ++k) {
      means[k] = static_cast<double>(mean[k]);
      m2s[k] = static_cast<double>(m2[k]);
      counts[k] = k < more ? each + 1 : each;
    }
    fold_tree(n, [&](int64_t half, int64_t m) {
      for (int64_t k = 0; k < m; ++k)
        Moments::join(means[k], m2s[k], counts[k], means[k + half], m2s[k + half], counts[k + half]);
    });
    return {means[0], m2s[0], count};
  }
  Moments lane(int64_t k, int64_t count) const {
    return {static_cast<double>(mean[k]), static_cast<double>(m2[k]), count};
  }
};

}  // namespace lazulite
