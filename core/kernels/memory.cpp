// Stages of loads and stores, the end of a chain, and the loops that run chains.
#include "core/kernels/memory-inl.h"
#include "core/kernels/register.h"

namespace lazulite {
namespace HWY_NAMESPACE {
namespace {

void End(Slot*, const Instruction*, Reg, Reg, Reg, Reg, Reg, Reg, Reg, Reg) {}
const StageFn kEnd = reinterpret_cast<StageFn>(&End);

HWY_INLINE void RunOnce(Slot* slots, const Instruction* first) {
#if LAZULITE_TAIL_CALLS
  // The first stage of a chain fills the accumulator: what the registers hold before does not matter.
  Reg a, b, c, d, e, f, g, h;
#if HWY_ARCH_X86
  asm volatile("" : "=v"(a), "=v"(b), "=v"(c), "=v"(d), "=v"(e), "=v"(f), "=v"(g), "=v"(h));
#elif HWY_ARCH_ARM_A64
  asm volatile("" : "=w"(a), "=w"(b), "=w"(c), "=w"(d), "=w"(e), "=w"(f), "=w"(g), "=w"(h));
#else
  a = b = c = d = e = f = g = h = hn::Zero(Tag<uint8_t>()).raw;
#endif
  reinterpret_cast<Stage>(first->stage)(slots, first, a, b, c, d, e, f, g, h);
#else
  const Reg zero = hn::Zero(Tag<uint8_t>()).raw;
  Reg v[8] = {zero, zero, zero, zero, zero, zero, zero, zero};
  for (const Instruction* ip = first; ip->stage != kEnd; ++ip) {
    reinterpret_cast<Stage>(ip->stage)(slots, ip, v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]);
    LZ_EACH(8, v[i] = LoadVector<uint8_t>(slots[0], i).raw);
  }
#endif
}

/// To be called where vector code returns to code of the baseline. Where vectors travel in registers from function to
/// function, compilers don't do it, and Intel's cores then take a hundred cycles for the first SSE instruction and for
/// the next VEX one (Intel 64 and IA-32 Architectures Optimization Reference Manual, "Mixing AVX Code with SSE Code").
HWY_INLINE void ClearUpperHalves() {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2
  _mm256_zeroupper();
#endif
}

void Run(Slot* slots, const Instruction* first) {
  RunOnce(slots, first);
  ClearUpperHalves();
}

/// How far ahead of its use an operand is fetched into L2. The caches' own prefetchers follow a few lines only and stop
/// at the end of a page, and a strip of arithmetic is too long for the core to look past it. From 4 to 32 KiB it hardly
/// matters; 1 KiB gains half as much. Into L1 it gains less: fetches wait with the streamed stores for its fill
/// buffers.
constexpr int64_t kAheadBytes = 8192;
constexpr int64_t kLineBytes = 64;

void RunSteps(Slot* slots, const Instruction* first, int64_t steps, const int64_t* stride, int n_moving, int n_ahead) {
  for (int64_t s = 0; s < steps; ++s) {
    for (int k = 1; k <= n_ahead; ++k)
      for (int64_t at = 0; at < stride[k]; at += kLineBytes) __builtin_prefetch(slots[k] + kAheadBytes + at, 0, 2);
    RunOnce(slots, first);
    for (int k = 0; k < n_moving; ++k) slots[k] += stride[k];
  }
  ClearUpperHalves();
}

template <int log2_n>
void Add(StageTable& table) {
  constexpr int N = 1 << log2_n;
  table.load[log2_n] = StagePointer<LoadBody<N>>();
  table.store[log2_n] = StagePointer<StoreBody<N>>();
  table.stream[log2_n] = StagePointer<StreamBody<N>>();
  table.splat[0][log2_n] = StagePointer<SplatBody<uint8_t, N>>();
  table.splat[1][log2_n] = StagePointer<SplatBody<uint16_t, N>>();
  table.splat[2][log2_n] = StagePointer<SplatBody<uint32_t, N>>();
  table.splat[3][log2_n] = StagePointer<SplatBody<uint64_t, N>>();
}

}  // namespace

void register_memory(StageTable& table) {
  Add<0>(table);
  Add<1>(table);
  Add<2>(table);
  Add<3>(table);
  table.end = kEnd;
  table.run = &Run;
  table.run_steps = &RunSteps;
  table.vector_bytes = static_cast<int>(kVectorBytes);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
