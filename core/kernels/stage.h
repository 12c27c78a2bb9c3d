// The strip machine's binary interface: slots, instructions, forms and the table of stages. No SIMD types.
//
// A pass evaluates its expression over short strips. For one *step* the chain of instructions runs once: eight SIMD
// vectors, the accumulator, stay in registers from stage to stage; each stage applies one op and tail-calls the next.
// The last stage of a chain is `end`, which returns to the driver.
//
// Let W be the size in bytes of the widest dtype in the pass and B the target's vector size in bytes. One step is
// E = 8 * B / W elements; a value of dtype T fills N = 8 * sizeof(T) / W of the eight vectors (v0 .. v[N-1], in element
// order). A *strip* is 512 / W elements on every target: narrow targets take P = 64 / B steps (phases) for one.
// `bool` is a byte of 0 or 1, in memory and in vectors.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/graph/dtype.h"
#include "core/graph/ops.h"
#include "core/graph/program.h"
#include "core/kernels/matmul.h"

namespace lazulite {

/// A pointer that an instruction's operand names. The driver sets the table of slots and moves them from step to step.
using Slot = std::byte*;

/// An untyped stage; each target casts it to its own `void(Slot*, const Instruction*, V x 8)`.
using StageFn = void (*)();

/// One link of the chain. `operand[k]` are indices into the slot table.
struct Instruction {
  StageFn stage;
  uint32_t operand[4];
};
static_assert(sizeof(Instruction) == 24, "two and a half instructions to a cache line");

inline constexpr int kStripBytes = 512;  // bytes of one strip of the pass's widest dtype; also of every temporary
inline constexpr int kPartials = 64;     // float sums keep this many partial results on every target

/// Stages of two arithmetic ops, f then g, on one float dtype and width. Indices: f, g, then whether an operand is a
/// scalar (1) or memory (0); operands in the order x, y.
struct FusedStages {
  StageFn pair[kArithmetics][kArithmetics][2][2];   // g(f(acc, x), y)
  StageFn start[kArithmetics][kArithmetics][2][2];  // g(f(a, x), y), a = operand[0] in memory
  StageFn tree[kArithmetics][kArithmetics][2];      // g(acc, f(x, y)), x in memory
  /// operand[2] steps of Horner's rule, f(acc * m, s) and g(acc * m, s) in turn: m = operand[0] in memory, the scalars
  /// in the slots from operand[1] on; f and g not multiply.
  StageFn horner[kArithmetics][kArithmetics];
};

/// One target's stages. Lookups return nullptr where the table has no such stage. `width` is log2(W).
struct StageTable {
  /// op stages (unary, binary, test, compare, where), by op, form, dtype of the *loop* and log2(W).
  StageFn op[kOps][kForms][kMaxDTypes][4];
  /// By dtype (0: float32, 1: float64) and log2(W).
  FusedStages fused[2][4];
  /// casts: acc of dtype from -> acc of dtype to.
  StageFn cast[kMaxDTypes][kMaxDTypes][4];
  /// By log2(N): acc = N vectors from slot[operand[0]]; slot[operand[0]] = N vectors of acc (acc is kept).
  StageFn load[4], store[4];
  /// As `store`, past the caches; slot aligned to 64 bytes.
  StageFn stream[4];
  /// acc = one value of the given log2(size), broadcast, by log2(N): splat[log2 size][log2 N].
  StageFn splat[4][4];
  /// reduce[op][dtype][log2 W]: merge acc into the partials at slot[operand[0]]; see core/kernels/reduce.h.
  StageFn reduce[kOps][kMaxDTypes][4];
  /// The same for float sums, means and moments over the elements that a mask selects: its bools at slot[operand[1]].
  StageFn masked_reduce[kOps][kMaxDTypes][4];
  /// Returns to the driver.
  StageFn end;
  /// Runs a chain once. Hides the vector type (and, in builds without tail calls, the loop over instructions).
  void (*run)(Slot* slots, const Instruction* first);
  /// Runs a chain `steps` times; after each, slots[k] += stride[k] for k < n_moving. What slots 1, ..., n_ahead read in
  /// steps to come is fetched into L2 meanwhile.
  void (*run_steps)(Slot* slots, const Instruction* first, int64_t steps, const int64_t* stride, int n_moving,
                    int n_ahead);
  /// Random draws, by stream, law and dtype (0: float32, 1: float64): writes `count` elements of a stream to `out`, the
  /// first of them element number `first`; see core/kernels/random.h.
  void (*fill[kStreams][kLaws][2])(const uint64_t key[2], uint64_t first, int64_t count, void* out);
  /// Matrix products, by dtype.
  MatmulKernel matmul[kMaxDTypes];
  /// Bytes in one vector: 16, 32 or 64.
  int vector_bytes;
};

/// One entry per target; `fill` runs only on a CPU that `supported` accepts.
struct Target {
  const char* name;  // "sse4", "avx2", "avx3", "avx3_dl", "neon"
  void (*fill)(StageTable&);
};

}  // namespace lazulite
