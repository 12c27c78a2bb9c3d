// Folding partials to results, one template per kind of reduction.
#include "core/dispatch/fold.h"

#include <cmath>
#include <type_traits>

#include "core/dispatch/arg_extreme.h"
#include "core/dispatch/joins.h"
#include "core/dispatch/moments.h"
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

/// The values of n lanes in fold_tree's tree; a number that the compiler knows makes vectors of it.
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
  fold_tree(n, [&](int64_t half, int64_t m) {
    for (int64_t k = 0; k < m; ++k) v[k] = join(v[k], v[k + half]);
  });
  return v[0];
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

/// Means and sums of squared distances.
template <class T, bool kRoot>
struct MomentsFold {
  static MomentLanes<T> lanes_of(std::byte* region, int64_t second) { return {as<T>(region), as<T>(region + second)}; }
  static MomentLanes<T> lanes_of(const std::byte* region, int64_t second) {
    return lanes_of(const_cast<std::byte*>(region), second);
  }
  static Partial partial(const Moments& m) {
    Partial p;
    p.value = Scalar::of<double>(m.mean);
    p.m2 = m.m2;
    p.count = m.count;
    return p;
  }
  static Moments moments(const Partial& p) { return {p.value.as<double>(), p.m2, p.count}; }
  static void start(std::byte* region, int64_t lanes, int64_t second) { lanes_of(region, second).start(lanes); }
  static void add(std::byte* region, int64_t lanes, int64_t second, const std::byte* values, int64_t first,
                  int64_t count) {
    lanes_of(region, second).add(lanes, as<T>(values), first, count);
  }
  static Partial finish(const std::byte* region, int64_t lanes, int64_t second, int64_t count) {
    return partial(lanes_of(region, second).fold(lanes, count));
  }
  static void merge(Partial& a, const Partial& b) {
    Moments m = moments(a);
    m.merge(moments(b));
    a = partial(m);
  }
  static Partial lane(const std::byte* region, int64_t second, int64_t k, int64_t count) {
    return partial(lanes_of(region, second).lane(k, count));
  }
  static void store(const Partial& p, double ddof, std::byte* out) {
    const double v = moments(p).variance(ddof);
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
struct MaskedMoments : MomentsFold<T, kRoot> {
  using Base = MomentsFold<T, kRoot>;
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
      p[k] = Base::lane(region, second, k, static_cast<int64_t>(as<T>(region + 2 * second)[k]));
    fold_tree(lanes, [&p](int64_t half, int64_t m) {
      for (int64_t k = 0; k < m; ++k) Base::merge(p[k], p[k + half]);
    });
    return p[0];
  }
};

/// Index of the first extreme, or of the first NaN.
template <class T, class R>
struct Arg {
  using Extreme = ArgExtreme<T, R>;
  static ArgLanes<T, R> lanes_of(std::byte* region, int64_t second) {
    return {as<T>(region), as<typename ArgLanes<T, R>::Counter>(region + second)};
  }
  static ArgLanes<T, R> lanes_of(const std::byte* region, int64_t second) {
    return lanes_of(const_cast<std::byte*>(region), second);
  }
  static Partial partial(const Extreme& e) {
    Partial p;
    p.value = Scalar::of<T>(e.value);
    p.index = e.index;
    p.count = e.count;
    return p;
  }
  static Extreme extreme(const Partial& p) { return {p.value.as<T>(), p.index, p.count}; }
  static void start(std::byte* region, int64_t lanes, int64_t second) { lanes_of(region, second).start(lanes); }
  static void add(std::byte* region, int64_t lanes, int64_t second, const std::byte* values, int64_t first,
                  int64_t count) {
    lanes_of(region, second).add(lanes, as<T>(values), first, count);
  }
  static Partial finish(const std::byte* region, int64_t lanes, int64_t second, int64_t count) {
    const int64_t n = std::max<int64_t>(1, std::min(lanes, count));
    const T best = fold_lanes(as<T>(region), n, [](T a, T b) { return Extreme::better(b, a) ? b : a; });
    return partial(lanes_of(region, second).find(lanes, count, best));
  }
  static void merge(Partial& a, const Partial& b) {
    Extreme e = extreme(a);
    e.merge(extreme(b));
    a = partial(e);
  }
  static Partial lane(const std::byte* region, int64_t second, int64_t k, int64_t count) {
    return partial(lanes_of(region, second).lane(k, count));
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
        return fold_of<MomentsFold<F, false>>(moments, 2, sizeof(F), Partial{});
      case Op::reduce_std:
        return fold_of<MomentsFold<F, true>>(moments, 2, sizeof(F), Partial{});
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
