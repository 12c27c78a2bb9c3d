// Uses the installed library as its quick start says.
#include <lazulite/lazulite.h>

#include <cmath>
#include <cstdio>
#include <vector>

namespace lz = lazulite;

double other(const lz::array<double, 2>& a);  // in another translation unit

int main() {
  lz::array<double, 2> a({30, 40});
  for (int i = 0; i < 30; ++i)
    for (int j = 0; j < 40; ++j) a(i, j) = 0.1 * i - 0.2 * j;
  const auto y = exp(a) * 2.0 + 1.0;
  const lz::array<double, 2> r = y;
  std::vector<double> v(40);
  lz::as_view(v) = r(3, lz::all);
  bool ok = std::fabs(v[5] - (2 * std::exp(a(3, 5)) + 1)) < 1e-12 && std::fabs(other(a) - sum(y)) < 1e-9;
  try {
    a = lz::array<double, 2>({7, 3}, 1.0) + 1.0;
    ok = false;
  } catch (const lz::shape_error& e) {
    std::printf("%s\n", e.what());
  }
  std::printf("%s\n", ok ? "ok" : "wrong");
  return ok ? 0 : 1;
}
