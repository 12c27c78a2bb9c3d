// Which SIMD targets this build has and this machine can run.
#pragma once

#include <string_view>
#include <vector>

#include "core/kernels/decompositions.h"
#include "core/kernels/stage.h"

namespace lazulite {

/// Every target compiled in, best first.
const std::vector<const Target*>& compiled_targets();

/// Those that the processor and the operating system support, best first. Empty on a processor older than SSE4 with
/// AES, or without ARM's AES instructions.
const std::vector<const Target*>& supported_targets();

/// The best supported target for an empty name, else the supported target of that name; nullptr where there is none.
const Target* find_target(std::string_view target_name = {});

/// The decompositions that a target uses.
const Decompositions& decompositions_of(const Target& target);

// The targets of this architecture, best first, as X(Highway's name, ours); and what the worst of them needs, for the
// error message on a machine that has less.
#if defined(__x86_64__)
#define LZ_SIMD_TARGETS(X) X(AVX3_DL, "avx3_dl") X(AVX3, "avx3") X(AVX2, "avx2") X(SSE4, "sse4")
inline constexpr std::string_view kLeastTarget = "SSE4.2 with AES and CLMUL";
#elif defined(__aarch64__)
#define LZ_SIMD_TARGETS(X) X(NEON, "neon")
inline constexpr std::string_view kLeastTarget = "the AES instructions of ARMv8";
#else
#error "no SIMD target for this architecture yet"
#endif

}  // namespace lazulite
