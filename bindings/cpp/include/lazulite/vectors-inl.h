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

// How a vector x of elements is merged into lanes: Rule::merge(x, number, first part, second part, blend), where
// `number` is made of the number of the group or row that they are of, and blend(now, before) is what the lanes are to
// hold.

struct AllLanes {
  template <class V>
  HWY_INLINE V operator()(V now, V) const {
    return now;
  }
};
template <class T>
struct SomeLanes {
  hn::Mask<Tag<T>> m;
  template <class V>
  HWY_INLINE V operator()(V now, V before) const {
    return hn::IfThenElse(hn::RebindMask(Tag<hn::TFromV<V>>(), m), now, before);
  }
};

template <Op join, class T>
struct JoinRule {
  static HWY_INLINE int Number(int64_t) { return 0; }
  template <class B>
  static HWY_INLINE void merge(Vector<T> x, int, T* at, std::byte*, const B& blend) {
    const auto before = hn::LoadU(Tag<T>(), at);
    hn::StoreU(blend(VecOf<join>::apply(Tag<T>(), before, x), before), Tag<T>(), at);
  }
};
/// Means and squared distances, by the engine's update.
template <class T>
struct MomentsRule {
  static HWY_INLINE Vector<T> Number(int64_t k) { return hn::Set(Tag<T>(), T(1) / static_cast<T>(k + 1)); }
  template <class B>
  static HWY_INLINE void merge(Vector<T> x, Vector<T> reciprocal, T* mean_at, std::byte* m2_at, const B& blend) {
    const auto mean = hn::LoadU(Tag<T>(), mean_at), m2 = LoadVector<T>(m2_at);
    auto new_mean = mean, new_m2 = m2;
    MomentsBody<T, 1>::Update(x, reciprocal, new_mean, new_m2);
    hn::StoreU(blend(new_mean, mean), Tag<T>(), mean_at);
    StoreVector(blend(new_m2, m2), m2_at);
  }
};
/// The best values, and the number of the group that each is of.
template <class T, bool is_max>
struct ArgRule {
  using U = Unsigned<T>;
  static HWY_INLINE Vector<U> Number(int64_t k) { return hn::Set(Tag<U>(), static_cast<U>(k)); }
  template <class B>
  static HWY_INLINE void merge(Vector<T> x, Vector<U> number, T* best_at, std::byte* number_at, const B& blend) {
    const auto best = hn::LoadU(Tag<T>(), best_at);
    const auto of_best = LoadVector<U>(number_at);
    const auto better = ArgBody<T, 1, is_max>::Better(x, best);
    hn::StoreU(blend(hn::IfThenElse(better, x, best), best), Tag<T>(), best_at);
    StoreVector(blend(hn::IfThenElse(hn::RebindMask(Tag<U>(), better), number, of_best), of_best), number_at);
  }
};
template <class Way, class T>
using RuleOf = std::conditional_t<Way::fold::kind == detail::fold_kind::joined, JoinRule<Way::join, T>,
                                  std::conditional_t<Way::fold::kind == detail::fold_kind::moments, MomentsRule<T>,
                                                     ArgRule<T, Way::join == Op::maximum>>>;

/// A group into lanes in memory, the second part of which begins `second` bytes after the first.
template <class Rule, class T, int E, class N>
HWY_INLINE void MergeGroup(const Group<T, E>& g, const N& number, T* to, int64_t second) {
  LZ_EACH((Group<T, E>::n), {
    T* const at = to + i * kLanes<T>;
    Rule::merge(g.v[i], number, at, reinterpret_cast<std::byte*>(at) + second, AllLanes());
  });
}
/// A group into lanes in registers.
template <Op join, int from, class T, int L, int E>
HWY_INLINE void Join(Group<T, L>& into, const Group<T, E>& g) {
  LZ_EACH((Group<T, E>::n), into.v[from + i] = VecOf<join>::apply(Tag<T>(), into.v[from + i], g.v[i]));
}

