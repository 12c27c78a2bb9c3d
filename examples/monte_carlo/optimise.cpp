// The simplex method.
#include "examples/monte_carlo/optimise.h"

#include <algorithm>

namespace lazulite::monte_carlo {

constexpr double kStep = 0.5;         // from the start, along each axis
constexpr double kTolerance = 1e-10;  // between the values at the corners
constexpr int kMostSteps = 1000;

static bool lower(const Corner& a, const Corner& b) { return a.first < b.first; }

/// from + t (to - from)
static Vector along(const Vector& from, double t, const Vector& to, const Vector& base) {
  Vector x;
  for (size_t i = 0; i < from.size(); ++i) x.push_back(base[i] + t * (to[i] - from[i]));
  return x;
}

Corner minimise(const std::function<double(const Vector&)>& f, const Vector& start) {
  const size_t n = start.size();
  std::vector<Corner> simplex;
  for (size_t k = 0; k <= n; ++k) {
    Vector x = start;
    if (k > 0) x[k - 1] += kStep;
    simplex.emplace_back(f(x), x);
  }
  for (int step = 0; step < kMostSteps; ++step) {
    std::stable_sort(simplex.begin(), simplex.end(), lower);
    const double best = simplex[0].first, second_worst = simplex[n - 1].first;
    const Corner worst = simplex[n];
    if (worst.first - best <= kTolerance) break;
    Vector centre;
    for (size_t i = 0; i < n; ++i) {
      double total = 0.0;
      for (size_t k = 0; k < n; ++k) total += simplex[k].second[i];
      centre.push_back(total / static_cast<double>(n));
    }
    const auto beyond = [&](double t) {
      const Vector x = along(worst.second, t, centre, centre);
      return Corner(f(x), x);
    };
    const Corner reflected = beyond(1.0);
    if (reflected.first < best) {
      const Corner expanded = beyond(2.0);
      simplex[n] = expanded.first < reflected.first ? expanded : reflected;
    } else if (reflected.first < second_worst) {
      simplex[n] = reflected;
    } else {
      const bool outside = reflected.first < worst.first;
      const Corner contracted = beyond(outside ? 0.5 : -0.5);
      if (outside ? contracted.first <= reflected.first : contracted.first < worst.first) {
        simplex[n] = contracted;
        continue;
      }
      const Vector at = simplex[0].second;
      for (size_t k = 1; k <= n; ++k) {
        const Vector x = along(at, 0.5, simplex[k].second, at);
        simplex[k] = Corner(f(x), x);
      }
    }
  }
  return *std::min_element(simplex.begin(), simplex.end(), lower);
}

}  // namespace lazulite::monte_carlo
