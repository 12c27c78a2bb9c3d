// A second translation unit: what the header defines may be defined twice.
#include <lazulite/lazulite.h>

double other(const lazulite::array<double, 2>& a) { return sum(exp(a) * 2.0 + 1.0); }
