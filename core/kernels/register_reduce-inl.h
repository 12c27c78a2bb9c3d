// Enters the stages of reductions into a StageTable.
#if defined(LZ_REGISTER_REDUCE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_REGISTER_REDUCE_INL
#undef LZ_REGISTER_REDUCE_INL
#else
#define LZ_REGISTER_REDUCE_INL
#endif

#include "core/kernels/reduce-inl.h"
#include "core/kernels/register-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// The stages of the reductions that dtype t has, for every width.
template <DType t, int lw = log2_size(t)>
void AddReductions(StageTable& table) {
  using T = Lane<t>;
  constexpr int N = kVectors<t, lw>;
  const auto set = [&](Op op, StageFn stage) { table.reduce[int(op)][int(t)][lw] = stage; };
  set(Op::reduce_min, StagePointer<MergeBody<VecOf<Op::minimum>, T, N>>());
  set(Op::reduce_max, StagePointer<MergeBody<VecOf<Op::maximum>, T, N>>());
  set(Op::reduce_argmin, StagePointer<ArgBody<T, N, false>>());
  set(Op::reduce_argmax, StagePointer<ArgBody<T, N, true>>());
  if constexpr (t == DType::bool_) {
    set(Op::reduce_any, StagePointer<MergeBody<VecOf<Op::logical_or>, T, N>>());
    set(Op::reduce_all, StagePointer<MergeBody<VecOf<Op::logical_and>, T, N>>());
  } else if constexpr (is_integer(t)) {
    set(Op::reduce_sum, StagePointer<MergeBody<VecOf<Op::add>, T, N>>());
    set(Op::reduce_prod, StagePointer<MergeBody<VecOf<Op::multiply>, T, N>>());
  } else {
    set(Op::reduce_nanmin, StagePointer<MergeBody<VecOf<Op::fmin>, T, N>>());
    set(Op::reduce_nanmax, StagePointer<MergeBody<VecOf<Op::fmax>, T, N>>());
    set(Op::reduce_sum, StagePointer<FixedBody<VecOf<Op::add>, T, N>>());
    set(Op::reduce_prod, StagePointer<FixedBody<VecOf<Op::multiply>, T, N>>());
    set(Op::reduce_mean, StagePointer<FixedBody<VecOf<Op::add>, T, N>>());
    set(Op::reduce_var, StagePointer<MomentsBody<T, N>>());
    set(Op::reduce_std, StagePointer<MomentsBody<T, N>>());
    const auto set_masked = [&](Op op, StageFn stage) { table.masked_reduce[int(op)][int(t)][lw] = stage; };
    set_masked(Op::reduce_sum, StagePointer<MaskedSumBody<T, N>>());
    set_masked(Op::reduce_mean, StagePointer<MaskedSumBody<T, N>>());
    set_masked(Op::reduce_var, StagePointer<MaskedMomentsBody<T, N>>());
    set_masked(Op::reduce_std, StagePointer<MaskedMomentsBody<T, N>>());
  }
  if constexpr (lw < 3) AddReductions<t, lw + 1>(table);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_REGISTER_REDUCE_INL
