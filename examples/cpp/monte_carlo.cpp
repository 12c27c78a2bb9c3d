// An Asian option by Monte-Carlo: the draws are made inside the passes that use them, and are those of the Python
// package.
#include <lazulite/lazulite.h>

#include <cmath>
#include <cstdio>

namespace lz = lazulite;

int main() {
  constexpr int64_t paths = 200'000;
  constexpr int months = 12;
  const double spot = 100, strike = 100, rate = 0.02, volatility = 0.3, dt = 1.0 / months;
  const double drift = (rate - volatility * volatility / 2) * dt, step = volatility * std::sqrt(dt);

  lz::random::generator rng = lz::random::default_rng(42);
  lz::array<double, 1> s({paths}, spot), total({paths}, 0.0);
  for (int month = 0; month < months; ++month) {
    const auto after = s * exp(drift + step * rng.standard_normal(paths));
    lz::tie(s, total) = lz::pack(after, total + after);  // both in one pass
  }
  const auto payoff = std::exp(-rate) * maximum(total / months - strike, 0);
  const double price = mean(payoff), spread = std::sqrt(mean(square(payoff - price)) / paths);
  std::printf("arithmetic Asian call: %.4f +- %.4f\n", price, spread);
  return std::fabs(price - 7.763) < 0.15 ? 0 : 1;  // NumPy, a million paths: 7.763 +- 0.012
}
