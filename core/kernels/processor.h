// Detection of the SIMD targets, by CPUID or the kernel's word. Needs no target's flags: it runs on every processor.
#pragma once

#include <cstdint>
#include <initializer_list>

#if defined(__x86_64__)
#include <cpuid.h>
#else
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace lazulite::processor {

#if defined(__x86_64__)

struct Registers {
  uint32_t a = 0, b = 0, c = 0, d = 0;
};

inline Registers cpuid(uint32_t leaf, uint32_t subleaf = 0) {
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
inline uint64_t saved_states() {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t{high} << 32) | low;
}

/// How many of the targets, from the worst up, the processor has: 0: none; 1: sse4; 2: avx2; 3: avx3; 4: avx3_dl. The
/// instruction sets are those of the flags in CMakeLists.txt.
inline int level() {
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
inline int level() {
  constexpr unsigned long kNeeded = HWCAP_AES | HWCAP_PMULL;
  return (getauxval(AT_HWCAP) & kNeeded) == kNeeded ? 1 : 0;
}

#endif

}  // namespace lazulite::processor
