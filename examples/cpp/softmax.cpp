// Softmax of the rows of a matrix: reductions with an axis kept, broadcast back.
#include <lazulite/lazulite.h>

#include <cmath>
#include <cstdio>

namespace lz = lazulite;

int main() {
  const lz::array<float, 2> x = lz::random::default_rng(3).normal<float>({1000, 512}, 0, 3);
  lz::array<float, 2> y({1000, 512});
  // Rows by rows, so that what one line writes the next one finds in the cache.
  lz::by_rows(
      [](const auto& to, const auto& from) {
        to = exp(from - max(from, 1, lz::keepdims));
        to /= sum(to, 1, lz::keepdims);
      },
      y, x);

  const float off = max(absolute(sum(y, 1) - 1));
  std::printf("row sums differ from 1 by at most %.2g; the largest probability is %.4f\n", static_cast<double>(off),
              static_cast<double>(max(y)));
  return off < 1e-5f ? 0 : 1;
}
