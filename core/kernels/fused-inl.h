// Stages of two arithmetic ops: fewer jumps, and fewer values that go through memory. Both ops round, as in NumPy.
#if defined(LZ_FUSED_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_FUSED_INL
#undef LZ_FUSED_INL
#else
#define LZ_FUSED_INL
#endif

#include "core/kernels/binary-inl.h"
#include "core/kernels/register.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// f(a, b) of an Arithmetic.
template <Arithmetic f, class V>
HWY_INLINE V Compute(V a, V b) {
  if constexpr (f == Arithmetic::add) return a + b;
  if constexpr (f == Arithmetic::subtract) return a - b;
  if constexpr (f == Arithmetic::subtract_from) return b - a;
  if constexpr (f == Arithmetic::multiply) return a * b;
}

/// g(f(a, x), y): a pair of a chain, or with `a` in memory too the start of one.
template <class T, int N, Arithmetic f, Arithmetic g, From from_a, From from_x, From from_y>
struct PairBody {
  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    constexpr int first = from_a == From::acc ? 0 : 1;
    const Argument<T, from_a> a(slots, ip, 0);
    const Argument<T, from_x> x(slots, ip, first);
    const Argument<T, from_y> y(slots, ip, first + 1);
    LZ_EACH(N, v[i] = Result(Compute<g>(Compute<f>(a.at(v, i), x.at(v, i)), y.at(v, i))));
  }
};

/// g(acc, f(x, y)): a right-hand tree.
template <class T, int N, Arithmetic f, Arithmetic g, From from_x, From from_y>
struct TreeBody {
  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    const Argument<T, from_x> x(slots, ip, 0);
    const Argument<T, from_y> y(slots, ip, 1);
    LZ_EACH(N, v[i] = Result(Compute<g>(FromReg<T>(v[i]), Compute<f>(x.at(v, i), y.at(v, i)))));
  }
};

/// acc = f(acc * m, s), with f and g in turn and the scalars of a run of slots: as many steps of Horner's rule as the
/// instruction says.
template <class T, int N, Arithmetic f, Arithmetic g>
struct HornerBody {
  /// The eight vectors of m stay in registers where those of the accumulator leave room.
  static constexpr bool kRoom = HWY_ARCH_ARM_A64 || (HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3);

  template <Arithmetic op>
  static HWY_INLINE void step(Reg (&v)[8], const Reg (&x)[8], const Argument<T, From::memory>& m, const Slot* scalar) {
    const Vector<T> s = Broadcast<T>(*scalar);
    LZ_EACH(N, {
      const Vector<T> xi = kRoom ? FromReg<T>(x[i]) : m.at(v, i);
      v[i] = Result(Compute<op>(FromReg<T>(v[i]) * xi, s));
    });
  }

  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    const Argument<T, From::memory> m(slots, ip, 0);
    const Slot* scalar = slots + ip->operand[1];
    const Slot* const end = scalar + ip->operand[2];
    Reg x[8];
    if constexpr (kRoom) LZ_EACH(N, x[i] = ToReg(m.at(v, i)));
    for (;;) {
      step<f>(v, x, m, scalar);
      if (++scalar == end) return;
      step<g>(v, x, m, scalar);
      if (++scalar == end) return;
    }
  }
};

/// Enters g after f for one dtype and width.
template <class T, int N, Arithmetic f, Arithmetic g>
void AddFusedOps(FusedStages& table) {
  constexpr From M = From::memory, S = From::scalar, A = From::acc;
  auto& pair = table.pair[int(f)][int(g)];
  pair[0][0] = StagePointer<PairBody<T, N, f, g, A, M, M>>();
  pair[0][1] = StagePointer<PairBody<T, N, f, g, A, M, S>>();
  pair[1][0] = StagePointer<PairBody<T, N, f, g, A, S, M>>();
  pair[1][1] = StagePointer<PairBody<T, N, f, g, A, S, S>>();
  auto& start = table.start[int(f)][int(g)];
  start[0][0] = StagePointer<PairBody<T, N, f, g, M, M, M>>();
  start[0][1] = StagePointer<PairBody<T, N, f, g, M, M, S>>();
  start[1][0] = StagePointer<PairBody<T, N, f, g, M, S, M>>();
  start[1][1] = StagePointer<PairBody<T, N, f, g, M, S, S>>();
  auto& tree = table.tree[int(f)][int(g)];
  tree[0] = StagePointer<TreeBody<T, N, f, g, M, M>>();
  tree[1] = StagePointer<TreeBody<T, N, f, g, M, S>>();
  if constexpr (f != Arithmetic::multiply && g != Arithmetic::multiply)
    table.horner[int(f)][int(g)] = StagePointer<HornerBody<T, N, f, g>>();
}

template <class T, int N, Arithmetic f>
void AddFusedFirst(FusedStages& table) {
  AddFusedOps<T, N, f, Arithmetic::add>(table);
  AddFusedOps<T, N, f, Arithmetic::subtract>(table);
  AddFusedOps<T, N, f, Arithmetic::subtract_from>(table);
  AddFusedOps<T, N, f, Arithmetic::multiply>(table);
}

template <class T, int N>
void AddFused(FusedStages& table) {
  AddFusedFirst<T, N, Arithmetic::add>(table);
  AddFusedFirst<T, N, Arithmetic::subtract>(table);
  AddFusedFirst<T, N, Arithmetic::subtract_from>(table);
  AddFusedFirst<T, N, Arithmetic::multiply>(table);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_FUSED_INL
