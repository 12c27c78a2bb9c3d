// Batches of draws of laws that reject or search: eight vectors whose lanes do not wait for one another.
//
// A law that rejects is tried once in every lane, without a branch; the lanes that are still open are then collected
// into dense vectors, tried exactly, and collected again. So a draw costs what it costs by itself, not what the worst
// lane of its vector does. Nothing of this shows in the values: try number k of an element is a function of its word,
// its parameters and k.
#if defined(LZ_BATCH_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_BATCH_INL
#undef LZ_BATCH_INL
#else
#define LZ_BATCH_INL
#endif

#include "core/kernels/samples-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

using I64 = Vector<int64_t>;

inline constexpr int kBatch = 8 * kLanes<double>;

/// The draws of a batch, and room for the lanes by which a dense vector is padded.
struct Draws {
  HWY_ALIGN double at[kBatch + kLanes<double>];
  HWY_INLINE F64 operator[](int i) const { return hn::Load(Tag<double>(), at + i * kLanes<double>); }
  HWY_INLINE void Set(int i, F64 x) { hn::Store(x, Tag<double>(), at + i * kLanes<double>); }
  HWY_INLINE void SetAll(F64 x) {
    for (int i = 0; i < 8; ++i) Set(i, x);
  }
};

template <class T>
HWY_INLINE Vector<T> GatherLanes(const std::byte* p, I64 lanes) {
  return hn::GatherIndex(Tag<T>(), reinterpret_cast<const T*>(p), lanes);
}

/// The words of a batch, and its parameters: in memory, eight vectors of them or one number.
template <bool a_is_number, bool b_is_number>
struct Operands {
  const std::byte *w, *a, *b;

  HWY_INLINE U64 Words(int i) const { return LoadVector<uint64_t>(w, i); }
  HWY_INLINE F64 A(int i) const { return a_is_number ? Broadcast<double>(a) : LoadVector<double>(a, i); }
  HWY_INLINE F64 B(int i) const { return b_is_number ? Broadcast<double>(b) : LoadVector<double>(b, i); }
};

/// A law for vector i of a batch, or for a vector of lanes of it. Of numbers, it is prepared once.
template <class Law, bool a_is_number, bool b_is_number>
class LawsOf {
 public:
  explicit HWY_INLINE LawsOf(const Operands<a_is_number, b_is_number>& of) : of_(of) {}
  HWY_INLINE Law At(int i) const { return Law(of_.A(i), of_.B(i)); }
  HWY_INLINE Law Of(I64 lanes) const {
    return Law(a_is_number ? of_.A(0) : GatherLanes<double>(of_.a, lanes),
               b_is_number ? of_.B(0) : GatherLanes<double>(of_.b, lanes));
  }

 private:
  const Operands<a_is_number, b_is_number>& of_;
};
template <class Law>
class LawsOf<Law, true, true> {
 public:
  explicit HWY_INLINE LawsOf(const Operands<true, true>& of) : law_(of.A(0), of.B(0)) {}
  HWY_INLINE const Law& At(int) const { return law_; }
  HWY_INLINE const Law& Of(I64) const { return law_; }

 private:
  Law law_;
};

/// Does the law serve any lane of the batch?
template <class Law, bool a_is_number, bool b_is_number>
HWY_INLINE bool ServesAny(const Operands<a_is_number, b_is_number>& of) {
  Mask64 any = Law::Serves(of.A(0), of.B(0));
  if (!(a_is_number && b_is_number))
    for (int i = 1; i < 8; ++i) any = hn::Or(any, Law::Serves(of.A(i), of.B(i)));
  return Any(any);
}

/// Which of `count` lanes each lane of a vector tries, and how many tries before its own the others make: all of the
/// lanes, again and again.
template <int n>
struct TriesInTurn {
  HWY_ALIGN int64_t place[n][n], number[n][n];  // [count]
};
template <int n>
constexpr TriesInTurn<n> MakeTriesInTurn() {
  TriesInTurn<n> t = {};
  for (int count = 1; count < n; ++count) {
    for (int i = 0; i < n; ++i) {
      t.place[count][i] = i % count;
      t.number[count][i] = i / count;
    }
  }
  return t;
}
inline constexpr TriesInTurn<kLanes<double>> kTriesInTurn = MakeTriesInTurn<kLanes<double>>();

