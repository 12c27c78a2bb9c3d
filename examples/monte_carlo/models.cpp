// The formulas of the models.
#include "examples/monte_carlo/models.h"

#include <algorithm>

namespace lazulite::monte_carlo {

static Array full(int64_t n, double value) { return make_full(DType::float64, {n}, Scalar::of(value)); }

/// Where a sum or a product over arrays starts.
static Array number(double value) { return full(1, value); }

Array array_of(const Vector& values) {
  std::byte* data = nullptr;
  const Array a = make_empty(DType::float64, {static_cast<int64_t>(values.size())}, &data);
  std::copy(values.begin(), values.end(), reinterpret_cast<double*>(data));
  return a;
}

double Basket::value() const {
  double total = 0.0;
  for (size_t i = 0; i < spots.size(); ++i) total += weights[i] * spots[i];
  return total;
}

template <class Contract>
static Array payoff(const Array& s, const Contract& o) {
  const Array gain = o.call ? s - o.strike : o.strike - s;
  return o.discount() * maximum(gain, 0.0);
}

Values pi(Draws& rng, int64_t n, const Keep& keep) {
  const Array x = rng.random(n);
  const Array y = rng.random(n);
  keep(x);
  keep(y);
  return {where(x * x + y * y < 1.0, 4.0, 0.0)};
}

Values european(Draws& rng, int64_t n, const Option& o, const Keep& keep) {
  const double drift = o.drift(), vol = o.vol();
  Array s = number(o.spot);
  keep(full(n, o.spot));
  for (int64_t t = 0; t < o.steps; ++t) {
    s = s * exp(drift + vol * rng.standard_normal(n));
    keep(s);
  }
  return {payoff(s, o), o.discount() * s};
}

Values asian(Draws& rng, int64_t n, const Option& o, const Keep& keep) {
  const double drift = o.drift(), vol = o.vol(), steps = static_cast<double>(o.steps);
  Array log_s = number(std::log(o.spot)), total = number(0.0), log_total = number(0.0);
  keep(full(n, o.spot));
  for (int64_t t = 0; t < o.steps; ++t) {
    log_s = log_s + (drift + vol * rng.standard_normal(n));
    const Array s = exp(log_s);
    total = total + s;
    log_total = log_total + log_s;
    keep(s);
  }
  return {payoff(total / steps, o), payoff(exp(log_total / steps), o)};
}

Values up_and_out(Draws& rng, int64_t n, const Option& o, const Keep& keep) {
  const double drift = o.drift(), vol = o.vol();
  Array s = number(o.spot), peak = s;
  keep(full(n, o.spot));
  for (int64_t t = 0; t < o.steps; ++t) {
    s = s * exp(drift + vol * rng.standard_normal(n));
    peak = maximum(peak, s);
    keep(s);
  }
  const Array vanilla = payoff(s, o);
  return {where(peak < o.barrier, vanilla, 0.0), vanilla};
}

Values basket(Draws& rng, int64_t n, const Basket& b, const Keep& keep) {
  std::vector<Array> z;
  for (size_t i = 0; i < b.assets.size(); ++i) z.push_back(rng.standard_normal(n));
  Array total = number(0.0), log_growth = number(0.0);
  for (size_t i = 0; i < b.assets.size(); ++i) {
    Array r = number(b.drift(i));
    for (size_t j = 0; j <= i; ++j) r = r + (b.vol(i) * b.factor[i][j]) * z[j];
    const Array s = b.spots[i] * exp(r);
    total = total + b.weights[i] * s;
    log_growth = log_growth + b.share(i) * r;
    keep(s);
  }
  return {payoff(total, b), payoff(b.value() * exp(log_growth), b)};
}

Values portfolio_loss(Draws& rng, int64_t n, const Portfolio& p, const Keep& keep) {
  std::vector<Array> z;
  for (size_t i = 0; i < p.assets.size(); ++i) z.push_back(rng.standard_normal(n));
  Array gain = number(0.0);
  for (size_t i = 0; i < p.assets.size(); ++i) {
    Array r = number(p.mean[i]);
    for (size_t j = 0; j <= i; ++j) r = r + p.factor[i][j] * z[j];
    gain = gain + p.holdings[i] * (p.log_returns ? exp(r) - 1.0 : r);
    keep(r);
  }
  return {-gain};
}

Array at(const Array& values, const Array& index) {
  std::byte* data = nullptr;
  const Array taken = make_empty(DType::float64, index.shape(), &data);
  compute({values, index});
  const Memory from = expose(values), where = expose(index);
  const auto* v = reinterpret_cast<const double*>(from.data);
  const auto* k = reinterpret_cast<const int64_t*>(where.data);
  auto* to = reinterpret_cast<double*>(data);
  for (int64_t i = 0; i < index.size(); ++i) to[i] = v[k[i]];
  return taken;
}

Values filtered_loss(Draws& rng, int64_t n, const Filtered& p, const Keep& keep) {
  const size_t assets = p.filters.size();
  std::vector<Array> residuals, variance, log_return;
  for (const Filter& f : p.filters) {
    residuals.push_back(array_of(f.residuals));
    variance.push_back(number(f.variance));
    log_return.push_back(number(0.0));
  }
  const auto past = static_cast<double>(p.filters[0].residuals.size());
  for (int64_t t = 0; t < p.horizon; ++t) {
    // One past day for all assets: they move together as they did then.
    const Array day = astype(floor(rng.random(n) * past), DType::int64);
    for (size_t i = 0; i < assets; ++i) {
      const Filter& f = p.filters[i];
      const Array shock = sqrt(variance[i]) * at(residuals[i], day);
      log_return[i] = log_return[i] + (f.mean + shock);
      variance[i] = f.omega + f.alpha * (shock * shock) + f.beta * variance[i];
    }
  }
  Array gain = number(0.0);
  for (size_t i = 0; i < assets; ++i) {
    gain = gain + p.holdings[i] * (exp(log_return[i]) - 1.0);
    keep(log_return[i]);
  }
  return {-gain};
}

}  // namespace lazulite::monte_carlo
