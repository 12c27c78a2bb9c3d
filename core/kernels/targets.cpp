// The table of the SIMD targets. Built without any target's flags: it runs on every processor.
#include "core/kernels/targets.h"

#include "core/kernels/processor.h"

namespace lazulite {

// Each target's table, defined in fill.cpp under that target's flags.
#define LZ_DECLARE(target, name)  \
  namespace N_##target {          \
    void fill_table(StageTable&); \
  }
LZ_SIMD_TARGETS(LZ_DECLARE)
#undef LZ_DECLARE

// Eigen's, defined in decompositions_solve.cpp: for a target without FMA and one with it.
#if defined(__x86_64__)
namespace eigen_sse4 {
const Decompositions& decompositions();
}
namespace eigen_avx2 {
const Decompositions& decompositions();
}
#else
namespace eigen_neon {
const Decompositions& decompositions();
}
#endif

namespace {

#define LZ_ENTRY(target, name) {name, &N_##target::fill_table},
const Target kTargets[] = {LZ_SIMD_TARGETS(LZ_ENTRY)};
#undef LZ_ENTRY

}  // namespace

const std::vector<const Target*>& compiled_targets() {
  static const std::vector<const Target*> list = [] {
    std::vector<const Target*> all;
    for (const Target& t : kTargets) all.push_back(&t);
    return all;
  }();
  return list;
}

const std::vector<const Target*>& supported_targets() {
  static const std::vector<const Target*> list = [] {
    const auto& all = compiled_targets();
    return std::vector<const Target*>(all.end() - processor::level(), all.end());
  }();
  return list;
}

const Decompositions& decompositions_of([[maybe_unused]] const Target& target) {
#if defined(__x86_64__)
  return target.fill == &N_SSE4::fill_table ? eigen_sse4::decompositions() : eigen_avx2::decompositions();
#else
  return eigen_neon::decompositions();
#endif
}

const Target* find_target(std::string_view target_name) {
  for (const Target* t : supported_targets()) {
    if (target_name.empty() || target_name == t->name) return t;
  }
  return nullptr;
}

}  // namespace lazulite
