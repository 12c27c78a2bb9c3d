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
/// AES.
const std::vector<const Target*>& supported_targets();

/// The best supported target for an empty name, else the supported target of that name; nullptr where there is none.
const Target* find_target(std::string_view target_name = {});

/// The decompositions that a target uses.
const Decompositions& decompositions_of(const Target& target);

/// What the worst compiled target needs, for the error message on a machine that has less.
inline constexpr std::string_view kLeastTarget = "SSE4.2 with AES and CLMUL";

}  // namespace lazulite
