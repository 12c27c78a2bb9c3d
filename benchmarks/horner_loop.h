// A hand-written, fused Horner loop of degree 8, for every SIMD target.
#pragma once

#include <cstdint>

/// y[i] = c[0] x[i]^8 + ... + c[8] with separate multiplications and additions; n is a multiple of 32, memory aligned.
using HornerLoop = void (*)(const double* x, double* y, int64_t n, const double* c);

// One per target, named after Highway's namespaces.
namespace lazulite {
namespace N_SSE4 {
void horner_loop(const double* x, double* y, int64_t n, const double* c);
}
namespace N_AVX2 {
void horner_loop(const double* x, double* y, int64_t n, const double* c);
}
namespace N_AVX3 {
void horner_loop(const double* x, double* y, int64_t n, const double* c);
}
namespace N_AVX3_DL {
void horner_loop(const double* x, double* y, int64_t n, const double* c);
}
}  // namespace lazulite
