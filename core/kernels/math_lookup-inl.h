// Tables of eight values, looked up lane by lane in registers; tables of pairs in memory.
#if defined(LZ_MATH_LOOKUP_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATH_LOOKUP_INL
#undef LZ_MATH_LOOKUP_INL
#else
#define LZ_MATH_LOOKUP_INL
#endif

#include <cstddef>

#include "core/kernels/math_common-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

/// Rows of eight, each twice for vectors of sixteen lanes.
template <class T, size_t n>
struct RowsOfEight {
  alignas(64) T at[n][sizeof(T) == 8 ? 8 : 16];
};
template <class T, size_t n>
constexpr RowsOfEight<T, n> MakeRowsOfEight(const T (&rows)[n][8]) {
  RowsOfEight<T, n> r = {};
  for (size_t i = 0; i < n; ++i) {
    for (size_t k = 0; k < sizeof(r.at[i]) / sizeof(T); ++k) r.at[i][k] = rows[i][k % 8];
  }
  return r;
}

/// Looks up one of eight values for each lane.
template <class D>
class LookupEight {
  using T = hn::TFromD<D>;
  using DU = hn::Rebind<BitsOf<T>, D>;
  using V = hn::Vec<D>;
  static constexpr size_t kN = hn::MaxLanes(D());
  // vpermpd takes the low three bits itself.
  static constexpr bool kOneInstruction = sizeof(V) == 64 && sizeof(T) == 8 && HWY_TARGET <= HWY_AVX3 && HWY_ARCH_X86;

 public:
  /// `index`: the number of the value in the low three bits; the others do not matter.
  HWY_INLINE LookupEight(D d, hn::Vec<DU> index) {
    const DU du;
    if constexpr (kOneInstruction) {
      index_ = index;
    } else if constexpr (kN >= 8) {
      index_ = hn::And(index, hn::Set(du, 7));
    } else if constexpr (kN == 4) {
      index_ = hn::And(index, hn::Set(du, 3));
      upper_ = hn::BitCast(d, hn::ShiftLeft<8 * sizeof(T) - 3>(index));
    } else {
      index_ = hn::And(index, hn::Set(du, 7));
    }
  }

  HWY_INLINE V operator()(D d, const T* row) const {
#if HWY_TARGET <= HWY_AVX3 && HWY_ARCH_X86
    if constexpr (kOneInstruction) return V{_mm512_permutexvar_pd(index_.raw, hn::Load(d, row).raw)};
#endif
    if constexpr (kN >= 8) {
      return hn::TableLookupLanes(hn::Load(d, row), hn::IndicesFromVec(d, index_));
    } else if constexpr (kN == 4) {
      const auto index = hn::IndicesFromVec(d, index_);
      return hn::IfNegativeThenElse(upper_, hn::TableLookupLanes(hn::Load(d, row + 4), index),
                                    hn::TableLookupLanes(hn::Load(d, row), index));
    } else if constexpr (kN == 2) {
      return hn::InterleaveLower(d, hn::Set(d, row[hn::GetLane(index_)]), hn::Set(d, row[hn::ExtractLane(index_, 1)]));
    } else {
      return hn::Set(d, row[hn::GetLane(index_)]);
    }
  }

 private:
  hn::Vec<DU> index_;
  V upper_;  // negative where the index is 4 or more (four lanes only)
};

template <class V>
struct TwoVectors {
  V first, second;
};

/// An odd function by a polynomial for each region of |x| = y, with the sign of x. Rows: the region's centre, the value
/// there, and the coefficients of (f(centre + h) - that) / h in h; in the first region of f(y) / y - 1 in y^2.
template <class D, class V, size_t n>
HWY_INLINE V OddByRegions(D d, V x, V y, hn::Mask<D> in_first, const LookupEight<D>& look,
                          const RowsOfEight<hn::TFromD<D>, n>& rows) {
  const V h = hn::Sub(y, look(d, rows.at[0]));
  const V u = hn::IfThenElse(in_first, hn::Mul(h, h), h);
  V p = look(d, rows.at[n - 1]);
#pragma GCC unroll 32
  for (size_t k = n - 2; k >= 2; --k) p = hn::MulAdd(p, u, look(d, rows.at[k]));
  const V base = hn::IfThenElse(in_first, h, look(d, rows.at[1]));
  return hn::CopySign(hn::MulAdd(h, p, base), x);
}

/// rows[index] for each lane. Two gathers where a vector has eight lanes, else the rows themselves, transposed.
template <class D>
HWY_INLINE TwoVectors<hn::Vec<D>> LookupPair(D d, const double (*rows)[2], hn::Vec<hn::Rebind<uint64_t, D>> index) {
  constexpr size_t kN = hn::MaxLanes(D());
  if constexpr (kN == 1) {
    const double* row = rows[hn::GetLane(index)];
    return {hn::Set(d, row[0]), hn::Set(d, row[1])};
  } else if constexpr (kN == 2) {
    const auto a = hn::LoadU(d, rows[hn::GetLane(index)]), b = hn::LoadU(d, rows[hn::ExtractLane(index, 1)]);
    return {hn::InterleaveLower(d, a, b), hn::InterleaveUpper(d, a, b)};
  } else if constexpr (kN == 4) {
    const hn::Half<D> dh;
    const hn::Half<hn::Rebind<uint64_t, D>> duh;
    const auto lo = hn::LowerHalf(duh, index), hi = hn::UpperHalf(duh, index);
    const auto row = [&](uint64_t i) HWY_ATTR { return hn::LoadU(dh, rows[i]); };
    const auto a = hn::Combine(d, row(hn::GetLane(hi)), row(hn::GetLane(lo)));
    const auto b = hn::Combine(d, row(hn::ExtractLane(hi, 1)), row(hn::ExtractLane(lo, 1)));
    return {hn::InterleaveLower(d, a, b), hn::InterleaveUpper(d, a, b)};
  } else {
    const auto at = hn::Add(index, index);
#if HWY_TARGET <= HWY_AVX3 && HWY_ARCH_X86
    // Into zeroed registers: the instruction waits for what it might keep of the old ones. A compiler that knew that
    // the mask keeps nothing would think zeros needless.
    const auto gather = [&](const double* p) HWY_ATTR {
      __mmask8 all = 0xFF;
      asm("" : "+k"(all));
      return hn::Vec<D>{_mm512_mask_i64gather_pd(_mm512_setzero_pd(), all, at.raw, p, 8)};
    };
#else
    const auto gather = [&](const double* p)
                            HWY_ATTR { return hn::GatherIndex(d, p, hn::BitCast(hn::Rebind<int64_t, D>(), at)); };
#endif
    return {gather(rows[0]), gather(rows[0] + 1)};
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATH_LOOKUP_INL