/// Merges n elements, element i into lane i mod L; they are of groups number `first` and on of the block. (Of less than
/// a step, a whole one is read.)
template <class Rule, Op join, class K, int E, int L, bool in_registers>
HWY_NOINLINE void ReduceLoop(const std::byte* const* p, const slot* numbers, std::byte* region, int64_t n,
                             int64_t first) {
  using T = typename K::value_type;
  static_assert(L % E == 0);
  constexpr int steps = L / E;
  const Tag<T> d;
  const K k(p, numbers);
  T* const to = reinterpret_cast<T*>(region);
  const int64_t groups = n / L;
  if constexpr (in_registers && Group<T, L>::n <= 8) {
    if (groups > 0) {
      Group<T, L> sums;
      LZ_EACH(sums.n, sums.v[i] = hn::LoadU(d, to + i * kLanes<T>));
      for (int64_t at = 0; at < groups * L; at += L)
        LZ_EACH(steps, Join<join, i * Group<T, E>::n>(sums, k.get(at + i * E)));
      LZ_EACH(sums.n, hn::StoreU(sums.v[i], d, to + i * kLanes<T>));
    }
  } else {
    for (int64_t group = 0; group < groups; ++group) {
      const auto number = Rule::Number(first + group);
      for (int64_t lane = 0; lane < L; lane += E)
        MergeGroup<Rule>(k.get(group * L + lane), number, to + lane, detail::inner_second);
    }
  }
  // Less than a group: every step through memory, so that the last one may begin before its first element.
  const auto number = Rule::Number(first + groups);
  for (int64_t at = groups * L; at < n; at += E) {
    const int64_t from = at + E <= n || n < E ? at : n - E;
    alignas(64) T values[2 * E];
    const auto g = k.get(from);
    LZ_EACH(g.n, hn::Store(g.v[i], d, values + i * kLanes<T>));
    for (int64_t j = 0; j < E && at + j < n; j += kLanes<T>) {
      T* const lane = to + at % L + j;
      // (Of narrow types, FirstN counts no further than a vector.)
      const int64_t left = n - at - j < kLanes<T> ? n - at - j : int64_t{kLanes<T>};
      Rule::merge(hn::LoadU(d, values + (at - from) + j), number, lane,
                  reinterpret_cast<std::byte*>(lane) + detail::inner_second,
                  SomeLanes<T>{hn::FirstN(d, static_cast<size_t>(left))});
    }
  }
}

/// Lanes of nothing.
template <class Joins, class T, int L>
HWY_NOINLINE void StartLanes(std::byte* region) {
  const auto nothing = hn::Set(Tag<T>(), Joins::identity());
  for (int lane = 0; lane < L; lane += kLanes<T>) hn::Store(nothing, Tag<T>(), reinterpret_cast<T*>(region) + lane);
}
/// As Joins::join, which keeps the first of equal extremes.
template <Op join, class T>
HWY_INLINE Vector<T> JoinFirst(Vector<T> a, Vector<T> b) {
  if constexpr (hwy::IsFloat<T>() && (join == Op::minimum || join == Op::maximum)) {
    const auto first = join == Op::minimum ? a <= b : a >= b;
    return hn::IfThenElse(hn::Or(hn::IsNaN(a), first), a, b);
  } else {
    return VecOf<join>::apply(Tag<T>(), a, b);
  }
}
template <Op join, class T, int n>
HWY_INLINE Vector<T> FoldVectors(const Vector<T>* v) {
  if constexpr (n == 1) {
    return *v;
  } else {
    Vector<T> w[n / 2];
    LZ_EACH(n / 2, w[i] = JoinFirst<join, T>(v[i], v[i + n / 2]));
    return FoldVectors<join, T, n / 2>(w);
  }
}
/// What all lanes hold together, in the tree of core/dispatch/joins.h; lanes of nothing change nothing.
template <Op join, class Joins, class T, int L>
HWY_NOINLINE void FoldLanes(std::byte* region, std::byte* result) {
  const Tag<T> d;
  T* const p = reinterpret_cast<T*>(region);
  constexpr int most = 8 * kLanes<T>, in_registers = L < most ? L : most;
  for (int half = L / 2; half >= most; half /= 2)
    for (int k = 0; k < half; k += kLanes<T>)
      hn::Store(JoinFirst<join, T>(hn::Load(d, p + k), hn::Load(d, p + k + half)), d, p + k);
  Vector<T> v[in_registers / kLanes<T>];
  LZ_EACH(in_registers / kLanes<T>, v[i] = hn::Load(d, p + i * kLanes<T>));
  alignas(64) T last[kLanes<T>];
  hn::Store(FoldVectors<join, T, in_registers / kLanes<T>>(v), d, last);
  const T value = detail::fold_fixed<Joins, kLanes<T>>(last);
  __builtin_memcpy(result, &value, sizeof value);
}

/// Merges n elements of row number `row`, rounded up to whole steps, each into a lane of its own.
template <class Rule, class K, int E>
HWY_NOINLINE void AccumulateLoop(const std::byte* const* p, const slot* numbers, std::byte* region, int64_t n,
                                 int64_t row) {
  using T = typename K::value_type;
  const K k(p, numbers);
  T* const to = reinterpret_cast<T*>(region);
  const auto number = Rule::Number(row);
  for (int64_t at = 0; at < n; at += E) MergeGroup<Rule>(k.get(at), number, to + at, detail::outer_second);
}

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
  using Rule = RuleOf<Way, T>;
  constexpr bool in_registers = Fold::kind == detail::fold_kind::joined && Node::cost() <= 0.4;
  detail::reduction_loops loops{&AccumulateLoop<Rule, K, E>, &ReduceLoop<Rule, Way::join, K, E, L, in_registers>, L, E};
  if constexpr (Fold::kind == detail::fold_kind::joined) {
    loops.start = &StartLanes<typename Fold::joins, T, L>;
    loops.fold = &FoldLanes<Way::join, typename Fold::joins, T, L>;
  }
  return loops;
}
template <class Way, class Node>
inline constexpr detail::reduction_loops kReductionLoops = ReductionLoops<Way, Node>();

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

LAZULITE_END_TARGET

#endif  // LZ_VECTORS_INL
