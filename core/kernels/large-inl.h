// The vector side of the op table's large rows (see ops-inl.h), and the shape of their stages.
#if defined(LZ_LARGE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_LARGE_INL
#undef LZ_LARGE_INL
#else
#define LZ_LARGE_INL
#endif

#include "core/kernels/binary-inl.h"
#include "core/kernels/division-inl.h"
#include "core/kernels/integers-inl.h"
#include "core/kernels/math-inl.h"
#include "core/kernels/ops-inl.h"
#include "core/kernels/register.h"

namespace lazulite {
namespace HWY_NAMESPACE {

#define LZ_LARGE(id, loops, rule, ulp, vec, ref) LZ_VEC_OF(id, (vec), V a, V b)
#include "core/ops/large.def"

/// As ElementaryBody, of two arguments: a loop over the accumulator in slot 0, with the other argument from memory, or
/// one value. `reversed`: the accumulator is the second argument.
template <class F, class T, int N, From other, bool reversed>
struct LargeBody {
  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    std::byte* scratch = slots[0];
    const Argument<T, other> argument(slots, ip, 0);
    LZ_EACH(N, StoreVector(FromReg<uint8_t>(v[i]), scratch, i));
#if defined(__clang__)
#pragma clang loop unroll(disable)
#endif
    for (int k = 0; k < N; ++k) {
      const auto a = LoadVector<T>(scratch, k), b = argument.at(v, k);
      StoreVector(reversed ? F::apply(Tag<T>(), b, a) : F::apply(Tag<T>(), a, b), scratch, k);
    }
    // The registers beyond N hold nothing: reloading something frees them in the loop.
    LZ_EACH(8, v[i] = LoadVector<uint8_t>(scratch, i < N ? i : 0).raw);
  }
};

template <Op op, DType t, int lw = log2_size(t)>
void AddLargeOp(StageTable& table) {
  using F = VecOf<op>;
  using T = Lane<t>;
  constexpr int N = (8 << log2_size(t)) >> lw;
  const auto set = [&](Form form, StageFn stage) { table.op[int(op)][int(form)][int(t)][lw] = stage; };
  set(Form::AM, StagePointer<LargeBody<F, T, N, From::memory, false>>());
  set(Form::MA, StagePointer<LargeBody<F, T, N, From::memory, true>>());
  set(Form::AS, StagePointer<LargeBody<F, T, N, From::scalar, false>>());
  set(Form::SA, StagePointer<LargeBody<F, T, N, From::scalar, true>>());
  if constexpr (lw < 3) AddLargeOp<op, t, lw + 1>(table);
}

/// The large rows that have a loop on t.
template <DType t>
void AddLarge(StageTable& table) {
#define LZ_LARGE(id, loops, ...) \
  if constexpr (contains(loops, t)) AddLargeOp<Op::id, t>(table);
#include "core/ops/large.def"
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_LARGE_INL
