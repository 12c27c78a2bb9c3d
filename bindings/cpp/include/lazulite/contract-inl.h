// The kernels of contracted expressions.
#if defined(LZ_CONTRACT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_CONTRACT_INL
#undef LZ_CONTRACT_INL
#else
#define LZ_CONTRACT_INL
#endif

#include "lazulite/contract.h"
#include "lazulite/kernels-inl.h"

LAZULITE_BEGIN_TARGET

namespace lazulite {
namespace HWY_NAMESPACE {

template <detail::fusion how, class T, int E, class X, class Y, class Z>
struct Fuse {
  using value_type = T;
  static constexpr int lane = sizeof(T);
  X x;
  Y y;
  Z z;
  HWY_INLINE Fuse(const std::byte* const* p, const slot* s) : x(p, s), y(p, s), z(p, s) {}
  HWY_INLINE Group<T, E> get(int64_t at) const {
    const auto a = x.get(at), b = y.get(at), c = z.get(at);
    Group<T, E> out;
    if constexpr (how == detail::fusion::multiply_add) LZ_EACH(out.n, out.v[i] = hn::MulAdd(a.v[i], b.v[i], c.v[i]));
    if constexpr (how == detail::fusion::multiply_subtract)
      LZ_EACH(out.n, out.v[i] = hn::MulSub(a.v[i], b.v[i], c.v[i]));
    if constexpr (how == detail::fusion::negative_multiply_add)
      LZ_EACH(out.n, out.v[i] = hn::NegMulAdd(a.v[i], b.v[i], c.v[i]));
    return out;
  }
};

template <detail::fusion how, class A, class B, class C, int first, int number, int E>
struct KernelOf<detail::fused<how, A, B, C>, first, number, E> {
  using type = Fuse<how, typename C::value_type, E, Kernel<A, first, number, E>,
                    Kernel<B, first + A::leaves, number + A::numbers, E>,
                    Kernel<C, first + A::leaves + B::leaves, number + A::numbers + B::numbers, E>>;
};

}  // namespace HWY_NAMESPACE

}  // namespace lazulite

LAZULITE_END_TARGET

#endif  // LZ_CONTRACT_INL
