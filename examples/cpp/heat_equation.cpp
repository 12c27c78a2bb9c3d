// Heat in a square plate with one hot side: explicit steps by slices, and a picture, heat.pgm.
#include <lazulite/lazulite.h>

#include <cstdio>

namespace lz = lazulite;

int main() {
  constexpr int64_t n = 256;
  using lz::all, lz::range, lz::unbounded;
  lz::array<float, 2> now({n, n}, 0.0f);
  now(0, all) = 1.0f;  // the hot side
  lz::array<float, 2> next = now;

  const range inner(1, -1), before(0, -2), after(2, unbounded);
  for (int step = 0; step < 4000; ++step) {
    next(inner, inner) = 0.25f * (now(before, inner) + now(after, inner) + now(inner, before) + now(inner, after));
    now = next;
  }
  const float change = max(absolute(
      now(inner, inner) - 0.25f * (now(before, inner) + now(after, inner) + now(inner, before) + now(inner, after))));
  std::printf("mean %.4f, largest change in a step %.2g\n", static_cast<double>(mean(now)),
              static_cast<double>(change));

  // Shades of grey, darker where it is cold; the square root shows the far side, too.
  const lz::array<uint8_t, 2> shades = lz::astype<uint8_t>(255 * sqrt(now) + 0.5f);
  std::FILE* file = std::fopen("heat.pgm", "wb");
  if (!file) return 1;
  std::fprintf(file, "P5 %d %d 255\n", static_cast<int>(n), static_cast<int>(n));
  std::fwrite(shades.data(), 1, static_cast<size_t>(shades.size()), file);
  std::fclose(file);
  std::printf("wrote heat.pgm\n");
  return change < 1e-3f ? 0 : 1;
}
