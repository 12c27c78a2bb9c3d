// The inner loops of expressions: elementwise, and the two kinds of reduction.
#if defined(LZ_VECTORS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_VECTORS_INL
#undef LZ_VECTORS_INL
#else
#define LZ_VECTORS_INL
#endif

#include "lazulite/kernels-inl.h"
#include "lazulite/reduce.h"

LAZULITE_BEGIN_TARGET

#include "core/kernels/reduce-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// Elements that a step of an expression's loop makes: a vector of the narrowest type; of bools, whole vectors of
/// bytes.
template <class Node>
inline constexpr int kLeastElements = std::is_same_v<typename Node::value_type, bool>
                                          ? static_cast<int>(kVectorBytes)
                                          : static_cast<int>(kVectorBytes) / Node::narrow;
/// Cheap arithmetic takes several at a time, side by side: one long chain of operations after the other would fill the
/// processor's scheduler. As many as leave room for the operands of some pending operations in registers.
inline constexpr int kSideBySide = 2;
template <class... Node>
constexpr int Elements() {
  constexpr int least = detail::max_of({kLeastElements<Node>...});
  constexpr int widest = least * detail::max_of({Node::wide...}) / static_cast<int>(kVectorBytes);
  constexpr bool makes_bools = (std::is_same_v<typename Node::value_type, bool> || ...);
  return (Node::cost() + ...) < 0.8 && widest <= 2 && !makes_bools ? least * kSideBySide / widest : least;
}
template <class... Node>
inline constexpr int kElements = Elements<Node...>();
template <class Node>
using Root = Kernel<Node, 0, 0, kElements<Node>>;

/// A part of masks for lanes of S bytes: those of one vector of bytes.
template <int from, class M>
struct MasksFrom {
  const M& all;
  template <int i>
  HWY_INLINE auto at() const {
    return all.m[from + i];
  }
};

template <int E, class K>
HWY_INLINE void StoreStep(const K& k, int64_t at, std::byte* out) {
  using T = typename K::value_type;
  if constexpr (std::is_same_v<T, bool>) {
    constexpr int S = K::lane;
    const auto masks = k.template mask<S>(at);
    LZ_EACH(E / static_cast<int>(kVectorBytes), {
      const MasksFrom<i * S, Masks<S, E>> part{masks};
      hn::StoreU(FromReg<uint8_t>(BoolBytes<Bits<S>, 0>(part)), Tag<uint8_t>(),
                 reinterpret_cast<uint8_t*>(out) + at + i * static_cast<int>(kVectorBytes));
    });
  } else {
    const auto g = k.get(at);
    T* to = reinterpret_cast<T*>(out) + at;
    LZ_EACH(g.n, hn::StoreU(g.v[i], Tag<T>(), to + i * kLanes<T>));
  }
}

/// Several expressions that are evaluated together, and where their values go.
template <int E, class... K>
struct Kernels;
template <int E>
struct Kernels<E> {
  HWY_INLINE Kernels(const std::byte* const*, const slot*, std::byte* const*) {}
  HWY_INLINE void store(int64_t) const {}
};
template <int E, class K, class... Rest>
struct Kernels<E, K, Rest...> {
  K k;
  std::byte* out;
  Kernels<E, Rest...> rest;
  HWY_INLINE Kernels(const std::byte* const* p, const slot* s, std::byte* const* to)
      : k(p, s), out(*to), rest(p, s, to + 1) {}
  HWY_INLINE void store(int64_t at) const {
    StoreStep<E>(k, at, out);
    rest.store(at);
  }
};

/// Writes n >= E elements to each of `out`. The last step may overlap the one before: what is written must not be read
/// again.
template <int E, class... K>
HWY_NOINLINE void MapLoop(const std::byte* const* p, const slot* numbers, std::byte* const* out, int64_t n) {
  const Kernels<E, K...> k(p, numbers, out);
  for (int64_t at = 0;;) {
    k.store(at);
    at += E;
    if (HWY_UNLIKELY(at > n - E)) {
      if (at >= n) break;
      at = n - E;
    }
  }
}

