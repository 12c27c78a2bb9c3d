// Stages that merge the accumulator into partial results; core/kernels/reduce.h folds those. All keep the accumulator.
//
// operand[0] is the slot of the partials. Most ops use the natural layout: N vectors, merged lane by lane, which the
// driver moves along from phase to phase of a strip (and back). Float sums and moments keep kPartials = 64 partials
// whatever the target: element i of a strip goes to partial i mod 64, so a step longer than 64 elements folds.
#if defined(LZ_REDUCE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_REDUCE_INL
#undef LZ_REDUCE_INL
#else
#define LZ_REDUCE_INL
#endif

#include "core/kernels/binary-inl.h"
#include "core/kernels/ops-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// partial = F(partial, acc), natural layout.
template <class F, class T, int N>
struct MergeBody {
  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    std::byte* p = Operand(slots, ip, 0);
    LZ_EACH(N, StoreVector(F::apply(Tag<T>(), LoadVector<T>(p, i), FromReg<T>(v[i])), p, i));
  }
};

/// Vectors that 64 partials of T take; a step of more vectors folds onto them.
template <class T>
inline constexpr int kPartialVectors = kPartials / kLanes<T>;

/// Float sum or product: at most two groups of 64 elements in a step, joined in order.
template <class F, class T, int N>
struct FixedBody {
  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    constexpr int P = kPartialVectors<T>;
    static_assert(N <= 2 * P);
    std::byte* p = Operand(slots, ip, 0);
    LZ_EACH(N < P ? N : P, {
      auto joined = F::apply(Tag<T>(), LoadVector<T>(p, i), FromReg<T>(v[i]));
      if constexpr (i + P < N) joined = F::apply(Tag<T>(), joined, FromReg<T>(v[i + P]));
      StoreVector(joined, p, i);
    });
  }
};

/// Welford's update of 64 means (at operand[0]) and sums of squared differences (64 elements on). operand[1] is an
/// array of T: the reciprocals of the counts, the first group of 64 included, the second included.
template <class T, int N>
struct MomentsBody {
  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    constexpr int P = kPartialVectors<T>;
    static_assert(N <= 2 * P);
    std::byte* mean_at = Operand(slots, ip, 0);
    std::byte* m2_at = mean_at + kPartials * sizeof(T);
    const std::byte* reciprocals = Operand(slots, ip, 1);
    LZ_EACH(N < P ? N : P, {
      auto mean = LoadVector<T>(mean_at, i);
      auto m2 = LoadVector<T>(m2_at, i);
      Update(FromReg<T>(v[i]), Broadcast<T>(reciprocals), mean, m2);
      if constexpr (i + P < N) Update(FromReg<T>(v[i + P]), Broadcast<T>(reciprocals + sizeof(T)), mean, m2);
      StoreVector(mean, mean_at, i);
      StoreVector(m2, m2_at, i);
    });
  }
  /// Separate roundings, so that every target gives the same bits.
  static HWY_INLINE void Update(Vector<T> x, Vector<T> reciprocal, Vector<T>& mean, Vector<T>& m2) {
    const auto delta = x - mean;
    mean = mean + delta * reciprocal;
    m2 = m2 + delta * (x - mean);
  }
};

/// Float sum of selected elements: the sums at operand[0], their counts (in T) 64 elements on, the mask at operand[1].
template <class T, int N>
struct MaskedSumBody {
  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    constexpr int P = kPartialVectors<T>;
    static_assert(N <= 2 * P);
    std::byte* sum_at = Operand(slots, ip, 0);
    std::byte* count_at = sum_at + kPartials * sizeof(T);
    const std::byte* mask = Operand(slots, ip, 1);
    LZ_EACH(N < P ? N : P, {
      auto sum = LoadVector<T>(sum_at, i);
      auto count = LoadVector<T>(count_at, i);
      Update(FromReg<T>(v[i]), LoadMask<T>(mask + i * kLanes<T>), sum, count);
      if constexpr (i + P < N) Update(FromReg<T>(v[i + P]), LoadMask<T>(mask + (i + P) * kLanes<T>), sum, count);
      StoreVector(sum, sum_at, i);
      StoreVector(count, count_at, i);
    });
  }
  static HWY_INLINE void Update(Vector<T> x, hn::Mask<Tag<T>> selected, Vector<T>& sum, Vector<T>& count) {
    const Tag<T> d;
    sum = sum + hn::IfThenElse(selected, x, hn::Set(d, T(-0.0)));
    count = count + hn::IfThenElseZero(selected, hn::Set(d, T(1)));
  }
};

/// Welford's update of the lanes whose element is selected: means at operand[0], then sums of squared differences, then
/// counts, 64 elements each; the mask at operand[1].
template <class T, int N>
struct MaskedMomentsBody {
  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    constexpr int P = kPartialVectors<T>;
    static_assert(N <= 2 * P);
    std::byte* at = Operand(slots, ip, 0);
    const std::byte* mask = Operand(slots, ip, 1);
    LZ_EACH(N < P ? N : P, {
      Update(FromReg<T>(v[i]), LoadMask<T>(mask + i * kLanes<T>), at + i * kVectorBytes);
      if constexpr (i + P < N)
        Update(FromReg<T>(v[i + P]), LoadMask<T>(mask + (i + P) * kLanes<T>), at + i * kVectorBytes);
    });
  }
  static HWY_INLINE void Update(Vector<T> x, hn::Mask<Tag<T>> selected, std::byte* mean_at) {
    std::byte* m2_at = mean_at + kPartials * sizeof(T);
    std::byte* count_at = m2_at + kPartials * sizeof(T);
    // One after the other: together they need more registers than narrow targets have besides the accumulator's.
    const auto count = LoadVector<T>(count_at), more = count + hn::Set(Tag<T>(), T(1));
    StoreVector(hn::IfThenElse(selected, more, count), count_at);
    const auto mean = LoadVector<T>(mean_at), delta = x - mean, moved = mean + delta / more;
    StoreVector(hn::IfThenElse(selected, moved, mean), mean_at);
    const auto m2 = LoadVector<T>(m2_at);
    StoreVector(hn::IfThenElse(selected, m2 + delta * (x - moved), m2), m2_at);
  }
};

/// Arg-extremes, natural layout: operand[0] the best values, operand[1] for each the number of its strip (unsigned, as
/// wide as T), operand[2] this strip's number (uint64, low bytes used). The first of equals stays; a first NaN wins.
template <class T, int N, bool is_max>
struct ArgBody {
  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    using U = Unsigned<T>;
    std::byte* best_at = Operand(slots, ip, 0);
    std::byte* index_at = Operand(slots, ip, 1);
    const auto strip = Broadcast<U>(Operand(slots, ip, 2));
    LZ_EACH(N, {
      const auto best = LoadVector<T>(best_at, i);
      const auto x = FromReg<T>(v[i]);
      const auto better = Better(x, best);
      StoreVector(hn::IfThenElse(better, x, best), best_at, i);
      StoreVector(hn::IfThenElse(hn::RebindMask(Tag<U>(), better), strip, LoadVector<U>(index_at, i)), index_at, i);
    });
  }
  static HWY_INLINE hn::Mask<Tag<T>> Better(Vector<T> x, Vector<T> best) {
    const auto strict = is_max ? best < x : x < best;
    // NaN beats numbers: "not (best compares with x the other way or equal)", where best itself is no NaN.
    if constexpr (hwy::IsFloat<T>()) return hn::Or(strict, hn::AndNot(hn::IsNaN(best), hn::IsNaN(x)));
    if constexpr (!hwy::IsFloat<T>()) return strict;
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_REDUCE_INL
