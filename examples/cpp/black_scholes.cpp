// Prices of a million European calls by Black and Scholes (1973), in one pass over memory.
#include <lazulite/lazulite.h>

#include <chrono>
#include <cmath>
#include <cstdio>

namespace lz = lazulite;

int main() {
  constexpr int64_t n = 1'000'000;
  lz::random::generator rng = lz::random::default_rng(1);
  const lz::array<double, 1> spot = rng.uniform(n, 50, 150), strike = rng.uniform(n, 50, 150),
                             years = rng.uniform(n, 0.1, 3);
  const double rate = 0.02, volatility = 0.3;

  // Nothing is computed on these lines.
  const auto root = volatility * sqrt(years);
  const auto d1 = (log(spot / strike) + (rate + volatility * volatility / 2) * years) / root;
  const auto call = spot * ndtr(d1) - strike * exp(-rate * years) * ndtr(d1 - root);

  lz::array<double, 1> price({n});
  price = call;  // the first time, threads start
  const auto start = std::chrono::steady_clock::now();
  price = call;
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::printf("%.2f ns a price, mean %.4f\n", seconds.count() / n * 1e9, mean(price));

  // One of them by the C library.
  const double r = volatility * std::sqrt(years(7)),
               d = (std::log(spot(7) / strike(7)) + (rate + volatility * volatility / 2) * years(7)) / r;
  const auto phi = [](double x) { return std::erfc(-x * std::sqrt(0.5)) / 2; };
  const double expected = spot(7) * phi(d) - strike(7) * std::exp(-rate * years(7)) * phi(d - r);
  std::printf("number 7: %.12f, by the C library %.12f\n", price(7), expected);
  return std::fabs(price(7) - expected) < 1e-10 ? 0 : 1;
}
