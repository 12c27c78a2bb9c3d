// Stages of `where`. It moves bits, so one stage serves every dtype of a size.
#include "core/kernels/register.h"
#include "core/kernels/where-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {
namespace {

template <DType t, int lw>
void Add(StageTable& table) {
  constexpr int N = kVectors<t, lw>;
  using T = Unsigned<Lane<t>>;
  constexpr From A = From::acc, M = From::memory, S = From::scalar;
  const auto set = [&](Form form, StageFn stage) {
    for (int u = 0; u < kDTypes; ++u) {
      if (log2_size(DType(u)) == log2_size(t)) table.op[int(Op::where)][int(form)][u][lw] = stage;
    }
  };
  set(Form::AMM, StagePointer<WhereBody<T, N, A, M, M>>());
  set(Form::AMS, StagePointer<WhereBody<T, N, A, M, S>>());
  set(Form::ASM, StagePointer<WhereBody<T, N, A, S, M>>());
  set(Form::ASS, StagePointer<WhereBody<T, N, A, S, S>>());
  set(Form::MAM, StagePointer<WhereBody<T, N, M, A, M>>());
  set(Form::MAS, StagePointer<WhereBody<T, N, M, A, S>>());
  set(Form::MMA, StagePointer<WhereBody<T, N, M, M, A>>());
  set(Form::MSA, StagePointer<WhereBody<T, N, M, S, A>>());
  if constexpr (lw < 3) Add<t, lw + 1>(table);
}

}  // namespace

void register_where(StageTable& table) {
  Add<DType::uint8, 0>(table);
  Add<DType::uint16, 1>(table);
  Add<DType::uint32, 2>(table);
  Add<DType::uint64, 3>(table);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