/// Merges groups of L elements, element i of each into lane i.
template <Op join, int from, class T, int L, int E>
HWY_INLINE void Merge(Group<T, L>& into, const Group<T, E>& g) {
  LZ_EACH((Group<T, E>::n), into.v[from + i] = VecOf<join>::apply(Tag<T>(), into.v[from + i], g.v[i]));
}
template <Op join, class K, int E, int L, bool is_long>
HWY_NOINLINE void ReduceLoop(const std::byte* const* p, const slot* numbers, std::byte* region, int64_t groups,
                             int64_t) {
  using T = typename K::value_type;
  static_assert(L % E == 0);
  constexpr int steps = L / E;
  const K k(p, numbers);
  T* const to = reinterpret_cast<T*>(region);
  if constexpr (Group<T, L>::n <= 8 && !is_long) {
    Group<T, L> sums;
    LZ_EACH(sums.n, sums.v[i] = hn::LoadU(Tag<T>(), to + i * kLanes<T>));
    for (int64_t at = 0; at < groups * L; at += L)
      LZ_EACH(steps, Merge<join, i * Group<T, E>::n>(sums, k.get(at + i * E)));
    LZ_EACH(sums.n, hn::StoreU(sums.v[i], Tag<T>(), to + i * kLanes<T>));
  } else {
    for (int64_t at = 0; at < groups * L; at += E) {
      T* const here = to + at % L;
      const auto g = k.get(at);
      LZ_EACH(g.n, hn::StoreU(VecOf<join>::apply(Tag<T>(), hn::LoadU(Tag<T>(), here + i * kLanes<T>), g.v[i]), Tag<T>(),
                              here + i * kLanes<T>));
    }
  }
}

/// Merges n elements, rounded up to whole steps, each into a lane of its own.
template <Op join, class K, int E>
HWY_NOINLINE void AccumulateLoop(const std::byte* const* p, const slot* numbers, std::byte* region, int64_t n,
                                 int64_t) {
  using T = typename K::value_type;
  const K k(p, numbers);
  T* const to = reinterpret_cast<T*>(region);
  for (int64_t at = 0; at < n; at += E) {
    const auto g = k.get(at);
    LZ_EACH(g.n, hn::StoreU(VecOf<join>::apply(Tag<T>(), hn::LoadU(Tag<T>(), to + at + i * kLanes<T>), g.v[i]),
                            Tag<T>(), to + at + i * kLanes<T>));
  }
}

/// Reductions of two parts: Rule::merge(x, number, first part, second part) for vectors of group or row `number`.
template <class Rule, class K, int E, int L>
HWY_NOINLINE void ReducePairsLoop(const std::byte* const* p, const slot* numbers, std::byte* region, int64_t groups,
                                  int64_t first) {
  using T = typename K::value_type;
  static_assert(L % E == 0);
  const K k(p, numbers);
  T* const to = reinterpret_cast<T*>(region);
  std::byte* const second = region + detail::inner_second;
  for (int64_t group = 0; group < groups; ++group) {
    const auto number = Rule::number(first + group);
    for (int64_t lane = 0; lane < L; lane += E) {
      const auto g = k.get(group * L + lane);
      LZ_EACH(g.n, Rule::merge(g.v[i], number, to + lane + i * kLanes<T>,
                               second + (lane + i * kLanes<T>)*static_cast<int64_t>(sizeof(T))));
    }
  }
}
template <class Rule, class K, int E>
HWY_NOINLINE void AccumulatePairsLoop(const std::byte* const* p, const slot* numbers, std::byte* region, int64_t n,
                                      int64_t row) {
  using T = typename K::value_type;
  const K k(p, numbers);
  T* const to = reinterpret_cast<T*>(region);
  std::byte* const second = region + detail::outer_second;
  const auto number = Rule::number(row);
  for (int64_t at = 0; at < n; at += E) {
    const auto g = k.get(at);
    LZ_EACH(g.n, Rule::merge(g.v[i], number, to + at + i * kLanes<T>,
                             second + (at + i * kLanes<T>)*static_cast<int64_t>(sizeof(T))));
  }
}

