// Folding partials to results, one template per kind of reduction.
#include "core/dispatch/fold.h"

#include <cmath>
#include <limits>
#include <type_traits>

#include "core/graph/program.h"

namespace lazulite {

namespace {

constexpr int64_t kFixedPartials = 64;  // kPartials of the strip machine
constexpr int64_t kStrip = 512;

template <class T>
bool is_nan(T v) {
  if constexpr (std::is_floating_point_v<T>) return std::isnan(v);
  return false;
}

/// What joins two values of a simple reduction (everything but moments and arguments).
template <class T>
struct Sum {
  static constexpr bool kFixed = std::is_floating_point_v<T>;
  static T identity() { return std::is_floating_point_v<T> ? T(-0.0) : T(0); }  // -0.0 + -0.0 == -0.0
  static T join(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) return a + b;
    return static_cast<T>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
  }
};
template <class T>
struct Min {
  static constexpr bool kFixed = false;
  static T identity() {
    return std::is_floating_point_v<T> ? std::numeric_limits<T>::infinity() : std::numeric_limits<T>::max();
  }
  static T join(T a, T b) { return is_nan(a) || a <= b ? a : b; }
};
template <class T>
struct Max {
  static constexpr bool kFixed = false;
  static T identity() {
    return std::is_floating_point_v<T> ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::lowest();
  }
  static T join(T a, T b) { return is_nan(a) || a >= b ? a : b; }
};
template <class T>
struct Any {
  static constexpr bool kFixed = false;
  static T identity() { return T(0); }
  static T join(T a, T b) { return static_cast<T>(a || b); }
};
template <class T>
struct All {
  static constexpr bool kFixed = false;
  static T identity() { return T(1); }
  static T join(T a, T b) { return static_cast<T>(a && b); }
};

template <class T>
T* as(std::byte* p) {
  return reinterpret_cast<T*>(p);
}
template <class T>
const T* as(const std::byte* p) {
  return reinterpret_cast<const T*>(p);
}

/// Merges partials k and k + half, for halves from the largest power of two down: a tree that depends on `n` only.
template <class P, class F>
P tree(P* p, int64_t n, F&& merge) {
  int64_t half = 1;
  while (half < n) half *= 2;
  for (half /= 2; half >= 1; half /= 2)
    for (int64_t k = 0; k + half < n && k < half; ++k) merge(p[k], p[k + half]);
  return p[0];
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
    for (int64_t k = 0; k < count; ++k) {
      T& p = as<T>(region)[(first + k) % lanes];
      p = R::join(p, as<T>(values)[k]);
    }
  }
  static Partial finish(const std::byte* region, int64_t lanes, int64_t, int64_t count) {
    T v[kStrip];
    const int64_t n = std::max<int64_t>(1, std::min(lanes, count));
    std::copy_n(as<T>(region), n, v);
    return partial(tree(v, n, [](T& a, T b) { a = R::join(a, b); }), count);
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
    for (int64_t k = 0; k < count; ++k) {
      const int64_t i = first + k;
      T& mean = as<T>(region)[i % lanes];
      T& m2 = as<T>(region + second)[i % lanes];
      const T x = as<T>(values)[k], delta = x - mean;
      mean += delta * (T(1) / static_cast<T>(i / lanes + 1));
      m2 += delta * (x - mean);
    }
  }
  static Partial finish(const std::byte* region, int64_t lanes, int64_t second, int64_t count) {
    Partial p[kFixedPartials];
    const int64_t n = std::max<int64_t>(1, std::min(lanes, count));
    for (int64_t k = 0; k < n; ++k) p[k] = lane(region, second, k, (count - k + lanes - 1) / lanes);
    return tree(p, n, [](Partial& a, const Partial& b) { merge(a, b); });
  }
  static void merge(Partial& a, const Partial& b) {
    if (b.count == 0) return;
    if (a.count == 0) {
      a = b;
      return;
    }
    const double na = static_cast<double>(a.count), nb = static_cast<double>(b.count), n = na + nb;
    const double ma = a.value.as<double>(), delta = b.value.as<double>() - ma;
    a = partial(ma + delta * (nb / n), a.m2 + b.m2 + delta * delta * (na * nb / n), a.count + b.count);
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

/// Index of the first extreme, or of the first NaN. Lane counters are as wide as T.
template <class T, class R>
struct Arg {
  using Count = std::conditional_t<
      sizeof(T) == 1, uint8_t,
      std::conditional_t<sizeof(T) == 2, uint16_t, std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>>>;
  static bool better(T a, T b) { return is_nan(a) ? !is_nan(b) : !is_nan(b) && a != b && R::join(a, b) == a; }
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
    for (int64_t k = 0; k < count; ++k) {
      const int64_t i = first + k;
      if (!better(as<T>(values)[k], as<T>(region)[i % lanes])) continue;
      as<T>(region)[i % lanes] = as<T>(values)[k];
      as<Count>(region + second)[i % lanes] = static_cast<Count>(i / lanes);
    }
  }
  static Partial finish(const std::byte* region, int64_t lanes, int64_t second, int64_t count) {
    Partial best = empty();
    for (int64_t k = 0; k < std::min(lanes, count); ++k) {
      Partial p = lane(region, second, k, 1);
      p.index = p.index * lanes + k;
      merge(best, p);
    }
    best.count = count;
    return best;
  }
  static Partial empty() { return Partial{}; }
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
Fold fold_of(int64_t lanes, int64_t parts, int64_t item, const Partial& empty) {
  const int64_t second = (lanes * item + 63) / 64 * 64;
  return {lanes, parts * second, second, K::start, K::add, K::finish, K::merge, K::lane, K::store, empty};
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

}  // namespace lazulite