/// Draws of a law that rejects, for the lanes that it serves; the others keep theirs.
///
/// A law has Prepare(first, second), which may replace the first pairs of the words' substreams for kPurpose; First(w,
/// first, second, accept), its try number 0 made of them, which may leave open what it would have to look at closely;
/// and Try(w, k, accept), each lane's exact try number k.
template <class Law, bool a_is_number, bool b_is_number>
HWY_INLINE void DrawByRejection(const Operands<a_is_number, b_is_number>& of, Draws& draws) {
  const Tag<double> d;
  const Tag<int64_t> di;
  const Tag<uint64_t> du;
  constexpr size_t kN = kLanes<double>;
  const LawsOf<Law, a_is_number, b_is_number> laws(of);
  HWY_ALIGN int64_t open[kBatch + 2 * kN];
  size_t count = 0;
  // Cipher and law in loops of their own: in one, they make a chain that is longer than the processor's window.
  HWY_ALIGN uint64_t first[kBatch], second[kBatch];
  for (int i = 0; i < 8; ++i) {
    U64 a, b;
    Substream(of.Words(i), Law::kPurpose).Next(a, b);
    hn::Store(a, Tag<uint64_t>(), first + i * kN);
    hn::Store(b, Tag<uint64_t>(), second + i * kN);
  }
  Law::Prepare(first, second);
  I64 lanes_of_vector = hn::Iota(di, 0);
  for (int i = 0; i < 8; ++i) {
    const Mask64 serves = Law::Serves(of.A(i), of.B(i));
    Mask64 accept;
    const F64 x = laws.At(i).First(of.Words(i), hn::Load(du, first + i * kN), hn::Load(du, second + i * kN), accept);
    draws.Set(i, hn::IfThenElse(serves, x, draws[i]));
    count += hn::CompressStore(lanes_of_vector, hn::RebindMask(di, hn::AndNot(accept, serves)), di, open + count);
    lanes_of_vector = hn::Add(lanes_of_vector, hn::Set(di, kN));
  }
  uint64_t number = 0;
  for (; count >= kN; ++number) {
    size_t left = 0;
    for (size_t at = 0; at < count; at += kN) {
      const auto inside = hn::FirstN(di, count - at);
      const I64 lanes = hn::IfThenElseZero(inside, hn::LoadU(di, open + at));
      Mask64 accept;
      const F64 x = laws.Of(lanes).Try(GatherLanes<uint64_t>(of.w, lanes), hn::Set(du, number), accept);
      hn::ScatterIndex(x, d, draws.at, hn::IfThenElse(inside, lanes, hn::Set(di, kBatch)));
      left += hn::CompressStore(lanes, hn::AndNot(hn::RebindMask(di, accept), inside), di, open + left);
    }
    count = left;
  }
  // Few lanes fill a vector with several tries each, of which the first that is accepted counts.
  while (count > 0) {
    const I64 lanes = hn::GatherIndex(di, open, hn::Load(di, kTriesInTurn.place[count]));
    const U64 numbers = hn::Add(hn::Set(du, number), hn::BitCast(du, hn::Load(di, kTriesInTurn.number[count])));
    Mask64 accept;
    HWY_ALIGN double tried[kN];
    hn::Store(laws.Of(lanes).Try(GatherLanes<uint64_t>(of.w, lanes), numbers, accept), d, tried);
    uint8_t bits[8] = {};
    hn::StoreMaskBits(d, accept, bits);
    size_t left = 0;
    for (size_t k = 0; k < count; ++k) {
      size_t i = k;
      while (i < kN && (bits[0] >> i & 1) == 0) i += count;
      if (i < kN)
        draws.at[open[k]] = tried[i];
      else
        open[left++] = open[k];
    }
    number += kN / count;
    count = left;
  }
}

/// Draws of a discrete law by search, for the lanes that it serves: the least k whose distribution function, summed up
/// from P(0), is at least u. A law has first, P(0), Ratio(k), which is P(k + 1) / P(k), and Result(k). kMost ends the
/// search where rounding leaves a rest: beyond, the probability is below 2^-64.
template <class Law, bool a_is_number, bool b_is_number>
HWY_INLINE void DrawBySearch(const Operands<a_is_number, b_is_number>& of, Draws& draws) {
  const Tag<double> d;
  const LawsOf<Law, a_is_number, b_is_number> laws(of);
  if constexpr (a_is_number && b_is_number) {
    // One sum for all lanes.
    const Law& law = laws.At(0);
    F64 u[8], k[8], largest = hn::Zero(d);
    for (int i = 0; i < 8; ++i) {
      u[i] = Unit(of.Words(i));
      k[i] = hn::Zero(d);
      largest = hn::Max(largest, u[i]);
    }
    const double end = hn::GetLane(hn::MaxOfLanes(d, largest));
    F64 p = law.first, sum = p;
    for (int n = 0; n < Law::kMost && hn::GetLane(sum) < end; ++n) {
      const F64 next = Set64(n + 1);
#pragma GCC unroll 8
      for (int i = 0; i < 8; ++i) k[i] = hn::IfThenElse(u[i] > sum, next, k[i]);
      p = hn::Mul(p, law.Ratio(n));
      sum = hn::Add(sum, p);
    }
    for (int i = 0; i < 8; ++i) draws.Set(i, law.Result(k[i]));
  } else {
    constexpr int kTogether = 2;  // chains that hide each other's latency
    for (int at = 0; at < 8; at += kTogether) {
      const Law law[kTogether] = {laws.At(at), laws.At(at + 1)};
      F64 u[kTogether], k[kTogether], p[kTogether], sum[kTogether];
      for (int i = 0; i < kTogether; ++i) {
        u[i] = hn::IfThenElseZero(Law::Serves(of.A(at + i), of.B(at + i)), Unit(of.Words(at + i)));
        k[i] = hn::Zero(d);
        p[i] = sum[i] = law[i].first;
      }
      for (int n = 0; n < Law::kMost; ++n) {
        const F64 next = Set64(n + 1);
        Mask64 any = u[0] > sum[0];
        k[0] = hn::IfThenElse(any, next, k[0]);
#pragma GCC unroll 8
        for (int i = 1; i < kTogether; ++i) {
          const Mask64 more = u[i] > sum[i];
          k[i] = hn::IfThenElse(more, next, k[i]);
          any = hn::Or(any, more);
        }
        if (!Any(any)) break;
#pragma GCC unroll 8
        for (int i = 0; i < kTogether; ++i) {
          p[i] = hn::Mul(p[i], law[i].Ratio(n));
          sum[i] = hn::Add(sum[i], p[i]);
        }
      }
      for (int i = 0; i < kTogether; ++i) {
        const Mask64 serves = Law::Serves(of.A(at + i), of.B(at + i));
        draws.Set(at + i, hn::IfThenElse(serves, law[i].Result(k[i]), draws[at + i]));
      }
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_BATCH_INL
