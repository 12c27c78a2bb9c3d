// Detection of the SIMD targets, by CPUID or the kernel's word. Built without any target's flags: it runs on every
// processor.
#include "core/kernels/targets.h"

#include <cstdint>

#if defined(__x86_64__)
#include <cpuid.h>
#else
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

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

#if defined(__x86_64__)

struct Registers {
  uint32_t a = 0, b = 0, c = 0, d = 0;
};

Registers cpuid(uint32_t leaf, uint32_t subleaf = 0) {
  Registers r;
  if (__get_cpuid_count(leaf, subleaf, &r.a, &r.b, &r.c, &r.d) == 0) r = Registers();
  return r;
}

constexpr uint32_t bits(std::initializer_list<int> which) {
  uint32_t set = 0;
  for (int b : which) set |= uint32_t{1} << b;
  return set;
}
constexpr bool has(uint32_t value, uint32_t needed) { return (value & needed) == needed; }

/// The register states that the operating system saves.
uint64_t saved_states() {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t{high} << 32) | low;
}

/// How many of the targets, from the worst up, the processor has: 0: none; 1: sse4; 2: avx2; 3: avx3; 4: avx3_dl. The
/// instruction sets are those of the flags in CMakeLists.txt.
int level() {
  const Registers f1 = cpuid(1), f7 = cpuid(7), extended = cpuid(0x80000001);
  // SSE3, PCLMULQDQ, SSSE3, CX16, SSE4.1, SSE4.2, POPCNT, AES.
  if (!has(f1.c, bits({0, 1, 9, 13, 19, 20, 23, 25}))) return 0;
  // FMA, MOVBE, OSXSAVE, AVX, F16C; BMI, AVX2, BMI2; LZCNT.
  if (!has(f1.c, bits({12, 22, 27, 28, 29})) || !has(f7.b, bits({3, 5, 8})) || !has(extended.c, bits({5}))) return 1;
  const uint64_t states = saved_states();
  if ((states & 0x6) != 0x6) return 1;
  // AVX512 F, DQ, CD, BW, VL; ADX, RDSEED, CLFLUSHOPT come with them.
  if ((states & 0xE0) != 0xE0 || !has(f7.b, bits({16, 17, 28, 30, 31}))) return 2;
  // VBMI, VBMI2, GFNI, VAES, VPCLMULQDQ, VNNI, BITALG, VPOPCNTDQ; IFMA.
  if (!has(f7.c, bits({1, 6, 8, 9, 10, 11, 12, 14})) || !has(f7.b, bits({21}))) return 3;
  return 4;
}

#else

/// 0: none; 1: neon with AES. (SIMD itself is in the architecture's baseline.)
int level() {
  constexpr unsigned long kNeeded = HWCAP_AES | HWCAP_PMULL;
  return (getauxval(AT_HWCAP) & kNeeded) == kNeeded ? 1 : 0;
}

#endif

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
    return std::vector<const Target*>(all.end() - level(), all.end());
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
