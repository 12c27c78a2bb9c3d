// Runs an expression that Python saved (tests/cpp/corpus/saved/black_scholes) by the installed lazulite::core, and
// saves it back: saved FILE AGAIN
#include <lazulite/graph.h>

#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <vector>

int main(int, char** argv) {
  const std::vector<double> spot = {80, 100, 125}, vol = {0.1, 0.2, 0.3};
  auto f = lazulite::load(argv[1]);
  for (const auto& input : f.inputs()) std::printf("%s %s\n", input.name.c_str(), lazulite::graph::name(input.type));
  f.bind("spot", spot).bind("vol", vol);
  const std::vector<double> price = f.run<double>("price"), delta = f.run<double>("delta");
  f.save(argv[2]);  // with these inputs
  const auto again = lazulite::load(argv[2]);
  bool ok = price.size() == 3 && again.run<double>("price") == price && again.run<double>("delta") == delta;
  for (std::size_t k = 0; k < price.size(); ++k) {
    // In the money, a call is worth more than what exercising it now would give, and never more than the share.
    ok = ok && price[k] > std::fmax(0, spot[k] - 100) && price[k] < spot[k] && delta[k] > 0 && delta[k] < 1;
    std::printf("%g %.17g %.17g\n", spot[k], price[k], delta[k]);
  }
  try {
    f.bind("spat", spot);
    ok = false;
  } catch (const std::invalid_argument& e) {
    std::printf("%s\n", e.what());
  }
  std::printf("%s\n", ok ? "ok" : "wrong");
  return ok ? 0 : 1;
}
