// Stages that fill and empty the accumulator: load, store, stream, splat.
#if defined(LZ_MEMORY_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MEMORY_INL
#undef LZ_MEMORY_INL
#else
#define LZ_MEMORY_INL
#endif

#include "core/kernels/simd-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

template <int N>
struct LoadBody {
  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    const std::byte* p = Operand(slots, ip, 0);
    LZ_EACH(N, v[i] = LoadVector<uint8_t>(p, i).raw);
  }
};

template <int N>
struct StoreBody {
  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    std::byte* p = Operand(slots, ip, 0);
    LZ_EACH(N, StoreVector(FromReg<uint8_t>(v[i]), p, i));
  }
};

template <int N>
struct StreamBody {
  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    uint8_t* p = reinterpret_cast<uint8_t*>(Operand(slots, ip, 0));
    LZ_EACH(N, hn::Stream(FromReg<uint8_t>(v[i]), Tag<uint8_t>(), p + i * kVectorBytes));
  }
};

template <class T, int N>
struct SplatBody {
  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    const Reg value = ToReg(Broadcast<T>(Operand(slots, ip, 0)));
    LZ_EACH(N, v[i] = value);
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MEMORY_INL
