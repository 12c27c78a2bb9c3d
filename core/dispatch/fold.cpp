// Folding partials to results, one template per kind of reduction.
#include "core/dispatch/fold.h"

#include <cmath>
#include <type_traits>

#include "core/dispatch/joins.h"
#include "core/graph/program.h"

namespace lazulite {

namespace {

constexpr int64_t kFixedPartials = 64;  // kPartials of the strip machine
constexpr int64_t kStrip = 512;

template <class T>
T* as(std::byte* p) {
  return reinterpret_cast<T*>(p);
}
template <class T>
const T* as(const std::byte* p) {
  return reinterpret_cast<const T*>(p);
}

/// Calls merge(half, count) for halves from the largest power of two below `n` down: partial k + half goes into partial
/// k, for every k < count. A tree that depends on `n` only.
template <class F>
void tree(int64_t n, F&& merge) {
  int64_t half = 1;
  while (half < n) half *= 2;
  for (half /= 2; half >= 1; half /= 2) {
    merge(half, std::min(half, n - half));
    n = half;
  }
}

/// The values of n lanes in that tree; a number that the compiler knows makes vectors of it.
template <int n, class T, class F>
T folded(const T* p, F join) {
  T v[n / 2];
  for (int k = 0; k < n / 2; ++k) v[k] = join(p[k], p[k + n / 2]);
  if constexpr (n == 2)
    return v[0];
  else
    return folded<n / 2>(v, join);
}
template <class T, class F>
T fold_lanes(const T* p, int64_t n, F join) {
  switch (n) {
    case 64:
      return folded<64>(p, join);
    case 128:
      return folded<128>(p, join);
    case 256:
      return folded<256>(p, join);
    case 512:
      return folded<512>(p, join);
  }
  T v[kStrip];
  v[0] = *p;  // GCC 14 does not see that n >= 1
  std::copy_n(p, n, v);
  tree(n, [&](int64_t half, int64_t m) {
    for (int64_t k = 0; k < m; ++k) v[k] = join(v[k], v[k + half]);
  });
  return v[0];
}

/// Elements first, ..., first + count - 1 of a block go to lanes i % lanes: calls f(lane, k, run, i / lanes) for every
/// run of neighbouring lanes, k being the run's first of the `count`.
template <class F>
void each_lane_run(int64_t lanes, int64_t first, int64_t count, F&& f) {
  for (int64_t k = 0; k < count;) {
    const int64_t lane = (first + k) % lanes, run = std::min(count - k, lanes - lane);
    f(lane, k, run, (first + k) / lanes);
    k += run;
  }
}

template <class T, class R, bool kMean>
struct Simple {
  static Partial partial(T v, int64_t count) {
    Partial p;
    p.value = Scalar::of<T>(v);
    p.count = count;
    return p;
  }
  static void start(std::byte* region, int64_t lanes, int64_t) { std::fill_n(as<T>(region), lanes, R::identity()); }
  static void add(std::byte* region, int64_t lanes, int64_t, const std::byte* values, int64_t first, int64_t count) {
    each_lane_run(lanes, first, count, [&](int64_t lane, int64_t from, int64_t run, int64_t) {
      T* p = as<T>(region) + lane;
      const T* v = as<T>(values) + from;
      for (int64_t k = 0; k < run; ++k) p[k] = R::join(p[k], v[k]);
    });
  }
  static Partial finish(const std::byte* region, int64_t lanes, int64_t, int64_t count) {
    const int64_t n = std::max<int64_t>(1, std::min(lanes, count));
    return partial(fold_lanes(as<T>(region), n, [](T a, T b) { return R::join(a, b); }), count);
  }
  static void merge(Partial& a, const Partial& b) {
    a = partial(R::join(a.value.as<T>(), b.value.as<T>()), a.count + b.count);
  }
  static Partial lane(const std::byte* region, int64_t, int64_t k, int64_t count) {
    return partial(as<T>(region)[k], count);
  }
  static void store(const Partial& p, double, std::byte* out) {
    T v = p.value.as<T>();
    if constexpr (std::is_floating_point_v<T>) {
      if (p.count == 0 && v == 0) v = 0;  // the sum of nothing is +0
      if constexpr (kMean) v = v / static_cast<T>(p.count);
    }
    *as<T>(out) = v;
  }
};

/// Mean and sum of squared distances, merged as Chan, Golub and LeVeque do (1979).
template <class T, bool kRoot>
struct Moments {
  static Partial partial(double mean, double m2, int64_t count) {
    Partial p;
    p.value = Scalar::of<double>(mean);
    p.m2 = m2;
    p.count = count;
    return p;
  }
  static void start(std::byte* region, int64_t lanes, int64_t second) {
    std::fill_n(as<T>(region), lanes, T(0));
    std::fill_n(as<T>(region + second), lanes, T(0));
  }
  static void add(std::byte* region, int64_t lanes, int64_t second, const std::byte* values, int64_t first,
                  int64_t count) {
    each_lane_run(lanes, first, count, [&](int64_t lane, int64_t from, int64_t run, int64_t before) {
      T* mean = as<T>(region) + lane;
      T* m2 = as<T>(region + second) + lane;
      const T* x = as<T>(values) + from;
      const T reciprocal = T(1) / static_cast<T>(before + 1);
      for (int64_t k = 0; k < run; ++k) {
        const T delta = x[k] - mean[k];
        mean[k] += delta * reciprocal;
        m2[k] += delta * (x[k] - mean[k]);
      }
    });
  }
  static Partial finish(const std::byte* region, int64_t lanes, int64_t second, int64_t count) {
    double mean[kFixedPartials], m2[kFixedPartials], counts[kFixedPartials];
    const int64_t n = std::max<int64_t>(1, std::min(lanes, count));
    const auto each = static_cast<double>(count / lanes);
    const int64_t more = count % lanes;  // lanes that have one more
    for (int64_t k = 0; k < n; ++k) {
      mean[k] = static_cast<double>(as<T>(region)[k]);
      m2[k] = static_cast<double>(as<T>(region + second)[k]);
      counts[k] = k < more ? each + 1 : each;
    }
    tree(n, [&](int64_t half, int64_t m) {
      for (int64_t k = 0; k < m; ++k) join(mean[k], m2[k], counts[k], mean[k + half], m2[k + half], counts[k + half]);
    });
    return partial(mean[0], m2[0], count);
  }
  static void join(double& mean, double& m2, double& count, double b_mean, double b_m2, double b_count) {
    const double n = count + b_count, delta = b_mean - mean;
    mean += delta * (b_count / n);
    m2 = m2 + b_m2 + delta * delta * (count * b_count / n);
    count = n;
  }
  static void merge(Partial& a, const Partial& b) {
    if (b.count == 0) return;
    if (a.count == 0) {
      a = b;
      return;
    }
    double mean = a.value.as<double>(), m2 = a.m2, count = static_cast<double>(a.count);
    join(mean, m2, count, b.value.as<double>(), b.m2, static_cast<double>(b.count));
    a = partial(mean, m2, a.count + b.count);
  }
  static Partial lane(const std::byte* region, int64_t second, int64_t k, int64_t count) {
    return partial(static_cast<double>(as<T>(region)[k]), static_cast<double>(as<T>(region + second)[k]), count);
  }
  static void store(const Partial& p, double ddof, std::byte* out) {
    const double divisor = std::max(static_cast<double>(p.count) - ddof, 0.0);
    const double v = (p.count == 0 ? 0.0 : p.m2) / divisor;
    *as<T>(out) = static_cast<T>(kRoot ? std::sqrt(v) : v);
  }
};

/// Where the mask of a partly filled strip's values lies.
const std::byte* mask_of(const std::byte* values) { return values + kStrip; }

/// The sum of selected elements; the second part has the lanes' counts, in T.
template <class T, bool kMean>
struct MaskedSum : Simple<T, Sum<T>, kMean> {
  using Base = Simple<T, Sum<T>, kMean>;
  static void start(std::byte* region, int64_t lanes, int64_t second) {
    Base::start(region, lanes, second);
    std::fill_n(as<T>(region + second), lanes, T(0));
  }
  static void add(std::byte* region, int64_t lanes, int64_t second, const std::byte* values, int64_t first,
                  int64_t count) {
    each_lane_run(lanes, first, count, [&](int64_t lane, int64_t from, int64_t run, int64_t) {
      for (int64_t k = 0; k < run; ++k) {
        if (mask_of(values)[from + k] == std::byte{0}) continue;
        as<T>(region)[lane + k] += as<T>(values)[from + k];
        as<T>(region + second)[lane + k] += 1;
      }
    });
  }
  static Partial finish(const std::byte* region, int64_t lanes, int64_t second, int64_t count) {
    Partial p = Base::finish(region, lanes, second, count);
    p.count = 0;
    for (int64_t k = 0; k < lanes; ++k) p.count += static_cast<int64_t>(as<T>(region + second)[k]);
    return p;
  }
};

/// The moments of selected elements; the third part has the lanes' counts, in T.
template <class T, bool kRoot>
struct MaskedMoments : Moments<T, kRoot> {
  using Base = Moments<T, kRoot>;
  static void start(std::byte* region, int64_t lanes, int64_t second) {
    Base::start(region, lanes, second);
    std::fill_n(as<T>(region + 2 * second), lanes, T(0));
  }
  static void add(std::byte* region, int64_t lanes, int64_t second, const std::byte* values, int64_t first,
                  int64_t count) {
    each_lane_run(lanes, first, count, [&](int64_t lane, int64_t from, int64_t run, int64_t) {
      for (int64_t k = 0; k < run; ++k) {
        if (mask_of(values)[from + k] == std::byte{0}) continue;
        const T x = as<T>(values)[from + k];
        T &mean = as<T>(region)[lane + k], &m2 = as<T>(region + second)[lane + k];
        T& n = as<T>(region + 2 * second)[lane + k];
        n += 1;
        const T delta = x - mean;
        mean += delta / n;
        m2 += delta * (x - mean);
      }
    });
  }
  static Partial finish(const std::byte* region, int64_t lanes, int64_t second, int64_t) {
    Partial p[kFixedPartials];
    for (int64_t k = 0; k < lanes; ++k)
      p[k] = Base::partial(static_cast<double>(as<T>(region)[k]), static_cast<double>(as<T>(region + second)[k]),
                           static_cast<int64_t>(as<T>(region + 2 * second)[k]));
    tree(lanes, [&p](int64_t half, int64_t m) {
      for (int64_t k = 0; k < m; ++k) Base::merge(p[k], p[k + half]);
    });
    return p[0];
  }
};

/// Index of the first extreme, or of the first NaN. Lane counters are as wide as T.
template <class T, class R>
struct Arg {
  using Count = std::conditional_t<
      sizeof(T) == 1, uint8_t,
      std::conditional_t<sizeof(T) == 2, uint16_t, std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>>>;
  static bool better(T a, T b) { return either(R::before(a, b), is_nan(a) > is_nan(b)); }
  static Partial partial(T v, int64_t index, int64_t count) {
    Partial p;
    p.value = Scalar::of<T>(v);
    p.index = index;
    p.count = count;
    return p;
  }
  static void start(std::byte* region, int64_t lanes, int64_t second) {
    std::fill_n(as<T>(region), lanes, R::identity());
    std::fill_n(as<Count>(region + second), lanes, Count(0));
  }
  static void add(std::byte* region, int64_t lanes, int64_t second, const std::byte* values, int64_t first,
                  int64_t count) {
    each_lane_run(lanes, first, count, [&](int64_t lane, int64_t from, int64_t run, int64_t before) {
      T* best = as<T>(region) + lane;
      Count* at = as<Count>(region + second) + lane;
      const T* x = as<T>(values) + from;
      for (int64_t k = 0; k < run; ++k) {
        const bool wins = better(x[k], best[k]);
        best[k] = wins ? x[k] : best[k];
        at[k] = wins ? static_cast<Count>(before) : at[k];
      }
    });
  }
  static Partial finish(const std::byte* region, int64_t lanes, int64_t second, int64_t count) {
    const T* value = as<T>(region);
    const Count* at = as<Count>(region + second);
    const int64_t n = std::max<int64_t>(1, std::min(lanes, count));
    const T best = fold_lanes(value, n, [](T a, T b) { return better(b, a) ? b : a; });
    // The first of those that the best is no better than: of those with the least counter the first lane.
    Count least = std::numeric_limits<Count>::max();
    for (int64_t k = 0; k < n; ++k) {
      const auto counter = static_cast<Count>(at[k] | -static_cast<Count>(better(best, value[k])));  // or the most
      least = counter < least ? counter : least;
    }
    int64_t lane = 0;
    while (better(best, value[lane]) || at[lane] != least) ++lane;
    const int64_t index = static_cast<int64_t>(least) * lanes + lane;
    return partial(best, index, count);
  }
  static void merge(Partial& a, const Partial& b) {
    if (b.count == 0) return;
    const int64_t count = a.count + b.count;
    if (a.count == 0) {
      a = b;
    } else {
      const T x = a.value.as<T>(), y = b.value.as<T>();
      const bool tie = !better(x, y) && !better(y, x);
      if (better(y, x) || (tie && b.index < a.index)) a = b;
    }
    a.count = count;
  }
  static Partial lane(const std::byte* region, int64_t second, int64_t k, int64_t count) {
    return partial(as<T>(region)[k], static_cast<int64_t>(as<Count>(region + second)[k]), count);
  }
  static void store(const Partial& p, double, std::byte* out) { *as<int64_t>(out) = p.index; }
};

template <class K>
void store_lanes(const std::byte* region, int64_t second, int64_t first, int64_t n, int64_t count, double ddof,
                 std::byte* out, int64_t step) {
  for (int64_t k = 0; k < n; ++k) K::store(K::lane(region, second, first + k, count), ddof, out + k * step);
}

template <class K>
Fold fold_of(int64_t lanes, int64_t parts, int64_t item, const Partial& empty) {
  const int64_t second = (lanes * item + 63) / 64 * 64;
  return {lanes,    parts * second, second,   K::start,       K::add, K::finish,
          K::merge, K::lane,        K::store, store_lanes<K>, empty};
}

template <class T, class R, bool kMean = false>
Fold simple(int width, int64_t natural) {
  const int64_t lanes = natural > 0 ? natural : R::kFixed ? kFixedPartials : kStrip >> width;
  return fold_of<Simple<T, R, kMean>>(lanes, 1, sizeof(T), Simple<T, R, kMean>::partial(R::identity(), 0));
}

template <class T, class R>
Fold arg(int width, int64_t natural) {
  return fold_of<Arg<T, R>>(natural > 0 ? natural : kStrip >> width, 2, sizeof(T), Partial{});
}

}  // namespace

Fold make_fold(Op op, DType t, int width, int64_t natural) {
  return visit(t, [&](auto zero) -> Fold {
    using T = std::conditional_t<std::is_same_v<decltype(zero), bool>, uint8_t, decltype(zero)>;
    using F = std::conditional_t<std::is_floating_point_v<T>, T, double>;
    const int64_t moments = natural > 0 ? natural : kFixedPartials;
    switch (op) {
      case Op::reduce_min:
        return simple<T, Min<T>>(width, natural);
      case Op::reduce_max:
        return simple<T, Max<T>>(width, natural);
      case Op::reduce_nanmin:
        return simple<T, FMin<T>>(width, natural);
      case Op::reduce_nanmax:
        return simple<T, FMax<T>>(width, natural);
      case Op::reduce_prod:
        return simple<T, Product<T>>(width, natural);
      case Op::reduce_any:
        return simple<T, Any<T>>(width, natural);
      case Op::reduce_all:
        return simple<T, All<T>>(width, natural);
      case Op::reduce_mean:
        return simple<F, Sum<F>, true>(width, natural);
      case Op::reduce_var:
        return fold_of<Moments<F, false>>(moments, 2, sizeof(F), Partial{});
      case Op::reduce_std:
        return fold_of<Moments<F, true>>(moments, 2, sizeof(F), Partial{});
      case Op::reduce_argmin:
        return arg<T, Min<T>>(width, natural);
      case Op::reduce_argmax:
        return arg<T, Max<T>>(width, natural);
      default:
        return simple<T, Sum<T>>(width, natural);
    }
  });
}

Fold make_masked_fold(Op op, DType t) {
  return visit(t, [&](auto zero) -> Fold {
    using T = std::conditional_t<std::is_floating_point_v<decltype(zero)>, decltype(zero), double>;
    switch (op) {
      case Op::reduce_var:
        return fold_of<MaskedMoments<T, false>>(kFixedPartials, 3, sizeof(T), Partial{});
      case Op::reduce_std:
        return fold_of<MaskedMoments<T, true>>(kFixedPartials, 3, sizeof(T), Partial{});
      case Op::reduce_mean:
        return fold_of<MaskedSum<T, true>>(kFixedPartials, 2, sizeof(T), Partial{});
      default:
        return fold_of<MaskedSum<T, false>>(kFixedPartials, 2, sizeof(T), Partial{});
    }
  });
}

}  // namespace lazulite
