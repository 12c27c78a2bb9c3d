// NumPy's dtype names and promotion table.
#include "core/graph/dtype.h"

#include <algorithm>

namespace lazulite {

std::string_view name(DType t) {
  static constexpr std::string_view kNames[] = {"bool",   "int8",  "uint8",  "int16",   "uint16", "int32",
                                                "uint32", "int64", "uint64", "float32", "float64"};
  return kNames[static_cast<int>(t)];
}

DType promote(DType a, DType b) {
  if (a == b) return a;
  if (a > b) std::swap(a, b);  // a is the "smaller" kind: bool < integers by size < float32 < float64
  if (a == DType::bool_) return b;
  if (is_float(b)) {
    if (is_float(a) || log2_size(a) >= 2) return DType::float64;  // float32 holds 16-bit integers exactly, not 32-bit
    return b;
  }
  const bool sa = kind(a) == DKind::signed_, sb = kind(b) == DKind::signed_;
  if (sa == sb) return b;
  // Mixed signedness: the next larger signed type that holds both; beyond 64 bits NumPy goes to float64.
  const DType u = sa ? b : a, s = sa ? a : b;
  if (log2_size(s) > log2_size(u)) return s;
  constexpr DType kNextSigned[] = {DType::int16, DType::int32, DType::int64, DType::float64};
  return kNextSigned[log2_size(u)];
}

bool same_kind(DType from, DType to) {
  if (promote(from, to) == to) return true;  // safe
  const DKind f = kind(from), t = kind(to);
  if (f == DKind::signed_ && t == DKind::unsigned_) return false;
  return f == t || (f == DKind::unsigned_ && t == DKind::signed_) || f == DKind::boolean ||
         (t == DKind::floating && f != DKind::boolean);
}

}  // namespace lazulite
