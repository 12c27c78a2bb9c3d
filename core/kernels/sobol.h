// Sobol's sequence: the points' digits before scrambling. No SIMD types.
//
// Point i has in every dimension 32 binary digits: the sum modulo 2 of the direction numbers of the bits that are set
// in i's Gray code, i ^ (i >> 1) (Antonov and Saleev 1979), as SciPy orders the points.
#pragma once

#include <cstdint>

namespace lazulite {

/// The 32 direction numbers of a dimension below kSobolDimensions: bit k of a number is its digit k + 1 behind the
/// point. (Digits are kept lowest first because scrambling carries from the upper digits to the lower ones.)
const uint32_t* sobol_directions(int dimension);

}  // namespace lazulite
