// Enters the stages of the op table's rows into a StageTable: for one dtype, every width and form.
#if defined(LZ_REGISTER_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_REGISTER_INL
#undef LZ_REGISTER_INL
#else
#define LZ_REGISTER_INL
#endif

#include "core/kernels/binary-inl.h"
#include "core/kernels/ops-inl.h"
#include "core/kernels/register.h"

namespace lazulite {
namespace HWY_NAMESPACE {

template <Op op, DType t, int lw = log2_size(t)>
void AddUnary(StageTable& table) {
  using F = VecOf<op>;
  table.op[int(op)][int(Form::A)][int(t)][lw] = StagePointer<UnaryBody<F, Lane<t>, kVectors<t, lw>>>();
  if constexpr (lw < 3) AddUnary<op, t, lw + 1>(table);
}

template <Op op, DType t, int lw = log2_size(t)>
void AddTest(StageTable& table) {
  using F = VecOf<op>;
  table.op[int(op)][int(Form::A)][int(t)][lw] = StagePointer<TestBody<F, Lane<t>, kVectors<t, lw>>>();
  if constexpr (lw < 3) AddTest<op, t, lw + 1>(table);
}

/// `Body` is BinaryBody or CompareBody.
template <template <class, class, int, From, From> class Body, Op op, DType t, int lw = log2_size(t)>
void AddBinary(StageTable& table) {
  using F = VecOf<op>;
  using T = Lane<t>;
  constexpr int N = kVectors<t, lw>;
  const auto set = [&](Form form, StageFn stage) { table.op[int(op)][int(form)][int(t)][lw] = stage; };
  set(Form::AM, StagePointer<Body<F, T, N, From::acc, From::memory>>());
  if constexpr (is_extreme(op) && is_float(t)) {
    set(Form::MA, StagePointer<Body<F, T, N, From::memory, From::acc>>());
    set(Form::AS, StagePointer<ExtremeBody<ExtremeOf<op>, T, N, From::acc, From::scalar>>());
    set(Form::SA, StagePointer<ExtremeBody<ExtremeOf<op>, T, N, From::scalar, From::acc>>());
    if constexpr (lw < 3) AddBinary<Body, op, t, lw + 1>(table);
    return;
  }
  set(Form::AS, StagePointer<Body<F, T, N, From::acc, From::scalar>>());
  if constexpr (commutes(op)) {
    set(Form::MA, StagePointer<Body<F, T, N, From::acc, From::memory>>());
    set(Form::SA, StagePointer<Body<F, T, N, From::acc, From::scalar>>());
  } else {
    set(Form::MA, StagePointer<Body<F, T, N, From::memory, From::acc>>());
    set(Form::SA, StagePointer<Body<F, T, N, From::scalar, From::acc>>());
  }
  if constexpr (begins_chains(op) && is_float(t)) {
    set(Form::MM, StagePointer<Body<F, T, N, From::memory, From::memory>>());
    set(Form::MS, StagePointer<Body<F, T, N, From::memory, From::scalar>>());
    set(Form::SM, StagePointer<Body<F, T, N, From::scalar, From::memory>>());
  }
  if constexpr (lw < 3) AddBinary<Body, op, t, lw + 1>(table);
}

/// All rows with a loop on t, but for the elementary functions and scalar rows.
template <DType t>
void AddRows(StageTable& table) {
#define LZ_UNARY(id, loops, ...) \
  if constexpr (contains(loops, t)) AddUnary<Op::id, t>(table);
#define LZ_TEST(id, loops, ...) \
  if constexpr (contains(loops, t)) AddTest<Op::id, t>(table);
#define LZ_BINARY(id, loops, ...) \
  if constexpr (contains(loops, t)) AddBinary<BinaryBody, Op::id, t>(table);
#define LZ_COMPARE(id, loops, ...) \
  if constexpr (contains(loops, t)) AddBinary<CompareBody, Op::id, t>(table);
#include "core/ops/simple.def"
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_REGISTER_INL
