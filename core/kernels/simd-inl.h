// What every per-target file starts from: the Highway target check, the accumulator's register type, and stage linkage.
//
// Each target's files are compiled in an object library of their own with that target's flags (CMakeLists.txt), so
// there is one target per object file: no foreach_target, no attributes. Everything here lives in
// lazulite::HWY_NAMESPACE, which no other target shares.
#if defined(LZ_SIMD_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_SIMD_INL
#undef LZ_SIMD_INL
#else
#define LZ_SIMD_INL
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>

#include "core/kernels/stage.h"

// CMake names the target that the flags are meant to give; Highway derives its own from all the flags of the file.
#if defined(LAZULITE_HEADER_LIBRARY)
// The header library takes the target that the user's flags give (lazulite/target.h).
#elif !defined(LAZULITE_HWY_TARGET)
#error "LAZULITE_HWY_TARGET is not set: per-target files are built by core/kernels/CMakeLists.txt"
#elif HWY_STATIC_TARGET != LAZULITE_HWY_TARGET
#error "the compiler flags of this file do not give the Highway target that CMake asked for"
#endif

// Tail calls need an optimised build without sanitizers; other builds keep the accumulator in slot 0 between stages.
#ifndef LAZULITE_TAIL_CALLS
#define LAZULITE_TAIL_CALLS 1
#endif

namespace lazulite {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// A full vector of T, and its tag.
template <class T>
using Tag = hn::ScalableTag<T>;
template <class T>
using Vector = hn::Vec<Tag<T>>;

/// One register of the accumulator: the raw vector type, because compilers pass it in a register for certain.
using Reg = decltype(Vector<uint8_t>::raw);

inline constexpr size_t kVectorBytes = sizeof(Reg);
template <class T>
inline constexpr int kLanes = static_cast<int>(kVectorBytes / sizeof(T));

/// How a dtype's elements are held in vectors: bool as bytes of 0 or 1.
template <DType t>
struct LaneOf {
  using type = typename CTypeOf<t>::type;
};
template <>
struct LaneOf<DType::bool_> {
  using type = uint8_t;
};
template <DType t>
using Lane = typename LaneOf<t>::type;

/// Vectors that a value of dtype t fills when the widest dtype of the pass has 2^lw bytes.
template <DType t, int lw>
inline constexpr int kVectors = (8 << log2_size(t)) >> lw;

template <class T>
HWY_INLINE Vector<T> FromReg(Reg r) {
  return hn::BitCast(Tag<T>(), Vector<uint8_t>{r});
}
template <class V>
HWY_INLINE Reg ToReg(V v) {
  return hn::BitCast(Tag<uint8_t>(), v).raw;
}

/// `v` as the accumulator's next register, finished before the next vector's operands are loaded: compilers would
/// rather load all eight first, and spill.
template <class V>
HWY_INLINE Reg Result(V v) {
  Reg r = ToReg(v);
#if HWY_ARCH_X86
  asm volatile("" : "+v"(r) : : "memory");
#elif HWY_ARCH_ARM_A64
  asm volatile("" : "+w"(r) : : "memory");
#endif
  return r;
}

/// Unaligned load and store of vector number i of a slot. (Highway's pointers are typed; slots are bytes.)
template <class T>
HWY_INLINE Vector<T> LoadVector(const std::byte* p, int i = 0) {
  return FromReg<T>(hn::LoadU(Tag<uint8_t>(), reinterpret_cast<const uint8_t*>(p) + size_t(i) * kVectorBytes).raw);
}
template <class V>
HWY_INLINE void StoreVector(V v, std::byte* p, int i = 0) {
  hn::StoreU(hn::BitCast(Tag<uint8_t>(), v), Tag<uint8_t>(), reinterpret_cast<uint8_t*>(p) + size_t(i) * kVectorBytes);
}

/// One value in memory, in every lane.
template <class T>
HWY_INLINE Vector<T> Broadcast(const std::byte* p) {
  T value;
  __builtin_memcpy(&value, p, sizeof(T));
  return hn::Set(Tag<T>(), value);
}

/// Where operand k of an instruction lies.
HWY_INLINE std::byte* Operand(Slot* slots, const Instruction* ip, int k) { return slots[ip->operand[k]]; }

/// A stage: the eight vectors travel in the first eight vector registers of the calling convention.
using Stage = void (*)(Slot*, const Instruction*, Reg, Reg, Reg, Reg, Reg, Reg, Reg, Reg);

// Repeats the statements for the constant i = 0 .. N-1, N <= 8. A loop would leave unrolling to the optimiser, and the
// accumulator in memory where it declines.
#define LZ_EACH_ONE(k, N, ...)            \
  {                                       \
    [[maybe_unused]] constexpr int i = k; \
    if constexpr (i < (N)) {              \
      __VA_ARGS__;                        \
    }                                     \
  }
#define LZ_EACH(N, ...)            \
  do {                             \
    LZ_EACH_ONE(0, N, __VA_ARGS__) \
    LZ_EACH_ONE(1, N, __VA_ARGS__) \
    LZ_EACH_ONE(2, N, __VA_ARGS__) \
    LZ_EACH_ONE(3, N, __VA_ARGS__) \
    LZ_EACH_ONE(4, N, __VA_ARGS__) \
    LZ_EACH_ONE(5, N, __VA_ARGS__) \
    LZ_EACH_ONE(6, N, __VA_ARGS__) \
    LZ_EACH_ONE(7, N, __VA_ARGS__) \
  } while (false)

#if defined(__clang__) && LAZULITE_TAIL_CALLS
#define LZ_MUSTTAIL [[clang::musttail]]
#else
#define LZ_MUSTTAIL
#endif

/// The stage of a body: `Body::apply(slots, ip, v)` changes the accumulator v, then control passes to the next stage.
template <class Body>
void StageOf(Slot* slots, const Instruction* ip, Reg v0, Reg v1, Reg v2, Reg v3, Reg v4, Reg v5, Reg v6, Reg v7) {
  Reg v[8] = {v0, v1, v2, v3, v4, v5, v6, v7};
  Body::apply(slots, ip, v);
#if LAZULITE_TAIL_CALLS
  const auto next = reinterpret_cast<Stage>(ip[1].stage);
  LZ_MUSTTAIL return next(slots, ip + 1, v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]);
#else
  LZ_EACH(8, StoreVector(FromReg<uint8_t>(v[i]), slots[0], i));
#endif
}

template <class Body>
StageFn StagePointer() {
  return reinterpret_cast<StageFn>(&StageOf<Body>);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_SIMD_INL