/// Means and squared distances, by the engine's update.
template <class T>
struct MomentsRule {
  static HWY_INLINE Vector<T> number(int64_t k) { return hn::Set(Tag<T>(), T(1) / static_cast<T>(k + 1)); }
  static HWY_INLINE void merge(Vector<T> x, Vector<T> reciprocal, T* mean_at, std::byte* m2_at) {
    auto mean = hn::LoadU(Tag<T>(), mean_at);
    auto m2 = LoadVector<T>(m2_at);
    MomentsBody<T, 1>::Update(x, reciprocal, mean, m2);
    hn::StoreU(mean, Tag<T>(), mean_at);
    StoreVector(m2, m2_at);
  }
};
/// The best values, and the number of the group that each is of.
template <class T, bool is_max>
struct ArgRule {
  using U = Unsigned<T>;
  static HWY_INLINE Vector<U> number(int64_t k) { return hn::Set(Tag<U>(), static_cast<U>(k)); }
  static HWY_INLINE void merge(Vector<T> x, Vector<U> number, T* best_at, std::byte* number_at) {
    const auto best = hn::LoadU(Tag<T>(), best_at);
    const auto better = ArgBody<T, 1, is_max>::Better(x, best);
    hn::StoreU(hn::IfThenElse(better, x, best), Tag<T>(), best_at);
    StoreVector(hn::IfThenElse(hn::RebindMask(Tag<U>(), better), number, LoadVector<U>(number_at)), number_at);
  }
};

/// The loop of nodes whose operands are numbered one after the other.
template <int E, int first, int number, class Done, class... Node>
struct LoopOf;
template <int E, int first, int number, class... K>
struct LoopOf<E, first, number, std::tuple<K...>> {
  static constexpr detail::map_loop loop = &MapLoop<E, K...>;
};
template <int E, int first, int number, class... K, class Node, class... Rest>
struct LoopOf<E, first, number, std::tuple<K...>, Node, Rest...>
    : LoopOf<E, first + Node::leaves, number + Node::numbers, std::tuple<K..., Kernel<Node, first, number, E>>,
             Rest...> {};

// What the rest of the library takes from here, by LAZULITE_CHOOSE.
template <class... Node>
inline constexpr detail::map_kernel kMapKernel{LoopOf<kElements<Node...>, 0, 0, std::tuple<>, Node...>::loop,
                                               kElements<Node...>};
/// Of a reduction of a node, which has Way's loop type.
template <class Way, class Node>
constexpr detail::reduction_loops ReductionLoops() {
  using K = Root<Node>;
  using T = typename Node::value_type;
  using Fold = typename Way::fold;
  constexpr int E = kElements<Node>, L = Fold::is_fixed ? 64 : static_cast<int>(detail::strip_bytes) / Node::wide;
  if constexpr (Fold::kind == detail::fold_kind::joined) {
    return {&MapLoop<E, K>, &AccumulateLoop<Way::join, K, E>, &ReduceLoop<Way::join, K, E, L, (Node::cost() > 0.4)>, L,
            E};
  } else {
    using Rule = std::conditional_t<Fold::kind == detail::fold_kind::moments, MomentsRule<T>,
                                    ArgRule<T, Way::join == Op::maximum>>;
    return {&MapLoop<E, K>, &AccumulatePairsLoop<Rule, K, E>, &ReducePairsLoop<Rule, K, E, L>, L, E};
  }
}
template <class Way, class Node>
inline constexpr detail::reduction_loops kReductionLoops = ReductionLoops<Way, Node>();

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

LAZULITE_END_TARGET

#endif  // LZ_VECTORS_INL
