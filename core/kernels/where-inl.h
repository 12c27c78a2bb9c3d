// Stages of `where`: elements of x where the bool condition is true, else of y. Only the size of T matters.
#if defined(LZ_WHERE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_WHERE_INL
#undef LZ_WHERE_INL
#else
#define LZ_WHERE_INL
#endif

#include "core/kernels/binary-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

template <class T, int N, From from_cond, From from_x, From from_y>
struct WhereBody {
  static_assert((from_cond == From::acc) + (from_x == From::acc) + (from_y == From::acc) == 1);

  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    constexpr int kX = from_cond == From::acc ? 0 : 1;
    const Argument<T, from_x> x(slots, ip, kX);
    const Argument<T, from_y> y(slots, ip, from_x == From::acc || from_y == From::acc ? 1 : kX + 1);
    if constexpr (from_cond == From::acc) {
      constexpr int kSize = sizeof(T);
      // One register of bools decides kSize vectors; the last group comes first, so that no bools are overwritten.
      LZ_EACH(N / kSize, {
        constexpr int group = N / kSize - 1 - i;
        Choose<group>(MaskSource<T>(v[group]), x, y, v);
      });
    } else {
      const std::byte* cond = Operand(slots, ip, 0);
      LZ_EACH(N, v[i] = Result(hn::IfThenElse(LoadMask<T>(cond + i * kLanes<T>), x.at(v, i), y.at(v, i))));
    }
  }

  template <int group, class X, class Y>
  static HWY_INLINE void Choose(const MaskSource<T> mask, const X& x, const Y& y, Reg (&v)[8]) {
    constexpr int first = group * static_cast<int>(sizeof(T));
    LZ_EACH(static_cast<int>(sizeof(T)),
            v[first + i] = Result(hn::IfThenElse(mask.template at<i>(), x.at(v, first + i), y.at(v, first + i))));
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_WHERE_INL
