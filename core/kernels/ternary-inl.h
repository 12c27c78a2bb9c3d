// The vector side of the op table's rows of three arguments (see ops-inl.h), and the shape of their stages.
#if defined(LZ_TERNARY_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_TERNARY_INL
#undef LZ_TERNARY_INL
#else
#define LZ_TERNARY_INL
#endif

#include "core/kernels/binary-inl.h"
#include "core/kernels/math-inl.h"
#include "core/kernels/ops-inl.h"
#include "core/kernels/register.h"

namespace lazulite {
namespace HWY_NAMESPACE {

#define LZ_TERNARY(id, loops, rule, ulp, vec, ref) LZ_VEC_OF(id, (vec), V a, V b, V x)
#include "core/ops/ternary.def"

/// As LargeBody, of three arguments, of which one is the accumulator.
template <class F, class T, int N, From from_a, From from_b, From from_x>
struct TernaryBody {
  static_assert((from_a == From::acc) + (from_b == From::acc) + (from_x == From::acc) == 1);
  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    std::byte* scratch = slots[0];
    constexpr int kB = from_a == From::acc ? 0 : 1;
    const Argument<T, from_a> a(slots, ip, 0);
    const Argument<T, from_b> b(slots, ip, kB);
    const Argument<T, from_x> x(slots, ip, 1);
    LZ_EACH(N, StoreVector(FromReg<uint8_t>(v[i]), scratch, i));
    const auto at = [&](const auto& argument, auto from, int k) HWY_ATTR {
      if constexpr (decltype(from)::value == From::acc) {
        return LoadVector<T>(scratch, k);
      } else {
        return argument.at(v, k);
      }
    };
#if defined(__clang__)
#pragma clang loop unroll(disable)
#endif
    for (int k = 0; k < N; ++k) {
      StoreVector(
          F::apply(Tag<T>(), at(a, std::integral_constant<From, from_a>(), k),
                   at(b, std::integral_constant<From, from_b>(), k), at(x, std::integral_constant<From, from_x>(), k)),
          scratch, k);
    }
    // The registers beyond N hold nothing: reloading something frees them in the loop.
    LZ_EACH(8, v[i] = LoadVector<uint8_t>(scratch, i < N ? i : 0).raw);
  }
};

template <Op op, DType t, int lw = log2_size(t)>
void AddTernaryOp(StageTable& table) {
  using F = VecOf<op>;
  using T = Lane<t>;
  constexpr int N = (8 << log2_size(t)) >> lw;
  constexpr From A = From::acc, M = From::memory, S = From::scalar;
  const auto set = [&](Form form, StageFn stage) { table.op[int(op)][int(form)][int(t)][lw] = stage; };
  set(Form::AMM, StagePointer<TernaryBody<F, T, N, A, M, M>>());
  set(Form::AMS, StagePointer<TernaryBody<F, T, N, A, M, S>>());
  set(Form::ASM, StagePointer<TernaryBody<F, T, N, A, S, M>>());
  set(Form::ASS, StagePointer<TernaryBody<F, T, N, A, S, S>>());
  set(Form::MAM, StagePointer<TernaryBody<F, T, N, M, A, M>>());
  set(Form::MAS, StagePointer<TernaryBody<F, T, N, M, A, S>>());
  set(Form::MMA, StagePointer<TernaryBody<F, T, N, M, M, A>>());
  set(Form::MSA, StagePointer<TernaryBody<F, T, N, M, S, A>>());
  if constexpr (lw < 3) AddTernaryOp<op, t, lw + 1>(table);
}

/// The rows of three arguments.
template <DType t>
void AddTernary(StageTable& table) {
#define LZ_TERNARY(id, ...) AddTernaryOp<Op::id, t>(table);
#include "core/ops/ternary.def"
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_TERNARY_INL
