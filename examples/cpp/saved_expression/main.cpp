// Prices options by an expression that was written in Python: saved_expression price.lz [AGAIN.lz]
#include <lazulite/graph.h>

#include <cstdio>
#include <exception>
#include <vector>

int main(int argc, char** argv) try {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s price.lz [AGAIN.lz]\n", argv[0]);
    return 2;
  }
  auto f = lazulite::load(argv[1]);
  std::vector<double> spot, vol;
  for (int k = 0; k <= 60; ++k) {
    spot.push_back(70 + k);
    vol.push_back(0.1 + 0.005 * k);
  }
  f.bind("spot", spot).bind("vol", vol);
  const std::vector<double> price = f.run<double>("price"), delta = f.run<double>("delta");
  for (std::size_t k = 0; k < spot.size(); k += 10)
    std::printf("spot %3.0f  vol %.3f  price %.17g  delta %.17g\n", spot[k], vol[k], price[k], delta[k]);
  if (argc > 2) f.save(argv[2]);  // with these inputs: lz.load(AGAIN)() gives the same prices in Python
  return 0;
} catch (const std::exception& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 1;
}
