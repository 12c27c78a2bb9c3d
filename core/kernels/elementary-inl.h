// The vector side of the op table's elementary functions (see ops-inl.h), and the shape of their stages.
#if defined(LZ_ELEMENTARY_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_ELEMENTARY_INL
#undef LZ_ELEMENTARY_INL
#else
#define LZ_ELEMENTARY_INL
#endif

#include "core/kernels/math-inl.h"
#include "core/kernels/ops-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

#define LZ_ELEMENTARY(id, loops, rule, ulp, vec, ref) LZ_VEC_OF(id, (vec), V a)
#include "core/ops/elementary.def"

/// One copy of a large body, in a loop over the accumulator in slot 0 (512 bytes, aligned). Eight copies inline would
/// need more registers than there are beside the accumulator, on every target; measured, they are 0.05 ns an element
/// faster for exp and slower for log, at eight times the code.
template <class F, class T, int N>
struct ElementaryBody {
  static HWY_INLINE void apply(Slot* slots, const Instruction*, Reg (&v)[8]) {
    LZ_EACH(N, StoreVector(FromReg<uint8_t>(v[i]), slots[0], i));
    Again(slots[0], v);
  }
  /// Of what lies in `scratch`.
  static HWY_INLINE void Again(std::byte* scratch, Reg (&v)[8]) {
#if defined(__clang__)
#pragma clang loop unroll(disable)
#endif
    for (int k = 0; k < N; ++k) StoreVector(F::apply(Tag<T>(), LoadVector<T>(scratch, k)), scratch, k);
    // The registers beyond N hold nothing: reloading something frees them in the loop.
    LZ_EACH(8, v[i] = LoadVector<uint8_t>(scratch, i < N ? i : 0).raw);
  }
};

/// Exp and Exp2 without the loop, for AVX-512, whose 32 registers have room for the temporaries beside the accumulator:
/// as if all arguments were usual, and again where they were not. One check of all, at the end: instructions that wait
/// for the last vector would keep those of the first from the processor's window.
template <Base base, class F, class T, int N>
struct ExpBody {
  static HWY_INLINE void apply(Slot* slots, const Instruction*, Reg (&v)[8]) {
    const Tag<T> d;
    std::byte* scratch = slots[0];
    auto largest = hn::Zero(d);
    LZ_EACH(N, {
      const auto x = FromReg<T>(v[i]);
      StoreVector(x, scratch, i);
      largest = LargerMagnitude<T>(largest, x);
      v[i] = Result(ExpIn<base>(d, x, true));
    });
    if (HWY_UNLIKELY(!hn::AllTrue(d, ExpIsUsual<base>(d, largest)))) ElementaryBody<F, T, N>::Again(scratch, v);
  }
};

/// sin and cos of one argument: `first` of them stays in the accumulator, the other goes to memory.
template <Op first, class T, int N>
struct SinCosBody {
  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    std::byte* scratch = slots[0];
    std::byte* other = slots[ip->operand[0]];
    LZ_EACH(N, StoreVector(FromReg<uint8_t>(v[i]), scratch, i));
#if defined(__clang__)
#pragma clang loop unroll(disable)
#endif
    for (int k = 0; k < N; ++k) {
      const auto y = SinCos(Tag<T>(), LoadVector<T>(scratch, k));
      StoreVector(first == Op::sin ? y.sine : y.cosine, scratch, k);
      StoreVector(first == Op::sin ? y.cosine : y.sine, other, k);
    }
    LZ_EACH(8, v[i] = LoadVector<uint8_t>(scratch, i < N ? i : 0).raw);
  }
};

template <Op op, DType t, int lw = log2_size(t)>
void AddElementary(StageTable& table) {
  constexpr int N = (8 << log2_size(t)) >> lw;
  constexpr Base base = op == Op::exp2 ? Base::two : Base::e;
  using Body = std::conditional_t<(op == Op::exp || op == Op::exp2) && kVectorBytes == 64,
                                  ExpBody<base, VecOf<op>, Lane<t>, N>, ElementaryBody<VecOf<op>, Lane<t>, N>>;
  table.op[int(op)][int(Form::A)][int(t)][lw] = StagePointer<Body>();
  if constexpr (op == Op::sin || op == Op::cos)
    table.op[int(op)][int(Form::AB)][int(t)][lw] = StagePointer<SinCosBody<op, Lane<t>, N>>();
  if constexpr (lw < 3) AddElementary<op, t, lw + 1>(table);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_ELEMENTARY_INL
