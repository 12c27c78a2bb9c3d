// Where the first extreme is, or the first NaN: the merging of candidates, for the engine and the header library.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "core/dispatch/joins.h"

namespace lazulite {

/// R: Min or Max.
template <class T, class R>
struct ArgExtreme {
  T value{};
  int64_t index = -1;
  int64_t count = 0;  // elements that it was chosen from

  static bool better(T a, T b) { return either(R::before(a, b), is_nan(a) > is_nan(b)); }
  void merge(const ArgExtreme& b) {
    if (b.count == 0) return;
    const int64_t sum = count + b.count;
    const bool tie = !better(value, b.value) && !better(b.value, value);
    if (count == 0 || better(b.value, value) || (tie && b.index < index)) *this = b;
    count = sum;
  }
};

/// Lanes of the best values, and for each the number of the group of lanes that it came from.
template <class T, class R>
struct ArgLanes {
  using Extreme = ArgExtreme<T, R>;
  using Counter = std::conditional_t<
      sizeof(T) == 1, uint8_t,
      std::conditional_t<sizeof(T) == 2, uint16_t, std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>>>;
  T* best;
  Counter* at;

  void start(int64_t lanes) const {
    std::fill_n(best, lanes, R::identity());
    std::fill_n(at, lanes, Counter(0));
  }
  /// Merges elements first, ..., first + count - 1 of a block, element i into lane i % lanes.
  void add(int64_t lanes, const T* values, int64_t first, int64_t count) const {
    each_lane_run(lanes, first, count, [&](int64_t lane, int64_t from, int64_t run, int64_t before) {
      T* to = best + lane;
      Counter* to_at = at + lane;
      const T* x = values + from;
      for (int64_t k = 0; k < run; ++k) {
        const bool wins = Extreme::better(x[k], to[k]);
        to[k] = wins ? x[k] : to[k];
        to_at[k] = wins ? static_cast<Counter>(before) : to_at[k];
      }
    });
  }
  /// Of a block of `count` elements, whose best value is `value`.
  Extreme find(int64_t lanes, int64_t count, T value) const {
    // The first of those that the best is no better than: of those with the least counter the first lane.
    const int64_t n = std::max<int64_t>(1, std::min(lanes, count));
    Counter least = std::numeric_limits<Counter>::max();
    for (int64_t k = 0; k < n; ++k) {
      const auto counter =
          static_cast<Counter>(at[k] | -static_cast<Counter>(Extreme::better(value, best[k])));  // or the most
      least = counter < least ? counter : least;
    }
    int64_t lane = 0;
    while (Extreme::better(value, best[lane]) || at[lane] != least) ++lane;
    return {value, static_cast<int64_t>(least) * lanes + lane, count};
  }
  Extreme lane(int64_t k, int64_t count) const { return {best[k], static_cast<int64_t>(at[k]), count}; }
};

}  // namespace lazulite
